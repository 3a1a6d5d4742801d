"""A voter's record: a set of integers, which Redis packs into four bytes each.

A ballot is proposal x 32768 + source x 256 + code. Below zero stand two marks: the birth of the
record, -1 - source - 128 x hours since the opening, and the recount generation that has counted
it, -268435456 - generation. An integer beyond 32 bits (a proposal above 65 535) makes all of a
record's integers eight bytes long, no more.
"""

from collections.abc import Iterable

PROPOSAL_UNIT, SOURCE_UNIT = 32768, 256


def proposals(members: Iterable[str]) -> list[int]:
    """Return the proposals on which a record holds a ballot."""
    return [number // PROPOSAL_UNIT for number in map(int, members) if number > 0]


def codes(members: Iterable[str]) -> dict[int, int]:
    """Return the ballot code that a record holds on each of its proposals."""
    return {
        number // PROPOSAL_UNIT: number % SOURCE_UNIT for number in map(int, members) if number > 0
    }


def code(members: Iterable[str], proposal: int) -> int | None:
    """Return the ballot code that a record holds on a proposal."""
    for number in map(int, members):
        if number > 0 and number // PROPOSAL_UNIT == proposal:
            return number % SOURCE_UNIT
    return None
