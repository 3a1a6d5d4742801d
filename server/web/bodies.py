"""Bodies: what a request carries, read within bounds and checked against its schema."""

import json
from typing import Any

from flask import Request, request
from marshmallow import Schema, ValidationError

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
        sent = request.get_data()
        parsed = json.loads(sent)
        if b"\\u" in sent:
            json.dumps(parsed, ensure_ascii=False).encode()  # half a character cannot be kept
    except (ValueError, RecursionError, OSError) as error:
        raise JsonMalformed("The body is not JSON.", field="body") from error
    return checked(schema, parsed)


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
