"""Definition forms: a consultation as the fields of a form, and back to what a file would say.

A field is called what a fault in a file would call it: `deck.size`, `sources[1].origins`.
"""

import base64
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict

from server.consultations.changing import RULES, field_of, is_past
from server.consultations.consultation import Consultation
from server.consultations.deck_rules import DeckRules
from server.consultations.errors import Fault
from server.consultations.file_writing import definition
from server.consultations.operations import ideas

TEXTS = (
    "question", "slug", "language", "kind", "theme", "cause", "timezone", "opens",
    "proposals-until", "closes", "prefix", "results", "retention", "proposing", "afterwards",
    "rehearsal",
)  # fmt: skip
TIMES = ("opens", "proposals-until", "closes")
ROWS = {
    "sources": ("name", "title", "publisher", "origins", "accent", "blocked"),
    "partners": ("role", "name", "link", "logo"),
}
DECK = [field_of(name) for name in vars(DeckRules())]
ROW = re.compile(r"(sources|partners)\[([0-9]{1,3})\]\.([a-z]+)")
MINUTE = 16  # characters of a time to the minute
LOGOS = ("image/png", "image/jpeg", "image/webp")

Flat = Mapping[str, str]


def flat(asked: Consultation) -> dict[str, str]:
    """Return the value of each field as the form of a consultation shows it."""
    return flattened({**definition(asked), "deck": written_deck(asked.deck)})


def written_deck(rules: DeckRules) -> dict[str, int]:
    return {field_of(name): value for name, value in vars(rules).items()}


def flattened(said: Mapping[str, Any]) -> dict[str, str]:
    """Return fields of what a file says."""
    found = {key: _text(said[key]) for key in TEXTS if said.get(key) is not None}
    for key in TIMES:
        if key in found:
            found[key] = _clock(found[key])
    found |= {f"deck.{key}": str(value) for key, value in (said.get("deck") or {}).items()}
    for group in ROWS:
        for number, row in enumerate(said.get(group) or [], 1):
            found |= {f"{group}[{number}].{key}": _text(value) for key, value in row.items()}
    return found


def nested(fields: Flat) -> dict[str, Any]:
    """Return what a file would say of these fields; rows that are empty are nothing."""
    said: dict[str, Any] = {key: fields[key].strip() for key in TEXTS if fields.get(key)}
    said["deck"] = {key: fields[f"deck.{key}"].strip() for key in DECK if fields.get(f"deck.{key}")}
    rows: dict[str, dict[int, dict[str, Any]]] = {group: {} for group in ROWS}
    for name, value in fields.items():
        found = ROW.fullmatch(name)
        if found and found[3] in ROWS[found[1]] and value.strip():
            rows[found[1]].setdefault(int(found[2]), {})[found[3]] = value.strip()
    for group, given in rows.items():
        said[group] = [_row(given[number]) for number in sorted(given)]
    said["proposals"] = ideas(fields.get("proposals", ""))
    return said


def sent(form: MultiDict[str, str], files: MultiDict[str, FileStorage]) -> dict[str, str]:
    """Return the fields of a form; a picture that came with it stands in its logo's field."""
    found = {name: value for name, value in form.items() if len(name) <= 40}
    for name, file in files.items():
        if file and ROW.fullmatch(name) and name.endswith(".logo") and (picture := file.read()):
            kind = file.mimetype if file.mimetype in LOGOS else LOGOS[0]
            found[name] = f"data:{kind};base64,{base64.b64encode(picture).decode()}"
    return found


def tidied(fields: Flat) -> dict[str, str]:
    """Return fields whose rows are numbered from 1 again, as faults number them."""
    said = nested(fields)
    deck = {name: value for name, value in fields.items() if name.startswith("deck.")}
    return {**flattened(said), **deck, "proposals": fields.get("proposals", "")}


def field_with(fault: Fault) -> str:
    """Return the form's field that a fault is about: origins are one field together."""
    return re.sub(r"(origins|proposals)\[.*", r"\1", fault.field)


def open_fields(asked: Consultation, now: datetime) -> set[str]:
    """Return the top keys that may still be changed."""
    every = {field_of(name) for name, rule in RULES.items() if not is_past(asked, rule, now)}
    return every & {*TEXTS, *ROWS, "deck"}


def wishes(read: Flat, fields: Flat, keys: set[str]) -> dict[str, Any]:
    """Return what somebody changed of what they read, under the keys that they could change."""
    before, after = nested(read), nested(fields)
    return {
        key: after.get(key)
        for key in sorted(keys)
        if (after.get(key) or None) != (before.get(key) or None)
    }


def written_out(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each top key with its value in words, to be shown beside somebody's own."""
    for key, value in values.items():
        if isinstance(value, Mapping):
            value = ", ".join(f"{name} {number}" for name, number in value.items())
        elif isinstance(value, list):
            value = "; ".join(" ".join(_text(part) for part in row.values()) for row in value)
        yield key, _text(value or "")


def _row(given: dict[str, Any]) -> dict[str, Any]:
    return {**given, "origins": given["origins"].split()} if "origins" in given else given


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else ""
    return "\n".join(value) if isinstance(value, list) else str(value)


def _clock(text: str) -> str:
    """Return a time as a field for times takes it: to the second, without its zone."""
    plain = text.replace(" ", "T")[: MINUTE + 3]
    return plain.removesuffix(":00") if len(plain) > MINUTE else plain
