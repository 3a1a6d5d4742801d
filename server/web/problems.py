"""Problems: one table from code to status, one shape for every error (RFC 9457)."""

import logging
from http import HTTPStatus
from math import ceil

from flask import Flask, Response, json
from werkzeug.exceptions import HTTPException

from server.consultations.errors import Refusal, SlowDown

STATUS: dict[str, HTTPStatus] = {
    "json-malformed": HTTPStatus.BAD_REQUEST,
    "credential-missing": HTTPStatus.UNAUTHORIZED,
    "credential-invalid": HTTPStatus.UNAUTHORIZED,
    "token-invalid": HTTPStatus.UNAUTHORIZED,
    "sign-in-needed": HTTPStatus.UNAUTHORIZED,
    "not-allowed": HTTPStatus.FORBIDDEN,
    "form-stale": HTTPStatus.FORBIDDEN,
    "link-invalid": HTTPStatus.FORBIDDEN,
    "ticket-invalid": HTTPStatus.FORBIDDEN,
    "origin-refused": HTTPStatus.FORBIDDEN,
    "source-blocked": HTTPStatus.FORBIDDEN,
    "results-not-yet": HTTPStatus.FORBIDDEN,
    "no-ballot-found": HTTPStatus.CONFLICT,
    "not-a-rehearsal": HTTPStatus.FORBIDDEN,
    "proposals-not-taken": HTTPStatus.FORBIDDEN,
    "consultation-unknown": HTTPStatus.NOT_FOUND,
    "proposal-unknown": HTTPStatus.NOT_FOUND,
    "workshop-unknown": HTTPStatus.NOT_FOUND,
    "endorsement-unknown": HTTPStatus.NOT_FOUND,
    "member-unknown": HTTPStatus.NOT_FOUND,
    "token-unknown": HTTPStatus.NOT_FOUND,
    "minutes-not-yet": HTTPStatus.NOT_FOUND,
    "dossier-unknown": HTTPStatus.NOT_FOUND,
    "dossier-withdrawn": HTTPStatus.GONE,
    "dossier-refused": HTTPStatus.CONFLICT,
    "answer-unknown": HTTPStatus.NOT_FOUND,
    "action-unknown": HTTPStatus.NOT_FOUND,
    "news-unknown": HTTPStatus.NOT_FOUND,
    "draft-unknown": HTTPStatus.NOT_FOUND,
    "report-link-unknown": HTTPStatus.NOT_FOUND,
    "not-found": HTTPStatus.NOT_FOUND,
    "method-not-allowed": HTTPStatus.METHOD_NOT_ALLOWED,
    "consultation-not-open": HTTPStatus.CONFLICT,
    "consultation-closed": HTTPStatus.CONFLICT,
    "proposals-closed": HTTPStatus.CONFLICT,
    "featured-taken": HTTPStatus.CONFLICT,
    "answer-refused": HTTPStatus.CONFLICT,
    "selection-refused": HTTPStatus.CONFLICT,
    "workshop-refused": HTTPStatus.CONFLICT,
    "endorsement-refused": HTTPStatus.CONFLICT,
    "actions-not-yet": HTTPStatus.CONFLICT,
    "action-kept": HTTPStatus.CONFLICT,
    "too-many-actions": HTTPStatus.CONFLICT,
    "too-much-news": HTTPStatus.CONFLICT,
    "too-many-drafts": HTTPStatus.CONFLICT,
    "phase-refused": HTTPStatus.CONFLICT,
    "change-refused": HTTPStatus.CONFLICT,
    "votes-too-many": HTTPStatus.CONFLICT,
    "ballots-needed": HTTPStatus.CONFLICT,
    "recount-replaced": HTTPStatus.CONFLICT,
    "superseded": HTTPStatus.CONFLICT,
    "slug-taken": HTTPStatus.CONFLICT,
    "not-pending": HTTPStatus.CONFLICT,
    "changed-meanwhile": HTTPStatus.CONFLICT,
    "own-membership": HTTPStatus.CONFLICT,
    "already-decided": HTTPStatus.CONFLICT,
    "proposal-changed": HTTPStatus.CONFLICT,
    "merge-refused": HTTPStatus.CONFLICT,
    "same-text": HTTPStatus.CONFLICT,
    "undo-too-late": HTTPStatus.CONFLICT,
    "decision-replaced": HTTPStatus.CONFLICT,
    "not-published": HTTPStatus.CONFLICT,
    "not-sampled": HTTPStatus.CONFLICT,
    "label-unknown": HTTPStatus.UNPROCESSABLE_ENTITY,
    "ballots-destroyed": HTTPStatus.GONE,
    "length-required": HTTPStatus.LENGTH_REQUIRED,
    "body-too-large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "content-type-refused": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "body-invalid": HTTPStatus.UNPROCESSABLE_ENTITY,
    "confirmation-needed": HTTPStatus.UNPROCESSABLE_ENTITY,
    "source-unknown": HTTPStatus.UNPROCESSABLE_ENTITY,
    "qualification-mismatch": HTTPStatus.UNPROCESSABLE_ENTITY,
    "wording-refused": HTTPStatus.UNPROCESSABLE_ENTITY,
    "member-refused": HTTPStatus.UNPROCESSABLE_ENTITY,
    "token-refused": HTTPStatus.UNPROCESSABLE_ENTITY,
    "file-refused": HTTPStatus.UNPROCESSABLE_ENTITY,
    "slow-down": HTTPStatus.TOO_MANY_REQUESTS,
    "unexpected": HTTPStatus.INTERNAL_SERVER_ERROR,
    "clocks-apart": HTTPStatus.SERVICE_UNAVAILABLE,
    "purge-incomplete": HTTPStatus.SERVICE_UNAVAILABLE,
    "too-late": HTTPStatus.SERVICE_UNAVAILABLE,
    "store-unavailable": HTTPStatus.SERVICE_UNAVAILABLE,
}
RETRY_AFTER = {"too-late": 1, "store-unavailable": 2}  # seconds
HTTP_CODES = {404: "not-found", 405: "method-not-allowed", 413: "body-too-large"}

log = logging.getLogger(__name__)


def problem(code: str, detail: str, field: str | None = None, **extra: object) -> Response:
    """Return the problem document of `code`; `field` names the part of the input at fault."""
    status = STATUS[code]
    document = {
        "type": f"urn:isoloir:problem:{code}",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        "code": code,
        **({"field": field} if field else {}),
        **extra,
    }
    response = Response(json.dumps(document), status.value, mimetype="application/problem+json")
    response.headers["Cache-Control"] = "no-store"
    return response


def init_app(app: Flask) -> None:
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def say_when(response: Response, refusal: Refusal) -> Response:
    """Add when to come back, in whole seconds, if the refusal passes by itself."""
    wait = RETRY_AFTER.get(refusal.code)
    if isinstance(refusal, SlowDown):
        wait = ceil(refusal.extra["wait"] / 1000)
    if wait is not None:
        response.headers["Retry-After"] = str(wait)
    return response


def _refused(refusal: Refusal) -> Response:
    response = problem(refusal.code, refusal.detail, refusal.field, **refusal.extra)
    return say_when(response, refusal)


def _http(error: HTTPException) -> Response:
    code = HTTP_CODES.get(error.code or 500)
    if code is None:
        return _unexpected(error) if (error.code or 500) >= 500 else _other(error)
    response = problem(code, error.description or "")
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _other(error: HTTPException) -> Response:
    """Pass on what is no refusal of ours: a redirect, or a fault of HTTP itself."""
    document = error.get_response()
    return Response(document.get_data(), document.status_code, document.headers)


def _unexpected(error: Exception) -> Response:
    log.exception("unexpected error", exc_info=error)
    return problem("unexpected", "Something went wrong on our side. Send it again: it counts once.")
