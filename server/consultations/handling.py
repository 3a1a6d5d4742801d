"""Handling: what staff have made of a proposal, beside its text and its state."""

from dataclasses import dataclass

from server.consultations.moderation import Former
from server.consultations.proposing import RefusalReason


@dataclass(frozen=True)
class Delay:
    """A postponement: until when, since when it waited before, and who said so when (ms)."""

    until: int
    since: int
    by: str
    at: int
    note: str = ""


@dataclass(frozen=True)
class Handling:
    """What a file says of it beside the proposal itself.

    `reason` is of one that staff brought; a reader's stands in its submission. `into` is the
    proposal that stands for this duplicate. What is `down` was published, and taken from readers
    again. `accepted` is when it was published, if that is known (ms).
    """

    reason: RefusalReason | None = None
    into: int | None = None
    down: bool = False
    accepted: int | None = None
    labels: tuple[str, ...] = ()
    former: tuple[Former, ...] = ()
    postponed: Delay | None = None


NOTHING = Handling()
