"""The API's own description, drawn from the schemas that check it."""

from functools import cache
from http import HTTPStatus
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Blueprint, Response, jsonify
from marshmallow import Schema

from server.version import VERSION
from server.web import minutes, schemas

blueprint = Blueprint("openapi", __name__)

BASE = "/api/v1/consultations"
OPERATIONS: tuple[tuple[str, str, str, type[Schema] | None, type[Schema]], ...] = (
    ("/api/v1/credential", "post", "Get a credential; nothing is kept",
     schemas.CredentialRequest, schemas.CredentialAnswer),
    (f"{BASE}/{{slug}}/proposals/{{proposal}}/ballot", "put", "State the ballot wanted",
     schemas.BallotRequest, schemas.BallotAnswer),
    (f"{BASE}/{{slug}}/proposals/{{proposal}}/ballot", "delete", "Take a ballot back",
     schemas.WithdrawRequest, schemas.BallotAnswer),
    (f"{BASE}/{{slug}}/me", "delete", "Forget this reader: their ballots, or after the close the link",
     schemas.ForgetRequest, schemas.ForgetAnswer),
    (f"{BASE}/{{slug}}", "get", "A consultation", None, schemas.ConsultationAnswer),
    (f"{BASE}/{{slug}}/deck", "get", "The shared deck, or the reader's own",
     None, schemas.PersonalDeckAnswer),
    (f"{BASE}/{{slug}}/results", "get", "What the rule lets this reader see",
     None, schemas.PublicResultsAnswer),
    (f"{BASE}/{{slug}}/minutes", "get", "The signed final record, from the close on",
     None, schemas.MinutesAnswer),
    (minutes.KEYS, "get", "The public keys that verify minutes", None, schemas.KeysAnswer),
)  # fmt: skip
QUERY = {f"{BASE}/{{slug}}/minutes": {"version": "integer"}}  # what an address may carry behind `?`


@blueprint.get("/api/v1/openapi.json")
def show() -> Response:
    return jsonify(document())


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of the public API."""
    spec = APISpec("Isoloir", VERSION, "3.1.0", plugins=[MarshmallowPlugin()])
    paths: dict[str, dict[str, Any]] = {}
    for path, method, summary, asked, given in OPERATIONS:
        paths.setdefault(path, {})[method] = _operation(path, summary, asked, given)
    for path, operations in paths.items():
        spec.path(path, operations=operations)
    return spec.to_dict()


def _operation(
    path: str, summary: str, asked: type[Schema] | None, given: type[Schema]
) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": summary,
        "parameters": [
            {"in": "path", "name": name, "required": True, "schema": {"type": kind}}
            for name, kind in (("slug", "string"), ("proposal", "integer"))
            if f"{{{name}}}" in path
        ]
        + [
            {"in": "query", "name": name, "schema": {"type": kind}}
            for name, kind in QUERY.get(path, {}).items()
        ],
        "responses": {
            str(HTTPStatus.OK.value): _answer(HTTPStatus.OK.phrase, "application/json", given),
            "default": _answer("Refused", "application/problem+json", schemas.ProblemAnswer),
        },
    }
    if asked:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": asked}},
        }
    return operation


def _answer(description: str, mimetype: str, schema: type[Schema]) -> dict[str, Any]:
    return {"description": description, "content": {mimetype: {"schema": schema}}}
