"""Frames: the booth inside an article, and its full page. Cacheable, without any reader's data."""

import gzip
import time
from functools import lru_cache
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import parse_qsl

from flask import Blueprint, Request, Response, current_app, request
from werkzeug.datastructures import MultiDict
from werkzeug.http import parse_accept_header

from server.consultations.errors import Refusal
from server.web import headers, pages, screens
from server.web.answers import Answer
from server.web.pages import Look
from server.web.service import plain

blueprint = Blueprint("frames", __name__)

KEPT = 2.0  # seconds a rendered first screen is served again; its ticket lives half an hour
KEPT_AT_MOST = 256  # rendered screens per process
READ_AT_MOST = 1024  # queries and Accept-Encoding headers per process that are known by sight
KEPT_NAME = "isoloir-kept-frames"


@blueprint.get("/e/<slug>")
def frame(slug: str) -> Response:
    return kept().get(plain(request), slug, standalone=False)


@blueprint.get("/c/<slug>")
def full_page(slug: str) -> Response:
    return kept().get(plain(request), slug, standalone=True)


class Screen(NamedTuple):
    """A first screen as it leaves, to as many as ask: nothing changes an answer on its way out."""

    made: float  # monotonic seconds
    whole: Answer
    packed: Answer


class Kept:
    """First screens as they were rendered a moment ago: a million page views ask for the same."""

    def __init__(self) -> None:
        self._screens: dict[tuple[str, Look], Screen] = {}
        self._look = lru_cache(READ_AT_MOST)(_look)

    def get(self, asked: Request, slug: str, standalone: bool) -> Response:
        how = self._look(asked.environ.get("QUERY_STRING", ""), standalone)
        screen = self._screens.get((slug, how))
        now = time.monotonic()
        if not screen or now - screen.made >= KEPT:
            screen = _screen(now, _first_screen(slug, how))
            if screen.whole.status_code == HTTPStatus.OK:
                self._keep(slug, how, screen)
        packed = _takes_gzip(asked.environ.get("HTTP_ACCEPT_ENCODING", ""))
        return screen.packed if packed else screen.whole

    def _keep(self, slug: str, how: Look, screen: Screen) -> None:
        if len(self._screens) >= KEPT_AT_MOST:
            del self._screens[next(iter(self._screens))]  # the one that came first
        self._screens[slug, how] = screen


def kept() -> Kept:
    parts = plain(current_app).extensions
    if KEPT_NAME not in parts:
        parts[KEPT_NAME] = Kept()
    screens_kept: Kept = parts[KEPT_NAME]
    return screens_kept


def _look(query: str, standalone: bool) -> Look:
    text = query.encode("latin-1").decode("utf-8", "replace")  # as WSGI wants it
    return pages.look(MultiDict(parse_qsl(text, keep_blank_values=True)), standalone)


@lru_cache(READ_AT_MOST)
def _takes_gzip(header: str) -> bool:
    return bool(parse_accept_header(header)["gzip"] > 0)


def _first_screen(slug: str, how: Look) -> Response:
    """Return a page that is never broken: what cannot be shown has a friendly screen."""
    try:
        place = screens.find(slug, how)
    except Refusal as refusal:
        return screens.refused(slug, how, refusal)
    return screens.answer(place, screens.first(place), headers.FRESH)


def _screen(now: float, page: Response) -> Screen:
    page.vary.add("Accept-Encoding")
    whole = Answer(page.get_data(), page.status_code, page.headers.copy())
    packed = Answer(gzip.compress(page.get_data(), 6), page.status_code, page.headers)
    packed.headers["Content-Encoding"] = "gzip"
    return Screen(now, whole, packed)
