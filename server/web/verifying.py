"""Verifying: a page on which anybody's browser checks minutes, and asks no server."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, render_template, request

from server.consultations.minutes_shape import SHAPE
from server.web import headers, static_files
from server.web.service import service

blueprint = Blueprint("verifying", __name__)

WORKER = "checker.js"
SHORTLY = "public, max-age=60"  # a new key is there within the minute, as in keys.json
# Nothing that the page or its worker reads can leave the browser: there is nowhere to send it.
POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src data:; "
    "connect-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
WORKER_POLICY = "default-src 'none'; connect-src 'none'"
NAMES: dict[Any, str] = {str: "text", int: "whole", bool: "truth"}


@blueprint.get("/verify")
def show() -> Response:
    """Serve the page with the keys of this service, in the language that is asked for."""
    messages = service().messages
    preferred = request.accept_languages.best_match(messages.spoken)
    speech = messages.speech(messages.known(request.args.get("lang")), preferred)
    shown = render_template(
        "verify.html",
        known={"keys": [key.base64 for key in service().keyring.keys], "shape": told(SHAPE)},
        keys=[key.id for key in service().keyring.keys],
        worker=service().assets.url(WORKER).replace("/assets/", "/verify/"),
        service=service().settings.origin,
        lang=speech.lang,
        dir=speech.direction,
        t=speech.t,
        spoken=messages.names(),
        asset=service().assets.url,
    )
    response = Response(shown, mimetype="text/html")
    headers.dress(response, service().settings.origin, headers.NOBODY, SHORTLY)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Content-Language"] = speech.lang
    response.vary.add("Accept-Language")
    return response


@blueprint.get("/verify/<name>")
def worker(name: str) -> Response:
    """Serve the worker: its policy is that of its own answer, not of the page that starts it."""
    if name != service().assets.hashed[WORKER]:
        abort(HTTPStatus.NOT_FOUND)
    response = static_files.asset(name)
    response.headers["Content-Security-Policy"] = WORKER_POLICY
    response.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
    return response


def told(shape: Any) -> Any:
    """Return the shape of minutes as JSON, in the notation of `check_shape.js`."""
    if isinstance(shape, tuple):
        return ["or null", told(shape[0])]
    if isinstance(shape, list):
        return ["list", told(shape[0])]
    if isinstance(shape, dict) and str in shape:
        return ["names", told(shape[str])]
    if isinstance(shape, dict):
        return {name: told(inner) for name, inner in shape.items()}
    return NAMES[shape]
