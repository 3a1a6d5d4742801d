"""Ballots: one voter's vote on one proposal, its nuances, and the small integer that stores it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cache

from server.consultations.errors import QualificationMismatch


class Vote(StrEnum):
    AGREE = "agree"
    DISAGREE = "disagree"
    NEUTRAL = "neutral"


class Trust(IntEnum):
    """How much a ballot weighs in verified counts; a higher level counts in all lower ones."""

    UNVERIFIED = 0
    TRUSTED = 1
    SEQUENCE = 2


VOTES = tuple(Vote)

# Spelled as in the central platform's public API. The order is the bit order in a ballot code.
QUALIFICATIONS: dict[Vote, tuple[str, str, str]] = {
    Vote.AGREE: ("likeIt", "doable", "platitudeAgree"),
    Vote.DISAGREE: ("noWay", "impossible", "platitudeDisagree"),
    Vote.NEUTRAL: ("doNotUnderstand", "noOpinion", "doNotCare"),
}

# A ballot code is one byte: bits 0-2 the qualifications, 3-4 the vote, 5-6 the earned trust,
# bit 7 quarantine. Ordinary codes stay below 128, which Redis packs into a single byte.
VOTE_SHIFT = 3
TRUST_SHIFT = 5
QUARANTINE = 1 << 7


@dataclass(frozen=True)
class Ballot:
    """A vote with 0-3 qualifications that belong to it, in the order of `QUALIFICATIONS`."""

    vote: Vote
    qualifications: tuple[str, ...] = ()

    @classmethod
    def of(cls, vote: Vote, qualifications: Iterable[str] = ()) -> "Ballot":
        """Build a ballot; raise `QualificationMismatch` for a nuance of another vote."""
        wanted = set(qualifications)
        allowed = QUALIFICATIONS[vote]
        stray = sorted(wanted.difference(allowed))
        if stray:
            raise QualificationMismatch(
                f"{', '.join(stray)} does not go with {vote}.", field="qualifications"
            )
        return cls(vote, tuple(name for name in allowed if name in wanted))


@dataclass(frozen=True)
class CodedBallot:
    """A ballot as stored: with the trust it earned, and whether staff quarantined it."""

    ballot: Ballot
    trust: Trust
    quarantined: bool = False

    @property
    def weight(self) -> Trust:
        """The trust that counts: none while quarantined, whatever was earned."""
        return Trust.UNVERIFIED if self.quarantined else self.trust


def encode(ballot: Ballot, trust: Trust, quarantined: bool = False) -> int:
    """Return the ballot code, 0-255."""
    names = QUALIFICATIONS[ballot.vote]
    bits = sum(1 << names.index(name) for name in ballot.qualifications)
    code = bits | VOTES.index(ballot.vote) << VOTE_SHIFT | trust << TRUST_SHIFT
    return code | QUARANTINE if quarantined else code


@cache
def decode(code: int) -> CodedBallot:
    """Return what `code` stores; raise `ValueError` for a number that no ballot has."""
    vote_bits, trust_bits = code >> VOTE_SHIFT & 3, code >> TRUST_SHIFT & 3
    if not 0 <= code < 256 or vote_bits == 3 or trust_bits == 3:
        raise ValueError(f"not a ballot code: {code}")
    vote = VOTES[vote_bits]
    names = tuple(name for i, name in enumerate(QUALIFICATIONS[vote]) if code & 1 << i)
    return CodedBallot(Ballot(vote, names), Trust(trust_bits), bool(code & QUARANTINE))
