"""Minutes as a file from anywhere: read without trusting it, and checked against itself.

A file is what somebody hands over to be believed, so nothing in it is taken for granted: not its
size, not its types, not that a key stands in it once.
"""

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from server.consultations.minutes import ALGORITHM, FORMAT, Document, signed_part, totals
from server.consultations.minutes_shape import Misshapen, demand
from server.consultations.rows import COUNTERS, checksum

SIZE_LIMIT = 512 * 1024 * 1024  # bytes; some 600 000 rows. Read, a file takes ten times its size
SPACING = 10  # bytes; in minutes a list, an object or a comma comes every 15
FREE_MARKS = 200_000  # so many of these cost little, however close
DIGITS = 16


class NotMinutes(ValueError):
    """A file that cannot be checked at all. The message is one line that says why."""


class Key(Protocol):
    @property
    def id(self) -> str: ...
    def fits(self, signature: bytes, message: bytes) -> bool: ...


def parse(content: bytes) -> Document:
    """Return the document; raise `NotMinutes` unless every value has its shape."""
    if len(content) > SIZE_LIMIT:
        raise NotMinutes(f"it is larger than {SIZE_LIMIT // 1024 // 1024} MB.")
    if sum(map(content.count, (b"{", b"[", b","))) > FREE_MARKS + len(content) // SPACING:
        raise NotMinutes("it holds more lists and objects than minutes do.")
    try:
        document = json.loads(
            content.decode(),
            object_pairs_hook=_once,
            parse_int=_whole,
            parse_float=_never,
            parse_constant=_never,
        )
    except UnicodeDecodeError:
        raise NotMinutes("it is not UTF-8 text.") from None
    except json.JSONDecodeError as error:
        raise NotMinutes(f"it is not JSON (line {error.lineno}).") from None
    except RecursionError:
        raise NotMinutes("it is nested too deeply.") from None
    _demand_format(document)
    try:
        demand(document)
    except Misshapen as wrong:
        raise NotMinutes(str(wrong)) from None
    _demand_signature(document["signature"])
    return document  # type: ignore[no-any-return]


def signed_by(document: Document, key: Key) -> bool:
    """Whether the owner of `key` signed exactly this. The document is one that `parse` made."""
    value = base64.b64decode(document["signature"]["value"])
    return document["signature"]["key"] == key.id and key.fits(value, signed_part(document))


def faults(document: Document) -> Iterator[str]:
    """Yield everything in which the numbers contradict each other, a line each."""
    versions = [*(one["version"] for one in document["earlier"]), document["version"]]
    if versions != list(range(1, len(versions) + 1)):
        yield "It does not name every earlier version."
    rows = document["rows"]
    places = [(row["proposal"], row["source"]) for row in rows]
    if places != sorted(set(places)):
        yield "The rows are not in their order, or one is there twice."
    if document["checksum"] != checksum(rows):
        yield "The checksum is not that of the rows."
    if document["totals"] != totals(rows):
        yield "The totals are not the sums of the rows."
    if not all(_plausible(counted) for row in rows for counted in row["votes"].values()):
        yield "A row counts more verified ballots, or more nuances, than votes."
    voters = document["voters"]
    if not {source for _, source in places} <= voters["sources"].keys():
        yield "A row is of a source that the voters do not name."
    if voters["total"] != sum(voters["sources"].values()):
        yield "The voters are not the sum over the sources."


def _plausible(counted: Mapping[str, Any]) -> bool:
    nuances = counted["qualifications"].values()
    falls = all(c["count"] >= c["countVerified"] >= c["countSequence"] for c in (counted, *nuances))
    return falls and all(nuance[c] <= counted[c] for nuance in nuances for c in COUNTERS)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise NotMinutes("a key stands in it twice.")
    return found


def _whole(text: str) -> int:
    if len(text) > DIGITS or text.startswith("-"):
        raise NotMinutes(f"it holds a number that no count has: {text[: 2 * DIGITS]}.")
    return int(text)


def _never(text: str) -> None:
    raise NotMinutes(f"it holds a number that no count has: {text[: 2 * DIGITS]}.")


def _demand_format(document: Any) -> None:
    named = document.get("format") if isinstance(document, dict) else None
    if not isinstance(named, str):
        raise NotMinutes(f"it does not say “format”: “{FORMAT}”.")
    if named != FORMAT:
        raise NotMinutes(f"its format is not {FORMAT}; another version of isoloir may read it.")


def _demand_signature(signature: Mapping[str, str]) -> None:
    if signature["algorithm"] != ALGORITHM:
        raise NotMinutes(f"its signature is not {ALGORITHM} but “{signature['algorithm']}”.")
    if not _is_base64(signature["value"]):
        raise NotMinutes("its signature is not base64.")


def _is_base64(text: str) -> bool:
    """Whether it is what an encoder writes: some bytes have other texts that decode to them."""
    try:
        return base64.b64encode(base64.b64decode(text, validate=True)).decode() == text
    except ValueError:
        return False
