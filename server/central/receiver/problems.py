"""The receiver's problems: one table from code to status, one shape for every error (RFC 9457)."""

import logging
from typing import Any

from flask import Flask, Response, json
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES

STATUS = {
    "json-malformed": 400,
    "encoding-malformed": 400,
    "request-malformed": 400,
    "signature-invalid": 401,
    "not-found": 404,
    "method-not-allowed": 405,
    "fence-lower": 409,
    "checksum-mismatch": 409,
    "body-too-large": 413,
    "content-type-refused": 415,
    "document-invalid": 422,
    "unexpected": 500,
    "database-unavailable": 503,
}
HTTP_CODES = {404: "not-found", 405: "method-not-allowed", 413: "body-too-large"}
RETRY_AFTER = 2  # seconds

log = logging.getLogger(__name__)


class Problem(Exception):
    """A request that is refused. `extra` goes into the answer as it is."""

    def __init__(self, code: str, detail: str, **extra: Any) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.extra = extra


def init_app(app: Flask) -> None:
    app.register_error_handler(Problem, lambda p: respond(p.code, p.detail, **p.extra))
    app.register_error_handler(OperationalError, _no_database)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def respond(code: str, detail: str, **extra: Any) -> Response:
    """Return the problem document of `code`."""
    status = STATUS[code]
    document = {
        "type": f"urn:isoloir:problem:{code}",
        "title": HTTP_STATUS_CODES[status],
        "status": status,
        "detail": detail,
        "code": code,
        **extra,
    }
    response = Response(json.dumps(document), status, mimetype="application/problem+json")
    response.headers["Cache-Control"] = "no-store"
    if status == STATUS["database-unavailable"]:
        response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _no_database(error: OperationalError) -> Response:
    log.warning("The database does not answer: %s", error.orig)
    return respond("database-unavailable", "The database does not answer. Send it again.")


def _http(error: HTTPException) -> Response:
    code = HTTP_CODES.get(error.code or 400, "request-malformed")
    response = respond(code, error.description or "")
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _unexpected(_: Exception) -> Response:
    log.exception("Unexpected")
    return respond("unexpected", "Something went wrong here. It is in our log.")
