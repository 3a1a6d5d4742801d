"""Shortlist: the selection that the votes propose, for staff to choose from, each with its reasons.

It is the order that is told to everybody: by what readers who were asked say at the least.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from server.consultations.ballots import Vote
from server.consultations.results import Counts
from server.consultations.scores import Score, Zone
from server.consultations.standings import Standing, supported

MOST = 50  # proposals that are put to staff


@dataclass(frozen=True)
class Candidate:
    """A proposal that the votes put forward. `rank` begins with 1."""

    rank: int
    standing: Standing

    @property
    def number(self) -> int:
        return self.standing.proposal.id

    @property
    def score(self) -> Score:
        return self.standing.scores.top

    @property
    def zone(self) -> Zone | None:
        """None where too few were asked to tell."""
        return self.standing.zone

    @property
    def votes(self) -> int:
        return self.standing.votes

    @property
    def asked(self) -> int:
        return self.standing.asked

    @property
    def agree(self) -> float | None:
        """The share of 1 of those who were asked that agrees; None if nobody was asked."""
        agree = Counts(self.standing.counts.asked).votes[Vote.AGREE]
        return agree / self.asked if self.asked else None


def shortlist(standings: Iterable[Standing], most: int = MOST) -> list[Candidate]:
    """Return the best supported, the most wanted first; new ones, of which nobody can tell, last."""
    found = supported(standings, most)
    return [Candidate(rank, one) for rank, one in enumerate(found, 1)]
