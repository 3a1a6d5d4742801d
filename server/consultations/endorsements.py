"""Endorsements: organisations that back a consultation or a proposal. They are no votes."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from server.consultations.errors import EndorsementRefused, EndorsementUnknown

MOST_ENDORSEMENTS = 500


@dataclass(frozen=True)
class Endorsement:
    """`by` is an organisation; without a `proposal` it backs the whole consultation."""

    by: str
    on: date
    proposal: int | None = None
    link: str | None = None  # an https address

    @property
    def handle(self) -> str:
        """What names it in addresses: who backs what, whatever capitals and spaces they use."""
        by = "".join(unicodedata.normalize("NFKC", self.by).casefold().split())
        return sha256(f"{self.proposal or 0} {by}".encode()).hexdigest()[:12]


def with_endorsement(kept: Sequence[Endorsement], new: Endorsement) -> tuple[Endorsement, ...]:
    """Return them with a new one, in the place of an earlier one of the same for the same.

    Raises `EndorsementRefused` if there are too many.
    """
    if any(one.handle == new.handle for one in kept):
        return tuple(new if one.handle == new.handle else one for one in kept)
    if len(kept) >= MOST_ENDORSEMENTS:
        raise EndorsementRefused(f"At most {MOST_ENDORSEMENTS} endorsements.", reason="many")
    return (*kept, new)


def without(kept: Sequence[Endorsement], handle: str) -> tuple[Endorsement, ...]:
    """Return them without that one; raise `EndorsementUnknown` if it is not there."""
    left = tuple(one for one in kept if one.handle != handle)
    if len(left) == len(kept):
        raise EndorsementUnknown(f"No endorsement {handle}.")
    return left
