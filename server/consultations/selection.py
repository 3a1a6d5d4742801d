"""Selection: the proposals that are taken further, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from server.consultations.errors import SelectionRefused

REASON_LENGTH = 300  # characters
MOST_SELECTED = 100


@dataclass(frozen=True)
class Selected:
    """One proposal that staff selected. `reason` is told to readers.

    Of a citizens' question, `on` is the day on which it was put to those who are asked.
    """

    proposal: int
    on: date
    reason: str | None = None


def numbers(kept: Iterable[Selected]) -> frozenset[int]:
    return frozenset(one.proposal for one in kept)


def with_selected(kept: Sequence[Selected], chosen: Sequence[Selected]) -> tuple[Selected, ...]:
    """Return all of them, those of before in their places; raise `SelectionRefused` if too many."""
    new = {one.proposal: one for one in chosen}
    stays = [new.pop(one.proposal, one) for one in kept]
    if len(stays) + len(new) > MOST_SELECTED:
        message = f"At most {MOST_SELECTED} are selected."
        raise SelectionRefused(message, field="proposal", reason="many")
    return (*stays, *new.values())


def without(kept: Sequence[Selected], number: int) -> tuple[Selected, ...]:
    return tuple(one for one in kept if one.proposal != number)
