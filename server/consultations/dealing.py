"""Dealing: which proposals go together into the decks that readers are asked about next.

Every new proposal is met by some readers, the oldest first. The others compete: the better one
does, the more often it is asked about; the less is known of it, the more it may surprise.
"""

import heapq
import random
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from server.consultations.deck_rules import DeckRules
from server.consultations.scores import (
    DIVIDED_PLACES,
    PRIORS,
    TOP,
    Score,
    Scores,
    divided,
)
from server.consultations.standings import Standing

# What could be among the best at the most, as far as one can tell: the others are not drawn for,
# or 34 000 would keep the teller busy.
SHORTLIST = 200  # proposals


@dataclass(frozen=True)
class Pool:
    """The candidates of the next decks."""

    new: Sequence[Standing]
    promising: Sequence[Standing]
    divisive: Sequence[Standing]
    least_asked: Sequence[Standing]  # for decks that the others do not fill


def pool(
    standings: Iterable[Standing], rules: DeckRules, expected: float, chance: random.Random
) -> Pool:
    """Choose the candidates among all standings, by number.

    `expected` is the number of votes that new proposals will get before there are other decks: as
    many of the oldest are taken as these can bring to `new_below`.
    """
    every = list(standings)
    tested = [s for s in every if rules.new_below <= s.asked < rules.tested_below]
    return Pool(
        list(_oldest(every, rules, expected)),
        _at_the_most(tested, lambda scores: scores.top),
        _at_the_most(tested, lambda scores: scores.controversy),
        _least_asked(every, chance)[:SHORTLIST],
    )


def deal(pool: Pool, rules: DeckRules, chance: random.Random) -> tuple[int, ...]:
    """Return one deck, of different authors: it is shorter where there are not enough."""
    hand = Hand(rules.size)
    hand.take(chance.sample(pool.new, len(pool.new)), rules.new)
    promising = _drawn(pool.promising, lambda s: TOP.of(_sample(s, TOP.plus + TOP.minus, chance)))
    divisive = _drawn(pool.divisive, lambda s: divided(_sample(s, DIVIDED_PLACES, chance)))
    while not hand.full:
        first, second = promising, divisive
        if chance.random() * 100 < rules.controversial:
            first, second = second, first
        found = hand.least_asked(first, rules.among) or hand.least_asked(second, rules.among)
        if found is None:
            break
        hand.add(found)
    hand.take(_least_asked(pool.least_asked, chance), rules.size)
    chance.shuffle(hand.chosen)
    return tuple(hand.chosen)


@dataclass
class Hand:
    """A deck in the making."""

    size: int
    chosen: list[int] = field(default_factory=list)
    authors: set[Hashable] = field(default_factory=set)

    @property
    def full(self) -> bool:
        return len(self.chosen) >= self.size

    def takes(self, standing: Standing) -> bool:
        """Whether neither the proposal nor its author is in it yet."""
        return standing.proposal.id not in self.chosen and standing.author not in self.authors

    def add(self, standing: Standing) -> None:
        self.chosen.append(standing.proposal.id)
        if standing.author:
            self.authors.add(standing.author)

    def take(self, standings: Iterable[Standing], most: int) -> None:
        """Add the first `most` that it takes, as far as there is room."""
        most += len(self.chosen)
        for standing in standings:
            if self.full or len(self.chosen) >= most:
                return
            if self.takes(standing):
                self.add(standing)

    def least_asked(self, standings: Iterable[Standing], among: int) -> Standing | None:
        """Return the one with the fewest votes among the first that it takes."""
        taken = (standing for standing in standings if self.takes(standing))
        return min(islice(taken, among), key=lambda standing: standing.asked, default=None)


def _oldest(standings: Iterable[Standing], rules: DeckRules, expected: float) -> Iterator[Standing]:
    room = 0
    for number, standing in enumerate(s for s in standings if s.asked < rules.new_below):
        if number >= rules.new and room >= expected:
            return
        room += rules.new_below - standing.asked
        yield standing


def _least_asked(standings: Iterable[Standing], chance: random.Random) -> list[Standing]:
    """Return them in this order, equals by lot."""
    return sorted(standings, key=lambda standing: (standing.asked, chance.random()))


def _at_the_most(tested: Sequence[Standing], score: Callable[[Scores], Score]) -> list[Standing]:
    return heapq.nlargest(SHORTLIST, tested, key=lambda standing: score(standing.scores).most)


def _drawn(standings: Sequence[Standing], draw: Callable[[Standing], float]) -> list[Standing]:
    """Return them in the order of what is drawn for each, the highest first (Thompson sampling).

    W. R. Thompson, “On the likelihood that one unknown probability exceeds another in view of the
    evidence of two samples”, Biometrika 25 (1933), 285-294.
    """
    return sorted(standings, key=draw, reverse=True)


def _sample(standing: Standing, places: Iterable[int], chance: random.Random) -> list[float]:
    """Draw what the shares at these places may truly be, in view of the votes asked for."""
    asked, votes = standing.counts.asked, standing.asked
    values = [0.0] * len(PRIORS)
    for place in places:
        values[place] = chance.betavariate(asked[place] + PRIORS[place], votes - asked[place] + 1)
    return values
