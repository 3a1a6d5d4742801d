"""Frames: the booth inside an article, and its full page. Cacheable, without any reader's data."""

import re
import time
from datetime import UTC, datetime
from http import HTTPStatus

from flask import Blueprint, Response, abort, current_app, request

from server.consultations.consultation import DIRECT_SOURCE, Phase, Source
from server.consultations.errors import ConsultationUnknown, SourceUnknown, StoreUnavailable
from server.web import headers, pages
from server.web.directory import Snapshot
from server.web.pages import Look, Page
from server.web.service import service

blueprint = Blueprint("frames", __name__)

KEPT = 2.0  # seconds a rendered first screen is served again; its ticket lives half an hour
KEPT_AT_MOST = 256  # rendered screens per process
KEPT_NAME = "isoloir-kept-frames"
ACCENT = re.compile(r"[0-9a-f]{6}")


class Kept:
    """First screens as they were rendered a moment ago: a million page views ask for the same."""

    def __init__(self) -> None:
        self._screens: dict[tuple[str, Look], tuple[float, Response]] = {}

    def get(self, slug: str, how: Look) -> Response:
        known = self._screens.get((slug, how))
        now = time.monotonic()
        if known and now - known[0] < KEPT:
            return _copy(known[1])
        response = _first_screen(slug, how)
        if response.status_code == HTTPStatus.OK:
            if len(self._screens) >= KEPT_AT_MOST:
                self._screens.clear()
            self._screens[slug, how] = (now, _copy(response))
        return response


@blueprint.get("/e/<slug>")
def frame(slug: str) -> Response:
    return kept().get(slug, pages.look(request.args))


@blueprint.get("/c/<slug>")
def full_page(slug: str) -> Response:
    return kept().get(slug, pages.look(request.args, standalone=True))


@blueprint.get("/e/accent/<colour>.css")
def accent(colour: str) -> Response:
    """Serve a source's accent as a style sheet of its own: the frame allows no inline style."""
    if not ACCENT.fullmatch(colour):
        abort(HTTPStatus.NOT_FOUND)
    response = Response(f":root{{--isoloir-accent:#{colour}}}", mimetype="text/css")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def kept() -> Kept:
    screens: Kept = current_app.extensions.setdefault(KEPT_NAME, Kept())
    return screens


def _copy(response: Response) -> Response:
    return Response(response.get_data(), response.status_code, response.headers)


def _first_screen(slug: str, how: Look) -> Response:
    """Return a page that is never broken: what cannot be shown has a friendly screen."""
    try:
        snapshot = service().directory.find(slug)
        source = snapshot.consultation.source(how.source)
    except (ConsultationUnknown, SourceUnknown):
        return odd_screen("unknown", how, HTTPStatus.NOT_FOUND)
    except StoreUnavailable:
        return odd_screen(
            "error", how, HTTPStatus.SERVICE_UNAVAILABLE, message=StoreUnavailable.code
        )
    if source.blocked:
        return answer(pages.page(snapshot, source, how, "blocked"), headers.EVERYONE, headers.FRESH)
    return answer(
        first_page(snapshot, source, how), ancestors(source, how.standalone), headers.FRESH
    )


def first_page(snapshot: Snapshot, source: Source, how: Look) -> Page:
    """Return the screen for somebody of whom nothing is known."""
    phase = snapshot.consultation.phase(datetime.now(UTC))
    if phase is not Phase.OPEN:
        return pages.page(snapshot, source, how, phase.value)
    deck = service().station.shared_deck(snapshot, source)
    screen = "card" if deck["proposals"] else "final"
    return pages.page(snapshot, source, how, screen, **pages.cards(deck))


def ancestors(source: Source, standalone: bool) -> tuple[str, ...]:
    """Return the origins that may frame a source's booth: its own, and our pages."""
    if standalone:
        return headers.NOBODY
    return ("'self'", *source.origins)


def answer(
    shown: Page,
    framed_by: tuple[str, ...],
    cache: str = headers.PRIVATE,
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    response = Response(pages.render(shown), status.value, mimetype="text/html")
    return headers.dress(response, service().settings.origin, framed_by, cache)


def odd_screen(screen: str, how: Look, status: HTTPStatus, message: str = "") -> Response:
    """Return a screen without forms, that any page may frame."""
    speech = pages.speech_for(how)
    shown = Page(
        screen=screen,
        lang=speech.lang,
        theme=how.theme,
        standalone=how.standalone,
        source=DIRECT_SOURCE.name,
        message=message,
    )
    return answer(shown, headers.EVERYONE, headers.PRIVATE, status)
