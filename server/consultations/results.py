"""Results: what readers are shown of a proposal, from verified counters alone."""

from collections.abc import Iterable, Mapping, Sequence
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
    """Verified ballots on one proposal: by vote, and by qualification."""

    votes: Mapping[Vote, int]
    qualifications: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.votes.values())

    def changed(self, ballot: Ballot, by: int) -> "Counts":
        """Return these counts with one ballot added (+1) or taken away (-1), never below zero."""
        votes = {v: max(0, n + by * (v == ballot.vote)) for v, n in self.votes.items()}
        nuances = {
            name: max(0, n + by * (name in ballot.qualifications))
            for name, n in self.qualifications.items()
        }
        return Counts(votes, nuances)

    def numbers(self) -> list[int]:
        """Return the twelve numbers, votes first, each in its fixed order."""
        return [*self.votes.values(), *self.qualifications.values()]

    @classmethod
    def of_numbers(cls, numbers: Sequence[int]) -> "Counts":
        return cls(
            dict(zip(Vote, numbers[:3], strict=True)),
            dict(zip(NAMES, numbers[3:], strict=True)),
        )


NONE = Counts.of_numbers([0] * PLACES)


def verified(histograms: Iterable[Histogram]) -> Counts:
    """Return the verified counts of several histograms together."""
    numbers = [0] * PLACES
    for histogram in histograms:
        for code, number in histogram.items():
            for place in _places(code):
                numbers[place] += number
    return Counts.of_numbers(numbers)


@cache
def _places(code: int) -> tuple[int, ...]:
    """Return which of the twelve numbers a ballot of that code adds to; none if it has no weight."""
    coded = decode(code)
    if coded.weight < Trust.TRUSTED:
        return ()
    nuances = (len(VOTES) + NAMES.index(name) for name in coded.ballot.qualifications)
    return (VOTES.index(coded.ballot.vote), *nuances)


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
