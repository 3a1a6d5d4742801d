"""The demo news site: three media in one process, told apart by the host in the address."""

import html
import os
from importlib.resources import files
from string import Template

from flask import Flask, render_template, request

from server.demo.media import MEDIA, SLUG, Media
from server.settings import Listening, Settings

QUESTION = "Comment réinventer le travail grâce aux nouvelles technologies\u202f?"


def create_demo(service: str, site: str, central: str | None = None) -> Flask:
    """Return the site. `service` is Isoloir's address; `site` its own, with `{media}` in it."""
    app = Flask(__name__)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    by_name = {media.name: media for media in MEDIA}
    links = [(media, site.format(media=media.name)) for media in MEDIA]

    @app.get("/")
    def page() -> str:
        media = by_name.get(request.host.partition(".")[0])
        if media is None:
            return render_template("index.html", links=links, central=central)
        booth = snippet(media, service)
        return render_template(
            f"{media.name}.html", media=media, booth=booth, links=links, central=central
        )

    return app


def snippet(media: Media, service: str) -> str:
    """Return what an editor pastes: the very files that the documentation shows."""
    text = (files("embed") / "snippets" / f"{media.snippet}.html").read_text(encoding="utf-8")
    values = {"service": service, "consultation": SLUG, "source": media.name, "title": QUESTION}
    return Template(text).substitute({name: html.escape(value) for name, value in values.items()})


def create_from_environment() -> Flask:
    """Return the site as the supervisor serves it."""
    settings = Settings.load(os.environ)
    central = f"http://localhost:{Listening.load(os.environ).receiver_port}"
    return create_demo(settings.public_url, settings.demo_url or "", central)
