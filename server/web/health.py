"""Health: is this process alive, and can it take votes?"""

from flask import Blueprint, Response, jsonify

from server.consultations.errors import StoreUnavailable
from server.store.connection import StoreUnfit
from server.store.fitness import check
from server.web.service import service

blueprint = Blueprint("health", __name__, url_prefix="/health")


@blueprint.get("/live")
def live() -> Response:
    return jsonify(status="ok")


@blueprint.get("/ready")
def ready() -> Response:
    """Answer 503 while the store is missing or would lose votes."""
    try:
        check(service().store.redis)
    except StoreUnfit as error:
        raise StoreUnavailable(str(error)) from error
    return jsonify(status="ok", durability=service().store.durability)
