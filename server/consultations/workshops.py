"""Workshops: where partners and the public work selected proposals into actions."""

from dataclasses import dataclass
from datetime import date

OUTCOME_LENGTH = 1000  # characters
MOST_WORKSHOPS = 50


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
