"""The wiring of the web process, readable from top to bottom."""

import logging
import sys
import time
from importlib.resources import files
from urllib.parse import urlsplit

from flask import Flask
from jinja2 import FileSystemLoader
from werkzeug.middleware.proxy_fix import ProxyFix

from server.settings import Settings
from server.staff import (
    access,
    act_pages,
    action_api,
    action_pages,
    answer_pages,
    api,
    batch_pages,
    change_pages,
    consultation_api,
    consultation_pages,
    endorsement_pages,
    followup_api,
    member_pages,
    moderation_api,
    moderation_pages,
    new_pages,
    overview,
    published_pages,
    results_pages,
    second_pages,
    selection_pages,
    signing_in,
    token_pages,
    workshop_pages,
)
from server.staff import charter as staff_charter
from server.staff import dossier_pages as staff_dossiers
from server.store.connection import StoreUnfit
from server.web import (
    ballots,
    bodies,
    calendars,
    charter,
    consultations,
    crawlers,
    credential_desk,
    decision_page,
    dossier_pages,
    feeds,
    forms,
    frames,
    health,
    home,
    home_feeds,
    logo_pictures,
    me,
    menu,
    minutes,
    oembed,
    open_data,
    openapi,
    outcomes,
    problems,
    proposals,
    propose_form,
    report_page,
    results_page,
    results_pictures,
    sandbox,
    service,
    static_files,
    styleguide,
    verifying,
)
from server.web.lean import Lean

log = logging.getLogger(__name__)

PAUSE = 1.0  # seconds until another worker is born in the place of one that could not work
MAX_BODY = 16 * 1024  # bytes; the longest honest request has under 2 000


def create_app(settings: Settings | None = None) -> Flask:
    """Return the service. Raises `SettingsError` or `StoreUnfit` rather than start unsafe."""
    app = Lean(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.jinja_loader = FileSystemLoader(str(files("widget").joinpath("templates")))
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # accents as they are: fewer bytes
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    service.init_app(app, settings or Settings.load())
    app.address = urlsplit(app.extensions[service.NAME].settings.public_url)
    problems.init_app(app)
    app.before_request(bodies.demand_length)
    sandbox.init_app(app)
    for part in (ballots, consultations, credential_desk, health, me, minutes, openapi, outcomes):
        app.register_blueprint(part.blueprint)
    for part in (forms, frames, menu, oembed, proposals, propose_form, static_files):
        app.register_blueprint(part.blueprint)
    for part in (calendars, crawlers, feeds, home, home_feeds, logo_pictures):
        app.register_blueprint(part.blueprint)
    for part in (overview, member_pages, token_pages, act_pages, api, signing_in):
        app.register_blueprint(part.blueprint)
    for part in (moderation_pages, published_pages, batch_pages, second_pages, moderation_api):
        app.register_blueprint(part.blueprint)
    for part in (
        action_api,
        action_pages,
        change_pages,
        consultation_api,
        consultation_pages,
        new_pages,
        results_pages,
    ):
        app.register_blueprint(part.blueprint)
    for part in (selection_pages, workshop_pages, endorsement_pages, answer_pages, followup_api):
        app.register_blueprint(part.blueprint)
    for part in (
        charter,
        decision_page,
        dossier_pages,
        open_data,
        report_page,
        results_page,
        results_pictures,
        staff_charter,
        verifying,
    ):
        app.register_blueprint(part.blueprint)
    for blueprint in (staff_dossiers.blueprint, staff_dossiers.previews):
        app.register_blueprint(blueprint)
    if app.extensions[service.NAME].settings.styleguide:
        app.register_blueprint(styleguide.blueprint)
    access.demand_declared(app)

    if settings_in_use := app.extensions[service.NAME].settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings_in_use, x_proto=settings_in_use)  # type: ignore[method-assign]
    return app


def create_worker() -> Flask:
    """Return the service for one worker of gunicorn, or end the worker.

    By itself a worker that cannot begin ends gunicorn. Its start was checked already, so the store
    has gone since: the other workers go on without it, and the next one born may find it again.
    """
    try:
        return create_app()
    except StoreUnfit as error:
        log.warning("A worker cannot begin: %s", error)
        time.sleep(PAUSE)
        sys.exit(1)
