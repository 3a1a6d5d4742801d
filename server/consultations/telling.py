"""Telling: what of a consultation was changed, before and after, in a line for the trail."""

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import takewhile
from typing import Any

from server.consultations.changing import changed, field_of, zone_of
from server.consultations.consultation import Consultation
from server.consultations.steering import local

NOTHING = "–"
PIECE = 400  # characters of what is told that stand in one line of the trail
LONG = 160  # characters of a text that are told of a change
AROUND = 20  # of them before what differs
TOLD_BY_TEXT = "former"  # of an answer: what its text was


def told(old: Consultation, new: Consultation) -> list[str]:
    """Return lines for each thing that differs: its name, what it was, and what it is."""
    names = changed(old, new)
    return [line for name in names for line in lines(field_of(name), _pair(old, new, name))]


def lines(name: str, said: str) -> list[str]:
    """Return one line, or several that are numbered: the trail cuts what is too long for one."""
    pieces = [said[at : at + PIECE] for at in range(0, len(said), PIECE)]
    if len(pieces) == 1:
        return [f"{name}: {said}"]
    return [f"{name} ({n}/{len(pieces)}): {piece}" for n, piece in enumerate(pieces, 1)]


def _pair(old: Consultation, new: Consultation, name: str) -> str:
    if name == "timezone":
        return f"{zone_of(old)} → {zone_of(new)}"
    before, after = getattr(old, name), getattr(new, name)
    return _changed(old, new, before, after)


def _changed(old: Consultation, new: Consultation, before: Any, after: Any) -> str:
    if isinstance(before, str) and isinstance(after, str):
        return _texts(before, after)
    if not isinstance(before, tuple) or not isinstance(after, tuple):
        return f"{_words(old, before)} → {_words(new, after)}"
    # Of a list only what was taken out and what came in: the rest stays.
    gone = [one for one in before if one not in after]
    come = [one for one in after if one not in before]
    if len(gone) == len(come) == 1 and (name := _name(gone[0])) == _name(come[0]) and name:
        return f"{name} {_parts(old, new, gone[0], come[0])}"
    return f"{_words(old, gone)} → {_words(new, come)}"


def _name(one: Any) -> str | None:
    """Return what an entry of staff keeps while all else of it is changed."""
    number = getattr(one, "id", getattr(one, "proposal", None))
    return f"{number}:" if number and not hasattr(one, "handle") else None


def _parts(old: Consultation, new: Consultation, before: Any, after: Any) -> str:
    """Return what differs between an entry and the same by now: the rest could be very long."""
    names = [one.name for one in fields(before) if one.name != TOLD_BY_TEXT]
    both = {name: (getattr(before, name), getattr(after, name)) for name in names}
    differing = {name: pair for name, pair in both.items() if pair[0] != pair[1]}
    return "; ".join(f"{name} {_changed(old, new, *pair)}" for name, pair in differing.items())


def _texts(before: str, after: str) -> str:
    """Return both, of long ones the part that differs: a trail's line is cut where it is full."""
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False))
    start = max(0, sum(1 for _ in alike) - AROUND)
    start = start if max(len(before), len(after)) > LONG else 0
    return " → ".join(_extract(text, start) for text in (before, after))


def _extract(text: str, start: int) -> str:
    end = start + LONG
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")


def _is_nought(part: Any) -> bool:
    """Whether it is an amount of nothing, which says something, unlike what is not there."""
    return isinstance(part, Decimal)


def _words(asked: Consultation, value: Any) -> str:
    if isinstance(value, datetime):
        return local(asked, value)
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        parts = (getattr(value, part.name) for part in fields(value))
        return " ".join(_words(asked, part) for part in parts if part or _is_nought(part))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "; ".join(_words(asked, one) for one in value) or NOTHING
    return NOTHING if value is None else str(value)
