"""Consultations: what anybody may read of them, and the decks served to readers."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, jsonify, request

from server.consultations.consultation import DIRECT, Consultation, ResultsRule, Source
from server.consultations.errors import ResultsNotYet
from server.web import identity, logo_pictures, results
from server.web.dealer import led_by
from server.web.directory import Snapshot
from server.web.schemas.ballots import DECK_ANSWER, PERSONAL_DECK_ANSWER
from server.web.schemas.consultations import CONSULTATION_ANSWER, PUBLIC_RESULTS_ANSWER
from server.web.service import service
from server.web.visits import Visit

blueprint = Blueprint("consultations", __name__, url_prefix="/api/v1/consultations")

NEVER = "private, no-store"
BRIEFLY = "public, max-age=1, s-maxage=1"


@blueprint.get("")
def index() -> Response:
    """List the consultations that count, newest first; rehearsals are nobody else's business."""
    known = [c for c in service().store.consultations.all() if not c.rehearsal]
    known.sort(key=lambda c: c.opens, reverse=True)
    return _cached(CONSULTATION_ANSWER.dump(map(_public, known), many=True), BRIEFLY)


@blueprint.get("/<slug>")
def show(slug: str) -> Response:
    consultation = service().directory.find(slug).consultation
    return _cached(CONSULTATION_ANSWER.dump(_public(consultation)), BRIEFLY)


@blueprint.get("/<slug>/deck")
def deck(slug: str) -> Response:
    """Serve the shared deck, or the reader's own if they say who they are.

    A ticket of a media title is given to our own frames only, which browsers show inside that
    title's pages. Any page can plant a sandboxed frame, so there the ticket is of no title.
    A reader's own deck begins with the `proposal` asked for, unless they have voted on it.
    """
    snapshot = service().directory.find(slug)
    opaque = request.headers.get("Origin") == identity.OPAQUE
    asked = DIRECT if opaque else request.args.get("source", DIRECT)
    source = snapshot.consultation.source(asked)
    visit = _reader(snapshot, source)
    station, dealer = service().station, service().dealer
    if visit is None:
        return _cached(DECK_ANSWER.dump(dealer.shared(snapshot, source)), BRIEFLY)
    voted = station.voted(visit)
    progress = {"voted": len(voted), "of": len(snapshot.accepted)}
    asked_for = request.args.get("proposal", 0, int)
    dealt = dealer.personal(visit, voted)
    if asked_for not in voted:
        dealt = led_by(dealt, snapshot.accepted.get(asked_for))
    own = {**dealt, "progress": progress}
    return _cached(PERSONAL_DECK_ANSWER.dump(own), NEVER)


@blueprint.get("/<slug>/results")
def show_results(slug: str) -> Response:
    """Serve what the rule lets this reader see: all of it, or what they have voted on."""
    snapshot = service().directory.find(slug)
    seen = visible(snapshot)
    published = snapshot.published
    answer = {
        "asOf": published.as_of,
        "revision": published.revision,
        "proposals": [results.shown(p, published.of(p)) for p in seen],
    }
    private = snapshot.consultation.results is ResultsRule.AFTER_VOTE
    return _cached(PUBLIC_RESULTS_ANSWER.dump(answer), NEVER if private else BRIEFLY)


def visible(snapshot: Snapshot) -> list[int]:
    """Return the proposals whose results this reader may see; raise `ResultsNotYet` if none."""
    consultation = snapshot.consultation
    closed = consultation.phase(datetime.now(UTC)).is_over
    if consultation.results is ResultsRule.ALWAYS or closed:
        return list(snapshot.accepted)
    if consultation.results is ResultsRule.AT_CLOSE:
        raise ResultsNotYet(f"Results are published on {consultation.closes.isoformat()}.")
    source = consultation.source(request.args.get("source", DIRECT))
    visit = _reader(snapshot, source)
    voted = service().station.voted(visit) if visit else frozenset()
    if not voted:
        raise ResultsNotYet("Vote first: a proposal's results are shown to those who voted on it.")
    return sorted(voted)


def _reader(snapshot: Snapshot, source: Source) -> Visit | None:
    """Return the reader's visit, or None for somebody who brings no credential.

    Once the ballots are destroyed every reader is a stranger.
    """
    if snapshot.voter_key is None:
        return None
    credential = identity.recognise(request, source.publisher, identity.bearer(request))
    return Visit(snapshot, credential, source, None) if credential else None


def _public(consultation: Consultation) -> dict[str, Any]:
    return {
        "slug": consultation.slug,
        "question": consultation.question,
        "language": consultation.language,
        "opens": consultation.opens,
        "proposalsUntil": consultation.proposals_until,
        "closes": consultation.closes,
        "phase": consultation.phase(datetime.now(UTC)),
        "results": consultation.results,
        "rehearsal": consultation.rehearsal,
        "proposing": consultation.proposing,
        "prefix": consultation.prefix,
        "afterwards": consultation.afterwards,
        "kind": consultation.kind,
        "theme": consultation.theme,
        "cause": consultation.cause,
        "featured": consultation.featured,
        "sources": [{"name": s.name, "title": s.title} for s in consultation.sources],
        "partners": [
            {
                "role": partner.role,
                "name": partner.name,
                "link": partner.link,
                "logo": logo_pictures.address(consultation, partner),
            }
            for partner in consultation.partners
        ],
    }


def _cached(document: Any, how: str) -> Response:
    response = jsonify(document)
    response.headers["Cache-Control"] = how
    response.headers["X-Content-Type-Options"] = "nosniff"
    if how == NEVER:
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.vary.update(("Cookie", "Authorization", "Origin"))
    return response
