"""Follow-up writing: what came of a consultation, as its file says it; and without what is not
in a file.
"""

from collections.abc import Container
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from server.consultations.actions import ActionState
from server.consultations.consultation import Consultation


def within(asked: Consultation, numbers: Container[int]) -> Consultation:
    """Return it without what is said of other proposals than these."""

    def known(some: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(number for number in some if number in numbers)

    return replace(
        asked,
        answers=tuple(one for one in asked.answers if one.proposal in numbers),
        selected=tuple(one for one in asked.selected if one.proposal in numbers),
        workshops=tuple(replace(one, proposals=known(one.proposals)) for one in asked.workshops),
        actions=tuple(replace(one, proposals=known(one.proposals)) for one in asked.actions),
        endorsements=tuple(
            one for one in asked.endorsements if one.proposal is None or one.proposal in numbers
        ),
    )


def written(asked: Consultation) -> dict[str, Any]:
    """Return the keys that say what came of it; those with nothing to say are None."""
    return {
        key: [_entry(one) for one in getattr(asked, key)] or None
        for key in ("answers", "selected", "workshops", "actions", "endorsements")
    }


def _entry(one: Any) -> dict[str, Any]:
    """Return the fields of an entry that say something, each as a file has it."""
    found = {part.name: _plain(getattr(one, part.name)) for part in fields(one)}
    return {key: value for key, value in found.items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value] or None
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if value is ActionState.COMMITTED:
        return None  # as it begins
    return str(value) if isinstance(value, str | StrEnum) else _entry(value)
