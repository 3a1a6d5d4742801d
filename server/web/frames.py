"""Frames: the booth inside an article, and its full page. Cacheable, without any reader's data."""

import gzip
import time
from http import HTTPStatus

from flask import Blueprint, Response, current_app, request

from server.consultations.errors import Refusal
from server.web import headers, pages, screens
from server.web.pages import Look

blueprint = Blueprint("frames", __name__)

KEPT = 2.0  # seconds a rendered first screen is served again; its ticket lives half an hour
KEPT_AT_MOST = 256  # rendered screens per process
KEPT_NAME = "isoloir-kept-frames"


@blueprint.get("/e/<slug>")
def frame(slug: str) -> Response:
    return kept().get(slug, pages.look(request.args))


@blueprint.get("/c/<slug>")
def full_page(slug: str) -> Response:
    return kept().get(slug, pages.look(request.args, standalone=True))


class Kept:
    """First screens as they were rendered a moment ago: a million page views ask for the same."""

    def __init__(self) -> None:
        self._screens: dict[tuple[str, Look], tuple[float, Response, bytes]] = {}

    def get(self, slug: str, how: Look) -> Response:
        known = self._screens.get((slug, how))
        now = time.monotonic()
        if not known or now - known[0] >= KEPT:
            fresh = _first_screen(slug, how)
            known = now, fresh, gzip.compress(fresh.get_data(), 6)
            if fresh.status_code == HTTPStatus.OK:
                self._keep(slug, how, known)
        return _packed(known[1], known[2])

    def _keep(self, slug: str, how: Look, made: tuple[float, Response, bytes]) -> None:
        if len(self._screens) >= KEPT_AT_MOST:
            self._screens.clear()
        self._screens[slug, how] = made


def kept() -> Kept:
    screens_kept: Kept = current_app.extensions.setdefault(KEPT_NAME, Kept())
    return screens_kept


def _first_screen(slug: str, how: Look) -> Response:
    """Return a page that is never broken: what cannot be shown has a friendly screen."""
    try:
        place = screens.find(slug, how)
    except Refusal as refusal:
        return screens.refused(slug, how, refusal)
    return screens.answer(place, screens.first(place), headers.FRESH)


def _packed(kept: Response, packed: bytes) -> Response:
    """Return a copy of a kept page, compressed if the browser takes it so."""
    response = Response(kept.get_data(), kept.status_code, kept.headers)
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] > 0:
        response.set_data(packed)
        response.headers["Content-Encoding"] = "gzip"
    return response
