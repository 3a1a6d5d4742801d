"""Entries: what staff write one by one, read by the rules that hold for it in a file."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from server.consultations.errors import WordingRefused
from server.consultations.records import Wrong
from server.consultations.typography import printed

SPACES = re.compile(r"[ \t\r\n]+")  # of which one is left; a narrow one was meant
Given = Mapping[str, Any]  # texts, lists of texts, or nothing, by name


@dataclass(frozen=True)
class Part:
    """One thing of an entry: how its text is read, and whether it must be there.

    `most` makes it a list of so many at the most; `prose` is set as its language is printed.
    """

    parse: Callable[[str], Any]
    required: bool = False
    most: int | None = None
    prose: bool = False


def read(parts: Mapping[str, Part], given: Given, language: str) -> dict[str, Any]:
    """Return what was given, part by part; raise `WordingRefused` with every fault."""
    found: dict[str, Any] = {}
    faults = []
    for name, part in parts.items():
        try:
            found[name] = _read(part, given.get(name), language)
        except Wrong as wrong:
            faults.append({"field": name, "code": "value-refused", "message": str(wrong)})
    if faults:
        raise WordingRefused(faults)
    return found


def _read(part: Part, given: Any, language: str) -> Any:
    if part.most is not None:
        return _list(part, [one for one in given or () if str(one).strip()], part.most, language)
    text = "" if given is None else _one_line(given)
    if not text:
        if part.required:
            raise Wrong("is missing.")
        return None
    return _value(part, text, language)


def _list(part: Part, given: Sequence[Any], most: int, language: str) -> tuple[Any, ...]:
    if len(given) > most:
        raise Wrong(f"must be at most {most}.")
    found = tuple(_value(part, _one_line(one), language) for one in given)
    return tuple(dict.fromkeys(found))


def _one_line(given: Any) -> str:
    """Return a text whose line breaks are spaces: what several lines hold is one paragraph."""
    return SPACES.sub(" ", str(given)).strip()


def _value(part: Part, text: str, language: str) -> Any:
    read = part.parse(text)
    return printed(read, language) if part.prose else read
