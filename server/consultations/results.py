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
ZEROS = (0,) * PLACES


@dataclass(frozen=True)
class Counts:
    """Verified ballots on one proposal: twelve numbers, by vote, then by qualification.

    `asked` are the same numbers of those readers whom the platform asked about this proposal; the
    others chose it themselves.
    """

    numbers: tuple[int, ...]
    asked: tuple[int, ...] = ZEROS

    @property
    def total(self) -> int:
        return sum(self.numbers[: len(VOTES)])

    @property
    def total_asked(self) -> int:
        return sum(self.asked[: len(VOTES)])

    @property
    def by_link(self) -> "Counts":
        """Those of readers who chose the proposal themselves."""
        pairs = zip(self.numbers, self.asked, strict=True)
        return Counts(tuple(max(0, number - asked) for number, asked in pairs))

    @property
    def led_by_links(self) -> bool:
        """Whether more came by a link than were asked: then readers see the two apart."""
        return self.by_link.total >= max(EARLY, self.total_asked + 1)

    @property
    def votes(self) -> dict[Vote, int]:
        return dict(zip(VOTES, self.numbers[: len(VOTES)], strict=True))

    @property
    def qualifications(self) -> dict[str, int]:
        return dict(zip(NAMES, self.numbers[len(VOTES) :], strict=True))

    def changed(self, own: CodedBallot, by: int) -> "Counts":
        """Return these counts with one ballot added (+1) or taken away (-1), never below zero."""
        numbers = [*self.numbers, *self.asked]
        for place in _places(own.ballot, own.weight):
            numbers[place] = max(0, numbers[place] + by)
        return counts_of(numbers)


NONE = Counts(ZEROS)


def counts_of(numbers: Sequence[int]) -> Counts:
    """Return the counts of both kinds of numbers, verified ones first."""
    return Counts(tuple(numbers[:PLACES]), tuple(numbers[PLACES:]))


def verified(histograms: Iterable[Histogram]) -> Counts:
    """Return the verified counts of several histograms together."""
    numbers = [0] * 2 * PLACES
    for histogram in histograms:
        for code, number in histogram.items():
            for place in places(code):
                numbers[place] += number
    return counts_of(numbers)


@cache
def places(code: int) -> tuple[int, ...]:
    """Return which of both kinds of numbers a ballot of that code adds to; none without weight."""
    coded = decode(code)
    return _places(coded.ballot, coded.weight) if coded.weight >= Trust.TRUSTED else ()


@cache
def _places(ballot: Ballot, weight: Trust) -> tuple[int, ...]:
    nuances = (len(VOTES) + NAMES.index(name) for name in ballot.qualifications)
    found = (VOTES.index(ballot.vote), *nuances)
    asked = tuple(place + PLACES for place in found) if weight is Trust.SEQUENCE else ()
    return found + asked


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
        counts = counts.changed(old, -1)
    return counts.changed(own, +1) if own else counts


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
