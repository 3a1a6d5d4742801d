"""Me: the reader's own record in a consultation, which they may have forgotten."""

from flask import Blueprint, Response, request

from server.consultations.consultation import DIRECT
from server.web import identity
from server.web.answers import private
from server.web.bodies import body
from server.web.schemas import FORGET_ANSWER, FORGET_REQUEST
from server.web.service import service
from server.web.visits import Visit

blueprint = Blueprint("me", __name__)


@blueprint.delete("/api/v1/consultations/<slug>/me")
def forget(slug: str) -> Response:
    """Withdraw every ballot of this reader and delete their record.

    After the close the count stands, and only the link between the reader and the ballots goes.
    A blocked source is no reason to refuse.
    """
    identity.demand_own_origin(request)
    asked = body(request, FORGET_REQUEST)
    snapshot = service().directory.find(slug)
    token = asked.get("credential")
    source = snapshot.consultation.source(asked.get("source", DIRECT))
    publisher = service().credentials.read(token).publisher if token else source.publisher
    _, credential = identity.credential(request, publisher, token)
    visit = Visit(snapshot, credential, source)
    fields = service().station.forget(visit, asked.get("number"))
    return private(FORGET_ANSWER.dump(fields))
