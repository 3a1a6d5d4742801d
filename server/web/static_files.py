"""Static files: the booth's hashed assets, and the loader that publishers link to."""

from http import HTTPStatus

from flask import Blueprint, Response, abort, request

from server.web.assets import Asset
from server.web.service import service

blueprint = Blueprint("static_files", __name__)

FOR_EVER = "public, max-age=31536000, immutable"
CHANNEL = "public, max-age=3600, stale-while-revalidate=86400"


@blueprint.get("/assets/<name>")
def asset(name: str) -> Response:
    found = service().assets.find(name)
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    return _serve(found, FOR_EVER)


@blueprint.get("/embed/v1.js")
def loader() -> Response:
    """Serve the compatible channel: the same address for years, renewed within the hour."""
    return _serve(service().assets.loader, CHANNEL)


def _serve(asset: Asset, cache: str) -> Response:
    packed = request.accept_encodings["gzip"] > 0
    response = Response(asset.gzip if packed else asset.body, mimetype=asset.mimetype)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = cache
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.vary.add("Accept-Encoding")
    response.set_etag(asset.etag)
    response.make_conditional(request)
    return response
