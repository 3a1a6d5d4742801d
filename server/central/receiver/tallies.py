"""The two calls of the contract: take a tallies document, and say what has been taken."""

from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, jsonify, request
from marshmallow import ValidationError

from server.central import document, signing
from server.central.receiver import parts, requests, votes
from server.central.receiver.ledger import FenceLower
from server.central.receiver.problems import Problem
from server.central.receiver.schemas import TalliesSchema, faults
from server.central.receiver.standing import TalliesDocument

ERRORS_SHOWN = 20

blueprint = Blueprint("tallies", __name__, url_prefix="/isoloir/v1/tallies")


@blueprint.post("")
def take() -> Response:
    receiver = parts.of_app()
    body = requests.read_body(receiver.secrets, request)
    wire = requests.read_json(body)
    tallies = _load(wire, sha256(body).hexdigest())
    try:
        if tallies.complete:
            _demand_whole(wire, tallies)
        return _answer(receiver.ledger.take(tallies).dump())
    except FenceLower as refused:
        raise Problem("fence-lower", str(refused), **refused.standing.dump()) from None


@blueprint.get("/<deployment>/<consultation>")
def tell(deployment: str, consultation: str) -> Response:
    """Rows come along unless the query says `rows=no`."""
    receiver = parts.of_app()
    asked = signing.asked(deployment, consultation, request.query_string.decode("latin-1"))
    requests.read_signed(receiver.secrets, request, lambda: asked)
    if request.args.get("rows") == "no":
        return _answer(receiver.ledger.standing(deployment, consultation).dump())
    standing, found = receiver.ledger.rows(deployment, consultation)
    rows = [
        {"proposal": proposal, "source": source, "votes": votes.dump(counts)}
        for proposal, source, counts in found
    ]
    return _answer({**standing.dump(), "rows": rows, "totals": document.totals(rows)})


def _load(wire: Any, digest: str) -> TalliesDocument:
    try:
        loaded: TalliesDocument = TalliesSchema(digest).load(wire)
    except ValidationError as error:
        errors = list(faults(error.messages))
        detail = f"{errors[0]['field']}: {errors[0]['message']}"
        raise Problem(
            "document-invalid", detail, field=errors[0]["field"], errors=errors[:ERRORS_SHOWN]
        ) from None
    return loaded


def _demand_whole(wire: Any, tallies: TalliesDocument) -> None:
    """Raise `Problem` unless totals and checksum fit the rows."""
    rows = wire["rows"]
    if not document.same_totals(wire["totals"], document.totals(rows)):
        raise _mismatch("totals", tallies)
    if wire["checksum"] != document.checksum(rows):
        raise _mismatch("checksum", tallies)


def _mismatch(name: str, tallies: TalliesDocument) -> Problem:
    standing = parts.of_app().ledger.standing(tallies.deployment, tallies.consultation)
    answer = {**standing.dump(), "want": "complete"}
    detail = f"The {name} do not fit the rows. Send a complete document."
    return Problem("checksum-mismatch", detail, field=name, **answer)


def _answer(content: dict[str, Any]) -> Response:
    response = jsonify(content)
    response.headers["Cache-Control"] = "no-store"
    return response
