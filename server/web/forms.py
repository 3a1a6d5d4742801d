"""Forms: the booth without JavaScript. A vote is a real POST, and no credential is in a URL."""

import re
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from server.consultations.ballots import Ballot
from server.consultations.consultation import ResultsRule
from server.consultations.errors import ProposalUnknown, Refusal
from server.web import headers, identity, pages, screens, visits
from server.web.bodies import checked
from server.web.credentials import Credential
from server.web.directory import Snapshot
from server.web.pages import Look, OwnBallot, Place
from server.web.refusals import CredentialInvalid, CredentialMissing, TicketInvalid
from server.web.schemas.requests import BALLOT_REQUEST
from server.web.service import service
from server.web.visits import Visit

blueprint = Blueprint("forms", __name__)
WITHDRAW = "withdraw"
SECOND_PASS = "pass"  # noqa: S105 - the name of a query field
NUMBER = re.compile(r"[0-9]{1,9}")


@blueprint.post("/e/<slug>/vote")
def vote(slug: str) -> Response:
    """Count a form's vote, once it is known whether the browser keeps our cookie.

    The first pass sets the cookie and asks the browser to send the form again (307). On the
    second pass the cookie is there, or the reader gets a credential in a hidden field.
    """
    identity.demand_own_origin(request, opaque=False)
    place = screens.find(slug, pages.look(request.form))
    try:
        token, credential = _credential(place)
    except (CredentialMissing, CredentialInvalid):
        return _introduce(place)
    visit = _admit(place.snapshot, credential)
    proposal = _carry_out(visit)
    if identity.cookie(request, place.source.publisher):
        return _to_result(slug, place.how, proposal)
    return _result(place, visit, proposal, token)


@blueprint.get("/e/<slug>/next")
def next_screen(slug: str) -> Response:
    """Show the result of the proposal just voted on (`after`), or the reader's next card."""
    place = screens.find(slug, pages.look(request.args))
    credential = identity.recognise(request, place.source.publisher, None)
    if credential is None or screens.standing(place):
        return screens.answer(place, screens.first(place))
    visit = Visit(place.snapshot, credential, place.source)
    after = request.args.get("after", "")
    if NUMBER.fullmatch(after):
        return _result(place, visit, int(after), "")
    return _next_card(place, visit, "")


@blueprint.post("/e/<slug>/next")
def next_by_form(slug: str) -> Response:
    """The same for a browser without cookies: the credential comes in the form."""
    identity.demand_own_origin(request, opaque=False)
    place = screens.find(slug, pages.look(request.form))
    if screens.standing(place):
        return screens.answer(place, screens.first(place))
    token, credential = _credential(place)
    return _next_card(place, Visit(place.snapshot, credential, place.source), token)


@blueprint.errorhandler(Refusal)
def refused(refusal: Refusal) -> Response:
    """Say it in a page: a form is a person's, and the page may stand in an article."""
    slug = (request.view_args or {})["slug"]
    return screens.refused(slug, pages.look(request.form or request.args), refusal)


def _credential(place: Place) -> tuple[str, Credential]:
    asked = request.form.get("credential")
    return identity.credential(request, place.source.publisher, asked)


def _admit(snapshot: Snapshot, credential: Credential) -> Visit:
    """Read the form's ticket. One of another reader, say of before the cookies were cleared,
    says the source and proves no choice of ours; a forged one is refused.
    """
    ticket = service().station.ticket(snapshot, request.form.get("ticket"))
    try:
        return visits.admit(snapshot, credential, ticket)
    except TicketInvalid:
        if ticket is None:
            raise
        return visits.admit(snapshot, credential, ticket.weakened())


def _introduce(place: Place) -> Response:
    """Give a browser its first credential; nothing is counted yet."""
    token = identity.issue(request, place.source.publisher)
    if SECOND_PASS not in request.args:
        again = f"/e/{place.snapshot.consultation.slug}/vote?{SECOND_PASS}=2"
        response = _redirect(again, HTTPStatus.TEMPORARY_REDIRECT)
        identity.remember(request, response, place.source.publisher, token)
        return response
    proposal = place.snapshot.proposal(_proposal())
    deck = {"proposals": [proposal], "ticket": request.form.get("ticket", "")}
    nuances = tuple(request.form.getlist("qualifications"))
    wanted = OwnBallot(request.form.get("vote", ""), nuances)
    shown = pages.page(place, "continue", credential=token, ballot=wanted, **pages.cards(deck))
    return screens.answer(place, shown)


def _carry_out(visit: Visit) -> int:
    """Cast or withdraw what the form says; return the proposal."""
    proposal = _proposal()
    if request.form.get("vote") == WITHDRAW:
        service().station.withdraw(visit, proposal)
        return proposal
    fields: dict[str, Any] = {
        "vote": request.form.get("vote", ""),
        "qualifications": request.form.getlist("qualifications"),
    }
    wish = checked(BALLOT_REQUEST, fields)
    service().station.cast(visit, proposal, Ballot.of(wish["vote"], wish["qualifications"]))
    return proposal


def _proposal() -> int:
    number = request.form.get("proposal", "")
    if not NUMBER.fullmatch(number):
        raise ProposalUnknown("The form names no proposal.", field="proposal")
    return int(number)


def _to_result(slug: str, how: Look, proposal: int) -> Response:
    query = {"source": how.source, "theme": how.theme, "after": proposal}
    query |= {"lang": how.lang} if how.lang else {}
    query |= {"page": 1} if how.standalone else {}
    query |= {"results": ResultsRule.AT_CLOSE} if how.veiled else {}
    return _redirect(f"/e/{slug}/next?{urlencode(query)}", HTTPStatus.SEE_OTHER)


def _redirect(location: str, status: HTTPStatus) -> Response:
    named = {"Location": location, "Cache-Control": headers.PRIVATE}
    return Response(status=status.value, headers=named)


def _result(place: Place, visit: Visit, proposal: int, token: str) -> Response:
    own, results = service().station.held(visit, proposal)
    if own is None:
        known = proposal in place.snapshot.accepted
        return (
            _card_again(place, visit, proposal, token) if known else _next_card(place, visit, token)
        )
    shown = pages.page(
        place, "result",
        ballot=OwnBallot(own.ballot.vote, own.ballot.qualifications),
        results=None if place.how.veiled else results,
        credential=token,
        voted=len(service().station.voted(visit)),
        **pages.cards(service().dealer.again(visit, proposal)),
    )  # fmt: skip
    return screens.answer(place, shown)


def _card_again(place: Place, visit: Visit, proposal: int, token: str) -> Response:
    """Show a card whose vote was withdrawn, for another."""
    again = pages.cards(service().dealer.again(visit, proposal))
    voted = len(service().station.voted(visit))
    known = {"credential": token, "voted": voted, "said": "withdrawn"}
    return screens.answer(place, pages.page(place, "card", **known, **again))


def _next_card(place: Place, visit: Visit, token: str) -> Response:
    voted = service().station.voted(visit)
    deck = service().dealer.personal(visit, voted)
    screen = screens.standing(place) or ("card" if deck["proposals"] else "final")
    known = {"credential": token, "voted": len(voted)}
    shown = pages.page(place, screen, **known, **pages.cards(deck))
    return screens.answer(place, shown)
