"""The shape of minutes: what stands in them, and of which type it is."""

import re
from typing import Any

from server.consultations.ballots import QUALIFICATIONS
from server.consultations.rows import COUNTERS

TEXT = re.compile("[^\ud800-\udfff]*")  # half a character has no UTF-8, so nobody can sign it
_COUNTERS = dict.fromkeys(COUNTERS, int)
_VOTES = {
    str(vote): {**_COUNTERS, "qualifications": dict.fromkeys(names, _COUNTERS)}
    for vote, names in QUALIFICATIONS.items()
}
# What a value must be: a type, the keys of an object, [what each of a list is], {str: what each
# of any names is}, or (several that will do).
SHAPE: Any = {
    "format": str,
    "version": int,
    "earlier": [{"version": int, "sha256": str}],
    "reason": (str, None),
    "service": str,
    "deployment": str,
    "rehearsal": bool,
    "consultation": {
        "slug": str,
        "question": str,
        "languages": [str],
        "sources": [{"name": str, "title": str}],
    },
    "window": {"opens": str, "closes": str, "timezone": str},
    "sealedAt": str,
    "drawnUpAt": str,
    "revisions": [int],
    "voters": {"total": int, "sources": {str: int}},
    "folded": {"below": int, "sources": [str]},
    "proposals": [{"proposal": str, "state": str, "text": (str, None)}],
    "rows": [{"proposal": str, "source": str, "votes": _VOTES}],
    "totals": _VOTES,
    "checksum": str,
    "recount": {
        "differences": int,
        "listed": [
            {
                "proposal": (str, None),
                "source": str,
                "code": (int, None),
                "tallied": int,
                "counted": int,
            }
        ],
    },
    "signature": {"algorithm": str, "key": str, "publicKey": str, "value": str},
}  # fmt: skip
WORDS = {str: "plain text", int: "a whole number", bool: "true or false", None: "null"}


class Misshapen(Exception):
    """A value of the wrong shape; `path` leads to it."""

    def __init__(self, path: str, wanted: str) -> None:
        super().__init__(f"{path or 'the file'} must be {wanted}.")


def demand(document: Any) -> None:
    """Raise `Misshapen` at the first value of the document that has not its shape."""
    _demand(document, SHAPE, "")


def _demand(value: Any, shape: Any, path: str) -> None:
    if isinstance(shape, tuple):
        if value is not None:
            _demand(value, shape[0], path)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            raise Misshapen(path, "a list")
        for number, one in enumerate(value):
            _demand(one, shape[0], f"{path}[{number}]")
    elif isinstance(shape, dict):
        _demand_object(value, shape, path)
    elif type(value) is not shape or (shape is str and not TEXT.fullmatch(value)):
        raise Misshapen(path, WORDS[shape])


def _demand_object(value: Any, shape: dict[Any, Any], path: str) -> None:
    if not isinstance(value, dict):
        raise Misshapen(path, "an object")
    shapes = dict.fromkeys(value, shape[str]) if str in shape else shape
    if value.keys() != shapes.keys():
        raise Misshapen(path, f"an object with the keys {', '.join(sorted(shapes))}")
    for name, one in value.items():
        _demand(name, str, path)
        _demand(one, shapes[name], f"{path}.{name}" if path else name)
