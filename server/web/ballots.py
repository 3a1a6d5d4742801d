"""Ballots: state the ballot wanted, or take it back."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from server.consultations.ballots import Ballot
from server.consultations.errors import NotARehearsal
from server.staff import tokens
from server.web import identity, visits
from server.web.bodies import body
from server.web.refusals import TokenInvalid
from server.web.schemas import BALLOT_ANSWER, BALLOT_REQUEST, WITHDRAW_REQUEST
from server.web.service import service
from server.web.visits import Visit

blueprint = Blueprint("ballots", __name__)
PATH = "/api/v1/consultations/<slug>/proposals/<int:proposal>/ballot"


@blueprint.put(PATH)
def cast(slug: str, proposal: int) -> Response:
    """Make this the reader's ballot on the proposal; the same twice changes nothing."""
    identity.demand_own_origin(request)
    wish = body(request, BALLOT_REQUEST)
    ballot = Ballot.of(wish["vote"], wish["qualifications"])
    _demand_replay(slug, wish)
    visit, token = _visit(slug, wish)
    station = service().station
    fields = station.cast(visit, proposal, ballot, wish.get("number"), wish.get("trust"))
    return _answer(visit, token, fields)


@blueprint.delete(PATH)
def withdraw(slug: str, proposal: int) -> Response:
    """Take the reader's ballot back, if there is one."""
    identity.demand_own_origin(request)
    wish = body(request, WITHDRAW_REQUEST)
    visit, token = _visit(slug, wish)
    return _answer(visit, token, service().station.withdraw(visit, proposal, wish.get("number")))


def _visit(slug: str, wish: dict[str, Any]) -> tuple[Visit, str]:
    station = service().station
    snapshot = service().directory.find(slug)
    ticket = station.ticket(snapshot, wish.get("ticket"))
    publisher = identity.publisher_of(ticket, wish.get("credential"), slug)
    token, credential = identity.credential(request, publisher, wish.get("credential"))
    return visits.admit(snapshot, credential, ticket), token


def _demand_replay(slug: str, wish: dict[str, Any]) -> None:
    """Whoever states a trust needs a staff token for this very rehearsal."""
    token = identity.bearer(request)
    if token is None and "trust" not in wish:
        return
    if token is None:
        raise TokenInvalid("Stating a trust needs a staff token.", field="trust")
    tokens.demand(service().settings.secret_keys, token, tokens.REPLAY, slug)
    if not service().directory.find(slug).consultation.rehearsal:
        raise NotARehearsal(f"{slug} counts real votes; a replay may not write there.")


def _answer(visit: Visit, token: str, fields: dict[str, Any]) -> Response:
    response = jsonify(BALLOT_ANSWER.dump({**fields, "credential": token}))
    response.headers["Cache-Control"] = "private, no-store"
    identity.remember(request, response, visit.credential.publisher, token)
    return response
