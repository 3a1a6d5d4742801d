"""Results: what readers are shown of a proposal, from verified counters alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from server.consultations.ballots import (
    QUALIFICATIONS,
    VOTES,
    Ballot,
    CodedBallot,
    Trust,
    Vote,
    decode,
)
from server.consultations.tallies import Histogram

EARLY = 20  # below this many votes, plain numbers and no percentages
NAMES = tuple(name for names in QUALIFICATIONS.values() for name in names)
PLACES = len(VOTES) + len(NAMES)


@dataclass(frozen=True)
class Counts:
    """Verified ballots on one proposal: twelve numbers, by vote, then by qualification."""

    numbers: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.numbers[: len(VOTES)])

    @property
    def votes(self) -> dict[Vote, int]:
        return dict(zip(VOTES, self.numbers[: len(VOTES)], strict=True))

    @property
    def qualifications(self) -> dict[str, int]:
        return dict(zip(NAMES, self.numbers[len(VOTES) :], strict=True))

    def changed(self, ballot: Ballot, by: int) -> "Counts":
        """Return these counts with one ballot added (+1) or taken away (-1), never below zero."""
        numbers = [*self.numbers]
        for place in _places(ballot):
            numbers[place] = max(0, numbers[place] + by)
        return Counts(tuple(numbers))


NONE = Counts((0,) * PLACES)


def verified(histograms: Iterable[Histogram]) -> Counts:
    """Return the verified counts of several histograms together."""
    numbers = [0] * PLACES
    for histogram in histograms:
        for code, number in histogram.items():
            for place in verified_places(code):
                numbers[place] += number
    return Counts(tuple(numbers))


@cache
def verified_places(code: int) -> tuple[int, ...]:
    """Return which of the twelve numbers a ballot of that code adds to; none if it has no weight."""
    coded = decode(code)
    return _places(coded.ballot) if coded.weight >= Trust.TRUSTED else ()


@cache
def _places(ballot: Ballot) -> tuple[int, ...]:
    nuances = (len(VOTES) + NAMES.index(name) for name in ballot.qualifications)
    return (VOTES.index(ballot.vote), *nuances)


def with_own(
    published: Counts, own: CodedBallot | None, old: CodedBallot | None, old_published: bool
) -> Counts:
    """Return what this reader is shown: the published counts and their own ballot, once.

    `old` is the ballot that `own` replaced (or `own` itself if nothing changed), `old_published`
    whether the published counts hold it. A ballot without weight is never in them, and its
    voter sees it all the same.
    """
    counts = published
    if old and old_published and old.weight >= Trust.TRUSTED:
        counts = counts.changed(old.ballot, -1)
    return counts.changed(own.ballot, +1) if own else counts


def shares(numbers: Sequence[int]) -> list[int]:
    """Return whole percents that add up to 100, by the largest remainder; zeros for no votes."""
    total = sum(numbers)
    if not total:
        return [0] * len(numbers)
    floors = [number * 100 // total for number in numbers]
    by_remainder = sorted(range(len(numbers)), key=lambda i: (-(numbers[i] * 100 % total), i))
    for i in by_remainder[: 100 - sum(floors)]:
        floors[i] += 1
    return floors
