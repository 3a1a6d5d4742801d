"""Scores: how far readers agree on a proposal, how sure that is, and the zone it falls in.

The formulas are the central platform's, so that a proposal has one score wherever it is looked at.
All are functions of the counts: nothing is added up over time, so nothing can drift.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from math import sqrt

from server.consultations.ballots import VOTES
from server.consultations.results import NAMES, Counts

WEIGHT = 0.5  # of all verified votes beside those that the platform asked for
VOTE_PRIOR = 0.33  # votes that every vote starts with: before the first, all three are as likely
NUANCE_PRIOR = 0.01  # the same of a nuance, which most readers leave out
NEW = 10  # asked votes below which a proposal is new

KEYS: tuple[str, ...] = (*VOTES, *NAMES)  # in the order of the numbers of counts
PRIORS = (VOTE_PRIOR,) * len(VOTES) + (NUANCE_PRIOR,) * len(NAMES)
PLATITUDES = ("platitudeAgree", "platitudeDisagree")


def _places(*keys: str) -> tuple[int, ...]:
    return tuple(KEYS.index(key) for key in keys)


@dataclass(frozen=True)
class Score:
    """A score, and how far from it the true one may be: twice its standard deviation."""

    value: float
    confidence: float

    @property
    def least(self) -> float:
        """What the score is at the least, as far as one can tell; lists are sorted by it."""
        return self.value - self.confidence

    @property
    def most(self) -> float:
        """What it is at the most."""
        return self.value + self.confidence


class Zone(StrEnum):
    """What the votes on a proposal come to."""

    CONSENSUS = "consensus"
    REJECTION = "rejection"
    LIMBO = "limbo"
    CONTROVERSY = "controversy"


@dataclass(frozen=True)
class Formula:
    """A sum of the scores of some votes and nuances, less those of others."""

    plus: tuple[int, ...]
    minus: tuple[int, ...]

    def of(self, values: Sequence[float]) -> float:
        return sum(values[place] for place in self.plus) - sum(values[p] for p in self.minus)

    def spread(self, variances: Sequence[float]) -> float:
        """Doubts add up as independent ones do, whatever the sign."""
        return sqrt(sum(variances[place] for place in self.plus + self.minus))


TOP = Formula(_places("agree", "likeIt", "doable"), _places("noWay", "impossible", *PLATITUDES))
REJECTION = Formula(
    _places("disagree", "noWay", "impossible"), _places("likeIt", "doable", *PLATITUDES)
)
DIVIDED = (_places("agree", "disagree"), _places("likeIt", "noWay"))
DIVIDED_PLACES = DIVIDED[0] + DIVIDED[1]


def divided(values: Sequence[float]) -> float:
    """Return how far both sides have their followers: the smaller one counts."""
    return sum(min(values[one], values[other]) for one, other in DIVIDED)


@dataclass(frozen=True)
class Scores:
    """All scores of one proposal: values and squared confidences, in the order of `KEYS`."""

    values: tuple[float, ...]
    variances: tuple[float, ...]

    def of(self, key: str) -> Score:
        """Return the score of one vote or nuance."""
        place = KEYS.index(key)
        return Score(self.values[place], sqrt(self.variances[place]))

    @cached_property
    def top(self) -> Score:
        """How far readers want it."""
        return Score(TOP.of(self.values), TOP.spread(self.variances))

    @cached_property
    def rejection(self) -> Score:
        """How far they do not want it."""
        return Score(REJECTION.of(self.values), REJECTION.spread(self.variances))

    @cached_property
    def controversy(self) -> Score:
        """How far it divides them, with the larger of two doubts."""
        doubt = sum(max(self.variances[one], self.variances[other]) for one, other in DIVIDED)
        return Score(divided(self.values), sqrt(doubt))

    @property
    def zone(self) -> Zone:
        """The first zone whose condition holds."""
        agree, disagree, neutral = self.values[: len(VOTES)]
        if agree >= 0.6 or (neutral < 0.4 and disagree < 0.15):
            return Zone.CONSENSUS
        if disagree >= 0.6 or (neutral < 0.4 and agree < 0.15):
            return Zone.REJECTION
        return Zone.LIMBO if neutral >= 0.4 else Zone.CONTROVERSY


def scores(counts: Counts, weight: float = WEIGHT) -> Scores:
    """Return the scores of these counts; `weight` of 0 to 1 is that of all verified votes."""
    asked = counts.total_asked
    came = _shares(counts.numbers, counts.total)
    shares = _shares(counts.asked, asked)
    return Scores(
        tuple(weight * all_ + (1 - weight) * own for all_, own in zip(came, shares, strict=True)),
        tuple(_variance(share, asked) for share in shares),
    )


def fair_scores(counts: Counts) -> Scores:
    """Return the scores that zones, public lists and the selection of proposals go by.

    Readers whom a link brought chose their own proposal, and somebody may have sent them: only
    those count whom the platform asked.
    """
    return scores(counts, weight=0.0)


def _shares(numbers: Sequence[int], votes: int) -> list[float]:
    return [
        min((number + prior) / (1 + votes), 1.0)
        for number, prior in zip(numbers, PRIORS, strict=True)
    ]


def _variance(share: float, votes: int) -> float:
    """Return four times the variance of a share, by Agresti and Coull's adjusted interval.

    A. Agresti, B. Coull, “Approximate is better than ‘exact’ for interval estimation of binomial
    proportions”, The American Statistician 52 (1998), 119-126: two votes are added on either side.
    """
    adjusted = (votes * share + 2) / (votes + 4)
    return 4 * adjusted * (1 - adjusted) / (votes + 4)
