"""Outcome: what the votes on each proposal came to, in all and through each source.

What is shown, in every view and file, is derived here: which votes are the basis, whether there are
enough for percentages, the interval of each share, the zone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from server.consultations.ballots import VOTES, Vote, decode
from server.consultations.consultation import Consultation, Proposal, Source
from server.consultations.folding import fold
from server.consultations.intervals import Interval, wilson
from server.consultations.results import (
    EARLY,
    NAMES,
    PLACES,
    ZEROS,
    Counts,
    counts_of,
    places,
    shares,
)
from server.consultations.scores import Scores, Zone, fair_scores
from server.consultations.tallies import Histogram, add


@dataclass(frozen=True)
class Share:
    """A vote's part of all shown ones: whole percents, which add up to 100, and their interval."""

    count: int
    percent: int
    interval: Interval


@dataclass(frozen=True)
class Cell:
    """The ballots on one proposal, through one source or all: verified, asked, and `every` one.

    `apart`: links brought the proposal more votes than were asked for, so that these stand apart.
    """

    counts: Counts
    every: tuple[int, ...] = ZEROS
    apart: bool = False

    @cached_property
    def shown(self) -> Counts:
        """The votes that percentages are of: all verified ones, or those asked for."""
        return Counts(self.counts.asked) if self.apart else self.counts

    @property
    def by_link(self) -> Counts | None:
        """What then stands apart: the votes of readers who chose the proposal themselves."""
        return self.counts.by_link if self.apart else None

    @property
    def early(self) -> bool:
        """Whether votes are too few for any percentage."""
        return self.shown.total < EARLY

    @cached_property
    def shares(self) -> Mapping[Vote, Share] | None:
        """Return the share of each vote; none while votes are few."""
        if self.early:
            return None
        numbers, total = self.shown.numbers[: len(VOTES)], self.shown.total
        return {
            vote: Share(number, percent, wilson(number, total))
            for vote, number, percent in zip(VOTES, numbers, shares(numbers), strict=True)
        }

    @property
    def all_votes(self) -> int:
        """How many ballots there are, those that do not count too."""
        return sum(self.every[: len(VOTES)])


@dataclass(frozen=True)
class Outcome:
    """One proposal: the votes in all, and through each source that brought any."""

    proposal: Proposal
    total: Cell
    sources: tuple[tuple[Source, Cell], ...] = ()

    @cached_property
    def asked(self) -> Cell:
        """The votes that were asked for, alone: those that scores and zone go by."""
        return Cell(Counts(self.total.counts.asked))

    @cached_property
    def scores(self) -> Scores | None:
        """The scores that lists go by; none while asked votes are few, as with percentages."""
        return None if self.asked.early else fair_scores(self.total.counts)

    @property
    def zone(self) -> Zone | None:
        """The zone, a statement on percentages: none while there are none of the asked votes."""
        return self.scores.zone if self.scores else None


@dataclass(frozen=True)
class Count:
    """What the boxes hold, and how many voters are at home in each source.

    `voted` are the sources with any ballot, on whatever proposal, and `most` the most verified ones
    on any one: they decide which are folded.
    """

    voters: Mapping[int, int]
    voted: frozenset[int]
    histograms: Mapping[int, Mapping[int, Histogram]]
    most: Mapping[int, int] | None = None  # as `histograms` say, if these are all

    @property
    def every_voted(self) -> frozenset[int]:
        return self.voted.union(*map(frozenset, self.histograms.values()))


@dataclass(frozen=True)
class Told:
    """Outcomes of some proposals. `sources` are told apart, with their voters."""

    sources: tuple[tuple[Source, int], ...]
    folded: tuple[Source, ...]
    outcomes: tuple[Outcome, ...]

    @property
    def voters(self) -> int:
        return sum(voters for _, voters in self.sources)


def told(
    consultation: Consultation, proposals: Iterable[Proposal], count: Count, exact: bool = False
) -> Told:
    """Return what may be told of these proposals: sources with few voters are one.

    `exact` is for staff: every source by itself.
    """
    # A source that has votes on other proposals is folded here as it is in the minutes.
    marks: dict[int, Mapping[int, Histogram]] = {0: {number: {} for number in count.every_voted}}
    public = fold(
        consultation, {} if exact else count.voters, {**marks, **count.histograms}, count.most
    )
    if exact:
        voters, histograms, sources = count.voters, count.histograms, consultation.sources
        folded: tuple[Source, ...] = ()
    else:
        voters, histograms = public.voters, public.histograms
        sources, folded = public.consultation.sources, public.sources
    return Told(
        tuple((source, voters.get(source.number, 0)) for source in sources),
        folded,
        tuple(_outcome(one, sources, histograms.get(one.id, {})) for one in proposals),
    )


def cell(histogram: Histogram, apart: bool | None = None) -> Cell:
    """Return the ballots of a histogram, in all three ways of counting.

    Unless told, it decides itself which votes are the basis.
    """
    numbers, every = [0] * 2 * PLACES, [0] * PLACES
    for code, number in histogram.items():
        for place in places(code):
            numbers[place] += number
        for place in _every_place(code):
            every[place] += number
    counts = counts_of(numbers)
    return Cell(counts, tuple(every), counts.led_by_links if apart is None else apart)


def _outcome(
    proposal: Proposal, sources: Iterable[Source], found: Mapping[int, Histogram]
) -> Outcome:
    """Choose the basis once, so that sources add up to their proposal."""
    total = cell(add(found.values()))
    through = ((one, found.get(one.number)) for one in sources)
    cells = tuple((one, cell(histogram, total.apart)) for one, histogram in through if histogram)
    return Outcome(proposal, total, cells)


@cache
def _every_place(code: int) -> tuple[int, ...]:
    ballot = decode(code).ballot
    nuances = (len(VOTES) + NAMES.index(name) for name in ballot.qualifications)
    return (VOTES.index(ballot.vote), *nuances)
