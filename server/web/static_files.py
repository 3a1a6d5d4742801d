"""Static files: the booth's hashed assets, and the loader that publishers link to."""

from http import HTTPStatus

from flask import Blueprint, Response, abort, request

from server.web.asset import Asset
from server.web.service import service

blueprint = Blueprint("static_files", __name__)

FOR_EVER = "public, max-age=31536000, immutable"
CHANNEL = "public, max-age=3600, stale-while-revalidate=86400"
PACKINGS = ("br", "gzip")  # the smallest first


@blueprint.get("/assets/<name>")
def asset(name: str) -> Response:
    return _serve(service().assets.find(name), FOR_EVER)


@blueprint.get("/embed/v1.js")
def loader() -> Response:
    """Serve the compatible channel: the same address for years, renewed within the hour."""
    return _serve(service().assets.loader, CHANNEL)


@blueprint.get("/embed/<version>/embed.js")
def release(version: str) -> Response:
    """Serve a loader that never changes, for pages that name its hash."""
    return _serve(service().assets.release(version), FOR_EVER)


def _serve(asset: Asset | None, cache: str) -> Response:
    if asset is None:
        abort(HTTPStatus.NOT_FOUND)
    packing = request.accept_encodings.best_match(PACKINGS)
    response = Response(asset.packed(packing), mimetype=asset.mimetype)
    if packing:
        response.headers["Content-Encoding"] = packing
    response.headers["Cache-Control"] = cache
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.vary.add("Accept-Encoding")
    response.set_etag(asset.etag, weak=True)  # the same for all packings
    response.make_conditional(request)
    return response
