"""Workshops: where partners and the public work selected proposals into actions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from server.consultations.errors import ChangedMeanwhile, WorkshopRefused, WorkshopUnknown
from server.consultations.numbering import next_number

OUTCOME_LENGTH = 1000  # characters
MOST_WORKSHOPS = 50
MOST_PARTNERS = 24  # of one workshop
MOST_PROPOSALS = 100


@dataclass(frozen=True)
class Workshop:
    """One meeting. `id` is unique in its consultation, `partners` are names in words.

    `proposals` are the numbers of those that were worked on; `outcome` says what came of it.
    """

    id: int
    title: str
    on: date
    partners: tuple[str, ...] = ()
    proposals: tuple[int, ...] = ()
    outcome: str | None = None
    link: str | None = None  # an https address

    @property
    def version(self) -> str:
        """What two workshops share only if they say the same: to be named by who changes one."""
        return sha256(repr(self).encode()).hexdigest()[:16]


def with_new(kept: Sequence[Workshop], new: Workshop) -> tuple[Workshop, ...]:
    """Return them with a new one, numbered behind the others; the same again changes nothing.

    A form that is sent twice must not hold a workshop twice. Raises `WorkshopRefused`.
    """
    if any(replace(new, id=one.id) == one for one in kept):
        return tuple(kept)
    if len(kept) >= MOST_WORKSHOPS:
        raise WorkshopRefused(f"At most {MOST_WORKSHOPS} workshops.", reason="many")
    number = next_number({one.id for one in kept})
    return _in_order([*kept, replace(new, id=number)])


def changed(kept: Sequence[Workshop], new: Workshop) -> tuple[Workshop, ...]:
    return _in_order([new if one.id == new.id else one for one in kept])


def found(kept: Sequence[Workshop], number: int, read: str | None = None) -> Workshop:
    """Return the workshop of this number; raise `WorkshopUnknown`, or `ChangedMeanwhile` if it is
    not as it was `read` any more.
    """
    one = next((one for one in kept if one.id == number), None)
    if one is None:
        raise WorkshopUnknown(f"No workshop {number}.")
    if read is not None and read != one.version:
        raise ChangedMeanwhile(f"Somebody else changed workshop {number}. Look again.")
    return one


def _in_order(workshops: Sequence[Workshop]) -> tuple[Workshop, ...]:
    """By their day, as they are read."""
    return tuple(sorted(workshops, key=lambda one: (one.on, one.id)))
