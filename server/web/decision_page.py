"""The decision: what an author is told on any device, by the private link to one proposal."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from flask import Blueprint, Response, render_template, request

from server.consultations.errors import Refusal
from server.consultations.proposing import Submission
from server.web import headers, pages, private_links
from server.web.directory import Snapshot
from server.web.messages import Speech
from server.web.pages import Proposed
from server.web.polling_station import submitted
from server.web.problems import STATUS
from server.web.service import service
from server.web.visits import Visit

blueprint = Blueprint("decision_page", __name__)

PROMISE = timedelta(hours=24)  # until a decision, as the charter says


def address(visit: Visit, number: int) -> str:
    """Return the private link to one of the author's own proposals."""
    own, slug = service().settings.public_url, visit.snapshot.consultation.slug
    return f"{own}/c/{slug}/mine/{private_links.token(visit, number)}"


@blueprint.get("/c/<slug>/mine/<token>")
def show(slug: str, token: str) -> Response:
    """Show the decision to whoever has the link; no cookie and no credential is looked at."""
    try:
        snapshot = service().directory.find(slug)
        found = private_links.follow(service().store.proposing, snapshot, token)
    except Refusal as refusal:
        if STATUS[refusal.code] >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return _answer(_speech(None), STATUS[refusal.code], trouble=True)
        found = None
    if found is None:
        return _answer(_speech(None), HTTPStatus.NOT_FOUND)
    speech = _speech(snapshot)
    return _answer(speech, HTTPStatus.OK, **_told(snapshot, found, speech))


def _told(snapshot: Snapshot, found: Submission, speech: Speech) -> dict[str, object]:
    consultation, told = snapshot.consultation, Proposed.of(submitted(snapshot, found))
    came = _received(found, snapshot)
    kept = came and came + PROMISE > datetime.now(UTC)
    return {
        "one": told,
        "number": found.proposal.id,
        "said_in": found.proposal.language,
        "consultation": consultation,
        "open": pages.state(consultation, datetime.now(UTC)) == "open",
        "received": speech.moment(came) if came else "",
        "until": speech.moment(came + PROMISE) if came and kept else "",
    }


def _received(found: Submission, snapshot: Snapshot) -> datetime | None:
    """Return when it came in, by the consultation's clock."""
    if found.at is None:
        return None
    return datetime.fromtimestamp(found.at / 1000, snapshot.consultation.opens.tzinfo)


def _speech(snapshot: Snapshot | None) -> Speech:
    """Return the language asked for, or the consultation's: the one in which it was proposed."""
    how = pages.look(request.args)
    return pages.speech_for(how, snapshot.consultation if snapshot else None)


def _answer(speech: Speech, status: HTTPStatus, **fields: object) -> Response:
    shown = render_template(
        "decision.html",
        **{"one": None, "trouble": False, **fields},
        lang=speech.lang,
        dir=speech.direction,
        t=speech.t,
        spoken=service().messages.names(),
        asset=service().assets.url,
    )
    response = Response(shown, status.value, mimetype="text/html")
    headers.dress(response, service().settings.origin, headers.NOBODY)
    # Whoever has the address sees the page: it is told to nobody, and listed nowhere.
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
