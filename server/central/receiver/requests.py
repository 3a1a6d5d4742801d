"""Reading a request: its headers, its size, its signature, and only then what it says."""

import json
import zlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Request

from server.central import signing
from server.central.receiver.problems import Problem

SENT_LIMIT = 16 * 1024 * 1024  # bytes as sent
BODY_LIMIT = 128 * 1024 * 1024  # bytes of JSON: some 150 000 rows
GZIP = 16 + zlib.MAX_WBITS


def read_body(secrets: Sequence[str], request: Request) -> bytes:
    """Return the body as it was before compression; raise `Problem` for one we do not take.

    Nothing is unpacked that was not signed, nor even read without headers that could be true.
    """
    if request.mimetype != "application/json":
        raise Problem("content-type-refused", "Send application/json.", field="content-type")
    encoding = request.headers.get("content-encoding", "identity")
    if encoding not in {"gzip", "identity"}:
        raise Problem("content-type-refused", "Send gzip or no encoding.", field="content-encoding")
    sent = read_signed(secrets, request, lambda: request.get_data(cache=False))
    return _inflate(sent) if encoding == "gzip" else sent


def read_signed(secrets: Sequence[str], request: Request, read: Callable[[], bytes]) -> bytes:
    """Return what `read` gives; raise `Problem` unless a secret that we share signed it just now."""
    try:
        # The real time, because that is what the other end signs.
        signature = signing.Signature.read(dict(request.headers), datetime.now(UTC))
        signed = read()
        signature.verify(secrets, signed)
    except signing.SignatureRefused as refused:
        raise Problem("signature-invalid", str(refused), field="webhook-signature") from None
    return signed


def read_json(body: bytes) -> Any:
    """Return what the body says; a number that no JSON reader holds is malformed too."""
    try:
        return json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Problem("json-malformed", "The body is not JSON.", field="body") from None


def _inflate(sent: bytes) -> bytes:
    """Unpack gzip, but never more than the limit.

    That is the only limit: a document of zeros shrinks to a hundredth by itself.
    """
    unpacking = zlib.decompressobj(GZIP)
    try:
        body = unpacking.decompress(sent, BODY_LIMIT + 1)
    except zlib.error:
        raise _not_gzip() from None
    if len(body) > BODY_LIMIT:
        raise _too_large()
    if not unpacking.eof or unpacking.unused_data:
        raise _not_gzip()
    return body


def _too_large() -> Problem:
    return Problem("body-too-large", f"At most {BODY_LIMIT} bytes.", field="body")


def _not_gzip() -> Problem:
    return Problem("encoding-malformed", "The body is not gzip.", field="content-encoding")


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)
