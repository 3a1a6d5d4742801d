"""Proposals: what readers propose, for staff to decide on before anybody sees it."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Request, Response, request
from marshmallow import Schema

from server.consultations.proposing import draft
from server.web import identity
from server.web.answers import private
from server.web.ballots import visiting
from server.web.bodies import body
from server.web.decision_page import address
from server.web.schemas.proposals import PROPOSED_ANSWER, SIMILAR_ANSWER
from server.web.schemas.requests import PROPOSAL_REQUEST, SIMILAR_REQUEST
from server.web.service import plain, service
from server.web.visits import Visit

blueprint = Blueprint("proposals", __name__)


@blueprint.post("/api/v1/consultations/<slug>/proposals")
def propose(slug: str) -> Response:
    """Keep a reader's proposal. The same again answers the same: whatever became of it."""
    asked = plain(request)
    wish, visit, token = _proposing(asked, slug, PROPOSAL_REQUEST)
    written = draft(visit.snapshot.consultation, wish["text"], wish.get("name"), wish.get("age"))
    fields = service().station.propose(visit, written, wish["number"])
    fields |= {"link": address(visit, fields["id"]), "credential": token}
    answer = private(PROPOSED_ANSWER.dump(fields))
    answer.status_code = HTTPStatus.CREATED
    identity.remember(asked, answer, visit.credential.publisher, token)
    return answer


@blueprint.post("/api/v1/consultations/<slug>/proposals/similar")
def similar(slug: str) -> Response:
    """Answer what is published already and says nearly the same. Nothing is kept of the text."""
    wish, visit, _ = _proposing(plain(request), slug, SIMILAR_REQUEST)
    found = service().station.similar(visit, wish["text"])
    ticket = service().dealer.change(visit)
    return private(SIMILAR_ANSWER.dump({"proposals": found, "ticket": ticket}))


def _proposing(asked: Request, slug: str, schema: Schema) -> tuple[dict[str, Any], Visit, str]:
    """Return wish, visit and credential of who may propose here now; raise the refusal if any."""
    identity.demand_own_origin(asked)
    wish = body(asked, schema)
    visit, token = visiting(asked, service(), slug, wish)
    consultation, now = visit.snapshot.consultation, datetime.now(UTC)
    consultation.demand_open(now)
    consultation.demand_proposing(now)
    return wish, visit, token
