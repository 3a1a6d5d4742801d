"""Forms: the booth without JavaScript. A vote is a real POST, and no credential is in a URL."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from server.consultations.ballots import Ballot
from server.consultations.consultation import Phase, Source
from server.consultations.errors import ProposalUnknown, Refusal, StoreUnavailable, TooLate
from server.web import frames, headers, identity, pages
from server.web.directory import Snapshot
from server.web.pages import Look, OwnBallot
from server.web.polling_station import Visit
from server.web.refusals import CredentialInvalid, CredentialMissing, TicketInvalid
from server.web.schemas import BALLOT_REQUEST, checked
from server.web.service import service

blueprint = Blueprint("forms", __name__)
WITHDRAW = "withdraw"
SECOND_PASS = "pass"  # noqa: S105 - the name of a query field


@blueprint.post("/e/<slug>/vote")
def vote(slug: str) -> Response:
    """Count a form's vote, once it is known whether the browser keeps our cookie.

    The first pass sets the cookie and asks the browser to send the form again (307). On the
    second pass the cookie is there, or the reader gets a credential in a hidden field.
    """
    identity.demand_own_origin(request, opaque=False)
    how = pages.look(request.form)
    snapshot = service().directory.find(slug)
    source = snapshot.consultation.source(how.source)
    try:
        token, credential = identity.credential(
            request, source.publisher, request.form.get("credential")
        )
    except (CredentialMissing, CredentialInvalid):
        return _introduce(snapshot, source, how)
    visit = _visit(snapshot, source, credential)
    try:
        proposal = _carry_out(visit)
    except Refusal as refusal:
        return _refused(visit, how, refusal)
    if identity.cookie(request, source.publisher):
        return _to_result(slug, how, proposal)
    return _result(visit, how, proposal, token)


@blueprint.get("/e/<slug>/next")
def next_screen(slug: str) -> Response:
    """Show the result of the proposal just voted on (`after`), or the reader's next card."""
    how = pages.look(request.args)
    snapshot = service().directory.find(slug)
    source = snapshot.consultation.source(how.source)
    credential = identity.recognise(request, source.publisher, None)
    if credential is None:
        return _framed(frames.first_page(snapshot, source, how), source)
    visit = Visit(snapshot, credential, source, None)
    after = request.args.get("after", "")
    if after.isdigit() and service().station.held(visit, int(after))[0]:
        return _result(visit, how, int(after), "")
    return _next_card(visit, how, "")


@blueprint.post("/e/<slug>/next")
def next_by_form(slug: str) -> Response:
    """The same for a browser without cookies: the credential comes in the form."""
    identity.demand_own_origin(request, opaque=False)
    how = pages.look(request.form)
    snapshot = service().directory.find(slug)
    source = snapshot.consultation.source(how.source)
    token, credential = identity.credential(
        request, source.publisher, request.form.get("credential")
    )
    return _next_card(Visit(snapshot, credential, source, None), how, token)


def _visit(snapshot: Snapshot, source: Source, credential: Any) -> Visit:
    """Read the form's ticket; a page kept open too long, or by another reader, has none."""
    station = service().station
    try:
        ticket = station.ticket(snapshot, request.form.get("ticket"))
        return station.visit(snapshot, credential, ticket)
    except TicketInvalid:
        return Visit(snapshot, credential, source, None)


def _introduce(snapshot: Snapshot, source: Source, how: Look) -> Response:
    """Give a browser its first credential; nothing is counted yet."""
    token = identity.issue(request, source.publisher)
    if SECOND_PASS not in request.args:
        again = f"/e/{snapshot.consultation.slug}/vote?{SECOND_PASS}=2"
        response = _redirect(again, HTTPStatus.TEMPORARY_REDIRECT)
        identity.remember(request, response, source.publisher, token)
        return response
    number = request.form.get("proposal", "")
    proposal = snapshot.proposal(int(number) if number.isdigit() else -1)
    deck = {"proposals": [proposal], "ticket": request.form.get("ticket", "")}
    nuances = tuple(request.form.getlist("qualifications"))
    wanted = OwnBallot(request.form.get("vote", ""), nuances)
    shown = pages.page(
        snapshot, source, how, "continue",
        credential=token, ballot=wanted, **pages.cards(deck),
    )  # fmt: skip
    return _framed(shown, source)


def _carry_out(visit: Visit) -> int:
    """Cast or withdraw what the form says; return the proposal."""
    form = _fields(request.form)
    number = form.pop("proposal")
    if form["vote"] == WITHDRAW:
        service().station.withdraw(visit, number)
    else:
        wish = checked(BALLOT_REQUEST, form)
        service().station.cast(visit, number, Ballot.of(wish["vote"], wish["qualifications"]))
    return int(number)


def _fields(form: MultiDict[str, str]) -> dict[str, Any]:
    number = form.get("proposal", "")
    if not number.isdigit():
        raise ProposalUnknown("The form names no proposal.", field="proposal")
    return {
        "proposal": int(number),
        "vote": form.get("vote", ""),
        "qualifications": form.getlist("qualifications"),
    }


def _refused(visit: Visit, how: Look, refusal: Refusal) -> Response:
    """Say kindly why a vote was not counted."""
    snapshot = visit.snapshot
    if snapshot.consultation.phase(datetime.now(UTC)) is Phase.CLOSED:
        return _framed(pages.page(snapshot, visit.source, how, "closed"), visit.source)
    wait = isinstance(refusal, StoreUnavailable | TooLate)
    status = HTTPStatus.SERVICE_UNAVAILABLE if wait else HTTPStatus.UNPROCESSABLE_ENTITY
    message = StoreUnavailable.code if wait else refusal.code
    shown = pages.page(snapshot, visit.source, how, "error", message=message)
    return _framed(shown, visit.source, status)


def _to_result(slug: str, how: Look, proposal: int) -> Response:
    query = {"source": how.source, "theme": how.theme, "after": proposal}
    query |= {"lang": how.lang} if how.lang else {}
    query |= {"page": 1} if how.standalone else {}
    return _redirect(f"/e/{slug}/next?{urlencode(query)}", HTTPStatus.SEE_OTHER)


def _redirect(location: str, status: HTTPStatus) -> Response:
    named = {"Location": location, "Cache-Control": headers.PRIVATE}
    return Response(status=status.value, headers=named)


def _result(visit: Visit, how: Look, proposal: int, token: str) -> Response:
    own, results = service().station.held(visit, proposal)
    if own is None:  # withdrawn
        return _next_card(visit, how, token)
    deck = service().station.deck_of(visit, proposal)
    shown = pages.page(
        visit.snapshot, visit.source, how, "result",
        ballot=OwnBallot(own.ballot.vote, own.ballot.qualifications),
        results=results,
        credential=token,
        voted=len(service().station.voted(visit)),
        **pages.cards(deck),
    )  # fmt: skip
    return _framed(shown, visit.source)


def _next_card(visit: Visit, how: Look, token: str) -> Response:
    station = service().station
    voted = station.voted(visit)
    deck = station.personal_deck(visit, voted)
    phase = visit.snapshot.consultation.phase(datetime.now(UTC))
    screen = ("card" if deck["proposals"] else "final") if phase is Phase.OPEN else phase.value
    shown = pages.page(
        visit.snapshot, visit.source, how, screen,
        credential=token, voted=len(voted), **pages.cards(deck),
    )  # fmt: skip
    return _framed(shown, visit.source)


def _framed(shown: pages.Page, source: Source, status: HTTPStatus = HTTPStatus.OK) -> Response:
    return frames.answer(shown, frames.ancestors(source, shown.standalone), status=status)
