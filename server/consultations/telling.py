"""Telling: what of a consultation was changed, before and after, in a line for the trail."""

from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from typing import Any

from server.consultations.changing import changed, field_of, zone_of
from server.consultations.consultation import Consultation
from server.consultations.steering import local

NOTHING = "–"


def told(old: Consultation, new: Consultation) -> list[str]:
    """Return a line for each thing that differs: its name, what it was, and what it is."""
    return [f"{field_of(name)}: {_pair(old, new, name)}" for name in changed(old, new)]


def _pair(old: Consultation, new: Consultation, name: str) -> str:
    if name == "timezone":
        return f"{zone_of(old)} → {zone_of(new)}"
    before, after = getattr(old, name), getattr(new, name)
    if isinstance(before, tuple) and isinstance(after, tuple):
        # Of a list only what was taken out and what came in: the rest stays.
        gone = [one for one in before if one not in after]
        come = [one for one in after if one not in before]
        return f"{_words(old, gone)} → {_words(new, come)}"
    return f"{_words(old, before)} → {_words(new, after)}"


def _words(asked: Consultation, value: Any) -> str:
    if isinstance(value, datetime):
        return local(asked, value)
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return " ".join(_words(asked, part) for part in asdict(value).values() if part)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "; ".join(_words(asked, one) for one in value) or NOTHING
    return NOTHING if value is None else str(value)
