"""Tallies: histograms over ballot codes, and the counters that are derived from them on reading.

A histogram is the whole truth about one proposal and one source: code -> number of ballots that
hold exactly that code. Everything else is a sum over it, so nothing can drift apart.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from server.consultations.ballots import QUALIFICATIONS, Trust, Vote, decode

Histogram = Mapping[int, int]


@dataclass(frozen=True)
class Counters:
    """Ballots in all, those of at least `trusted`, those of `sequence`."""

    count: int = 0
    verified: int = 0
    sequence: int = 0

    def __add__(self, other: "Counters") -> "Counters":
        return Counters(
            self.count + other.count,
            self.verified + other.verified,
            self.sequence + other.sequence,
        )


@dataclass(frozen=True)
class VoteTally:
    """The counters of one vote and of each of its qualifications, in their fixed order."""

    counters: Counters
    qualifications: Mapping[str, Counters]


Tally = Mapping[Vote, VoteTally]


def _weigh(number: int, weight: Trust) -> Counters:
    verified = number if weight >= Trust.TRUSTED else 0
    return Counters(number, verified, number if weight is Trust.SEQUENCE else 0)


def verified(histogram: Histogram) -> int:
    """Return how many ballots count."""
    return sum(n for code, n in histogram.items() if decode(code).weight >= Trust.TRUSTED)


def tally(histogram: Histogram) -> Tally:
    """Return the counters of every vote and qualification, zeros included."""
    votes = {vote: Counters() for vote in Vote}
    nuances = {name: Counters() for names in QUALIFICATIONS.values() for name in names}
    for code, number in histogram.items():
        coded = decode(code)
        weighed = _weigh(number, coded.weight)
        votes[coded.ballot.vote] += weighed
        for name in coded.ballot.qualifications:
            nuances[name] += weighed
    return {
        vote: VoteTally(votes[vote], {name: nuances[name] for name in QUALIFICATIONS[vote]})
        for vote in Vote
    }


def add(histograms: Iterable[Histogram]) -> dict[int, int]:
    """Return the sum of several histograms, without codes that nobody holds."""
    total: dict[int, int] = {}
    for histogram in histograms:
        for code, number in histogram.items():
            total[code] = total.get(code, 0) + number
    return {code: number for code, number in total.items() if number}
