"""Ballots: state the ballot wanted, or take it back."""

from typing import Any

from flask import Blueprint, Request, Response, request

from server.consultations.ballots import Ballot
from server.consultations.errors import NotARehearsal
from server.staff import tokens
from server.web import identity, visits
from server.web.answers import private
from server.web.bodies import body
from server.web.refusals import TokenInvalid
from server.web.schemas.ballots import BALLOT_ANSWER
from server.web.schemas.requests import BALLOT_REQUEST, WITHDRAW_REQUEST
from server.web.service import Service, plain, service
from server.web.visits import Visit

blueprint = Blueprint("ballots", __name__)
PATH = "/api/v1/consultations/<slug>/proposals/<int:proposal>/ballot"


@blueprint.put(PATH)
def cast(slug: str, proposal: int) -> Response:
    """Make this the reader's ballot on the proposal; the same twice changes nothing."""
    asked = plain(request)
    identity.demand_own_origin(asked)
    wish = body(asked, BALLOT_REQUEST)
    ballot = Ballot.of(wish["vote"], wish["qualifications"])
    _demand_replay(asked, slug, wish)
    here = service()
    visit, token = visiting(asked, here, slug, wish)
    fields = here.station.cast(visit, proposal, ballot, wish.get("number"), wish.get("trust"))
    return _answer(asked, visit, token, fields)


@blueprint.delete(PATH)
def withdraw(slug: str, proposal: int) -> Response:
    """Take the reader's ballot back, if there is one."""
    asked = plain(request)
    identity.demand_own_origin(asked)
    wish = body(asked, WITHDRAW_REQUEST)
    here = service()
    visit, token = visiting(asked, here, slug, wish)
    fields = here.station.withdraw(visit, proposal, wish.get("number"))
    return _answer(asked, visit, token, fields)


def visiting(asked: Request, here: Service, slug: str, wish: dict[str, Any]) -> tuple[Visit, str]:
    """Return whose wish this is, through which source, and their credential to be kept."""
    snapshot = here.directory.find(slug)
    ticket = here.station.ticket(snapshot, wish.get("ticket"))
    if ticket and ticket.shared and identity.is_opaque(asked):
        # Anybody's page can plant such a frame, with a ticket that was copied for all its visitors.
        ticket = ticket.weakened()
    publisher = identity.publisher_of(ticket, wish.get("credential"), slug)
    token, credential = identity.credential(asked, publisher, wish.get("credential"))
    return visits.admit(snapshot, credential, ticket), token


def _demand_replay(asked: Request, slug: str, wish: dict[str, Any]) -> None:
    """Whoever states a trust needs a staff token for this very rehearsal."""
    token = identity.bearer(asked)
    if token is None and "trust" not in wish:
        return
    if token is None:
        raise TokenInvalid("Stating a trust needs a staff token.", field="trust")
    tokens.demand(service().settings.secret_keys, token, tokens.REPLAY, slug)
    if not service().directory.find(slug).consultation.rehearsal:
        raise NotARehearsal(f"{slug} counts real votes; a replay may not write there.")


def _answer(asked: Request, visit: Visit, token: str, fields: dict[str, Any]) -> Response:
    response = private(BALLOT_ANSWER.dump({**fields, "credential": token}))
    identity.remember(asked, response, visit.credential.publisher, token)
    return response
