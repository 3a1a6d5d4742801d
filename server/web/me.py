"""Me: the reader's own record in a consultation, which they may have forgotten."""

from flask import Blueprint, Response, request

from server.consultations.consultation import DIRECT
from server.web import identity
from server.web.answers import private
from server.web.bodies import body
from server.web.schemas.ballots import FORGET_ANSWER, RECORD_ANSWER
from server.web.schemas.requests import FORGET_REQUEST
from server.web.service import service
from server.web.visits import Visit

blueprint = Blueprint("me", __name__)
PATH = "/api/v1/consultations/<slug>/me"


@blueprint.get(PATH)
def show(slug: str) -> Response:
    """Serve all that the store holds of this reader, as it is at this moment, also after the close.

    The ticket is for our own frames only, as with the deck: any page can plant a sandboxed one. A
    sandboxed booth changes a ballot by the ticket that came in its page.
    """
    snapshot = service().directory.find(slug)
    snapshot.demand_voter_key()
    source = snapshot.consultation.source(request.args.get("source", DIRECT))
    credential = identity.recognise(request, source.publisher, identity.bearer(request))
    visit = Visit(snapshot, credential, source) if credential else None
    own = request.headers.get("Origin") != identity.OPAQUE
    return private(RECORD_ANSWER.dump(service().station.record(snapshot, visit, ticket=own)))


@blueprint.delete(PATH)
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
