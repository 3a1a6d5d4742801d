"""Endorsements: organisations that back a consultation or a proposal. They are no votes."""

from dataclasses import dataclass
from datetime import date

MOST_ENDORSEMENTS = 500


@dataclass(frozen=True)
class Endorsement:
    """`by` is an organisation; without a `proposal` it backs the whole consultation."""

    by: str
    on: date
    proposal: int | None = None
    link: str | None = None  # an https address
