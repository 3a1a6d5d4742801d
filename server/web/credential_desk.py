"""The credential desk: a pseudonym for whoever reaches out to vote. Nothing is kept."""

from flask import Blueprint, Response, request

from server.web import identity
from server.web.answers import private
from server.web.bodies import body
from server.web.schemas.ballots import CREDENTIAL_ANSWER
from server.web.schemas.requests import CREDENTIAL_REQUEST
from server.web.service import service

blueprint = Blueprint("credential", __name__)


@blueprint.post("/api/v1/credential")
def issue() -> Response:
    identity.demand_own_origin(request)
    wanted = body(request, CREDENTIAL_REQUEST)
    consultation = service().directory.find(wanted["consultation"]).consultation
    publisher = consultation.source(wanted["source"]).publisher
    return private(CREDENTIAL_ANSWER.dump({"credential": identity.issue(request, publisher)}))
