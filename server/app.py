"""The wiring of the web process, readable from top to bottom."""

from importlib.resources import files

from flask import Flask
from jinja2 import FileSystemLoader
from werkzeug.middleware.proxy_fix import ProxyFix

from server.settings import Settings
from server.web import (
    ballots,
    bodies,
    consultations,
    credential_desk,
    forms,
    frames,
    health,
    me,
    minutes,
    oembed,
    openapi,
    problems,
    sandbox,
    service,
    static_files,
)
from server.web.lean import Lean

MAX_BODY = 16 * 1024  # bytes; the longest honest request has under 2 000


def create_app(settings: Settings | None = None) -> Flask:
    """Return the service. Raises `SettingsError` or `StoreUnfit` rather than start unsafe."""
    app = Lean(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.jinja_loader = FileSystemLoader(str(files("widget").joinpath("templates")))
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # accents as they are: fewer bytes
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    service.init_app(app, settings or Settings.load())
    problems.init_app(app)
    app.before_request(bodies.demand_length)
    sandbox.init_app(app)
    for part in (ballots, consultations, credential_desk, forms, frames, health, me, minutes):
        app.register_blueprint(part.blueprint)
    for part in (oembed, openapi, static_files):
        app.register_blueprint(part.blueprint)

    if settings_in_use := app.extensions[service.NAME].settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings_in_use, x_proto=settings_in_use)  # type: ignore[method-assign]
    return app
