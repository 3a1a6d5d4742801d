"""Bodies: what a request carries, read within bounds and checked against its schema."""

from typing import Any

import orjson
from flask import Request, request
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from server.web.refusals import BodyInvalid, ContentTypeRefused, JsonMalformed, LengthRequired

JSON = "application/json"


def demand_length() -> None:
    """Refuse a body that does not say how long it is; no browser sends one."""
    if "HTTP_TRANSFER_ENCODING" in request.environ:
        raise LengthRequired("Say how long the body is.", field="content-length")


def body(request: Request, schema: Schema) -> dict[str, Any]:
    """Return the JSON body, checked; raise a refusal that names the field at fault."""
    # As every browser of ours writes it; or as others may, which takes longer to read.
    if request.environ.get("CONTENT_TYPE") != JSON and request.mimetype != JSON:
        raise ContentTypeRefused("Send application/json.", field="content-type")
    try:
        parsed = orjson.loads(_sent(request))
    except (ValueError, OSError) as error:
        raise JsonMalformed("The body is not JSON.", field="body") from error
    return checked(schema, parsed)


def _sent(request: Request) -> bytes:
    """Return the whole body, read in one go; raise `RequestEntityTooLarge` unread if it is long."""
    length = int(request.environ.get("CONTENT_LENGTH") or 0)
    if length > (request.max_content_length or 0):
        raise RequestEntityTooLarge
    sent: bytes = request.environ["wsgi.input"].read(max(0, length))
    return sent


def checked(schema: Schema, parsed: Any) -> dict[str, Any]:
    """Return `parsed` as the schema loads it; raise `BodyInvalid` with every fault."""
    try:
        loaded: dict[str, Any] = schema.load(parsed)
    except ValidationError as error:
        faults = list(_faults(error.messages))
        detail = "; ".join(f"{fault['field']}: {fault['message']}" for fault in faults)
        raise BodyInvalid(detail, field=faults[0]["field"], errors=faults) from None
    return loaded


def _faults(messages: Any, path: str = "") -> list[dict[str, str]]:
    if isinstance(messages, dict):
        return [
            fault for name, below in messages.items() for fault in _faults(below, _join(path, name))
        ]
    return [{"field": path or "body", "message": str(message)} for message in messages]


def _join(path: str, name: Any) -> str:
    name = "body" if name == "_schema" else str(name)
    return f"{path}.{name}" if path else name
