"""Screens: which one a reader meets, who may frame it, and a friendly one for every refusal."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from flask import Response

from server.consultations.consultation import DIRECT_SOURCE
from server.consultations.errors import (
    ConsultationUnknown,
    Refusal,
    SourceUnknown,
    StoreUnavailable,
    TooLate,
)
from server.web import followup, headers, outcomes, pages, results, surroundings
from server.web.dealer import led_by
from server.web.pages import Card, Look, Page, Place
from server.web.problems import STATUS, say_when
from server.web.service import service

WAIT = (StoreUnavailable, TooLate)
UNKNOWN = (ConsultationUnknown, SourceUnknown)


def find(slug: str, how: Look) -> Place:
    """Return what a page is about; raise `ConsultationUnknown` or `SourceUnknown`."""
    snapshot = service().directory.find(slug)
    return Place(snapshot, snapshot.consultation.source(how.source), how)


def standing(place: Place) -> str | None:
    """Return the screen that stands for all readers alike, if there is no voting here now."""
    if place.source.blocked:
        return "blocked"
    state = pages.state(place.snapshot.consultation, datetime.now(UTC))
    return None if state == "open" else state


def first(place: Place) -> Page:
    """Return the screen for somebody of whom nothing is known."""
    screen = standing(place)
    if screen:
        return pages.page(place, screen, **(_outcome(place) if screen == "closed" else {}))
    asked = place.snapshot.accepted.get(place.how.proposal or 0)
    deck = led_by(service().dealer.shared(place.snapshot, place.source), asked)
    return pages.page(place, "card" if deck["proposals"] else "final", **pages.cards(deck))


def _outcome(place: Place) -> dict[str, Any]:
    """Return what has become of it: what was selected and done, the best supported, the answers."""
    snapshot, brief = place.snapshot, not place.how.standalone
    best = outcomes.best_supported(snapshot)
    listed = {one.proposal.id for one in best}
    after = followup.followup(snapshot, datetime.now(UTC), brief, listed)
    if after.selected and brief:
        best, listed = (), set()  # an article has room for one list
    listed.update(after.selected)
    answered = [one for one, _ in outcomes.answered(snapshot) if one.id not in listed]
    speech = pages.speech_for(place.how, snapshot.consultation)
    return {
        "best": tuple((Card.of(s.proposal), results.shown(s.proposal.id, s.counts)) for s in best),
        "replies": surroundings.replies(snapshot.consultation, speech),
        "replied": tuple(map(Card.of, answered))[: followup.MOST if brief else None],
        "after": after,
    }


def answer(
    place: Place,
    shown: Page,
    cache: str = headers.PRIVATE,
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    return _answer(shown, _ancestors(place, shown), cache, status)


def refused(slug: str, how: Look, refusal: Refusal) -> Response:
    """Return the screen that says kindly why not; any page may frame one without forms."""
    return say_when(_refused(slug, how, refusal), refusal)


def _refused(slug: str, how: Look, refusal: Refusal) -> Response:
    try:
        place = find(slug, how)
    except UNKNOWN:
        return _nowhere(how, "unknown", HTTPStatus.NOT_FOUND)
    except WAIT:
        return _nowhere(how, "error", HTTPStatus.SERVICE_UNAVAILABLE, StoreUnavailable.code)
    screen = standing(place)
    code = StoreUnavailable.code if isinstance(refusal, WAIT) else refusal.code
    shown = pages.page(place, screen) if screen else pages.page(place, "error", message=code)
    return answer(place, shown, status=STATUS[refusal.code])


def _ancestors(place: Place, shown: Page) -> tuple[str, ...]:
    """Return the origins that may frame a page: the source's own, and our pages."""
    if place.how.standalone:
        return headers.NOBODY
    # Nothing can be done on this one, so it may show wherever the booth was pasted.
    return headers.EVERYONE if shown.screen == "blocked" else ("'self'", *place.source.origins)


def _nowhere(how: Look, screen: str, status: HTTPStatus, message: str = "") -> Response:
    shown = Page(
        screen=screen,
        lang=pages.speech_for(how).lang,
        theme=how.theme,
        standalone=how.standalone,
        source=DIRECT_SOURCE.name,
        message=message,
    )
    return _answer(shown, headers.EVERYONE, headers.PRIVATE, status)


def _answer(shown: Page, framed_by: tuple[str, ...], cache: str, status: HTTPStatus) -> Response:
    response = Response(pages.render(shown), status.value, mimetype="text/html")
    return headers.dress(response, service().settings.origin, framed_by, cache)
