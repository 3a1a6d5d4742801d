"""Sandboxed frames: they may use the API, and read it, but never with the reader's cookies."""

from flask import Flask, Response, request
from flask_cors.core import get_cors_options, set_cors_headers

from server.web.identity import OPAQUE

API = "/api/v1/"
STAFF = "/api/v1/staff"  # their tokens belong in programs, never in a page of anybody's
SHEETS = ("menu.menu", "propose_form.show")  # pages that the booth's script reads, too


def init_app(app: Flask) -> None:
    """Let flask-cors answer them. Nobody else is allowed anything, so nobody else waits for it."""
    allowed = get_cors_options(
        app,
        {
            "origins": [OPAQUE],
            "allow_headers": ["Authorization", "Content-Type"],
            "expose_headers": ["Retry-After"],
            "methods": ["GET", "POST", "PUT", "DELETE"],
            "always_send": False,
            "max_age": 86400,
        },
    )

    @app.after_request
    def _allow(response: Response) -> Response:
        if request.environ.get("HTTP_ORIGIN") == OPAQUE and _read_by_script():
            set_cors_headers(response, allowed)
        return response


def _read_by_script() -> bool:
    path = request.path
    of_readers = path.startswith(API) and not path.startswith(STAFF)
    return of_readers or request.endpoint in SHEETS
