"""Standings: where each proposal of a consultation stands, and the lists that are made of them."""

import heapq
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from server.consultations.ballots import Vote
from server.consultations.consultation import Proposal, author_of
from server.consultations.results import Counts
from server.consultations.scores import NEW, Score, Scores, Zone, fair_scores

SUPPORTED = "supported"  # the list that is told to everybody


class Listing(StrEnum):
    """What a list of proposals is made for."""

    TOP = "top"
    CONTROVERSY = "controversy"
    REJECTION = "rejection"
    NEW = "new"


@dataclass(frozen=True)
class Standing:
    """A proposal and the votes on it, of all sources. `mark` tells its author from others."""

    proposal: Proposal
    counts: Counts
    mark: str | None = None

    @property
    def author(self) -> Hashable | None:
        """Who made it, as far as anybody can tell; who cannot be told is always somebody else."""
        return self.mark or author_of(self.proposal)

    @cached_property
    def scores(self) -> Scores:
        return fair_scores(self.counts)

    @property
    def votes(self) -> int:
        return self.counts.total

    @cached_property
    def asked(self) -> int:
        """Votes of readers whom the platform asked; the others chose the proposal themselves."""
        return self.counts.total_asked

    @property
    def new(self) -> bool:
        """Whether too few were asked to say anything of it."""
        return self.asked < NEW

    @property
    def zone(self) -> Zone | None:
        """The zone, none of a new proposal."""
        return None if self.new else self.scores.zone


_SCORE: dict[Listing, Callable[[Scores], Score]] = {
    Listing.TOP: lambda scores: scores.top,
    Listing.CONTROVERSY: lambda scores: scores.controversy,
    Listing.REJECTION: lambda scores: scores.rejection,
}


def score_for(listing: Listing, standing: Standing) -> Score:
    """Return the score that this list goes by; new ones are shown with their top score."""
    return _SCORE.get(listing, _SCORE[Listing.TOP])(standing.scores)


def listed(
    standings: Iterable[Standing], listing: Listing, most: int | None = None
) -> list[Standing]:
    """Return them in the order of this list: highest score first, the older one of two equals.

    A score counts by what it is at the least, so few votes lead no list. New ones stand in
    their own list alone, the oldest first: it has waited longest.
    """
    if listing is Listing.NEW:
        new = (one for one in standings if one.new)
        return _first(new, most, key=lambda one: one.proposal.id)
    known = (one for one in standings if not one.new)
    return _first(known, most, lambda one: (-score_for(listing, one).least, one.proposal.id))


def supported(standings: Iterable[Standing], most: int | None = None) -> list[Standing]:
    """Return those to which anybody agrees, the most wanted first: what is told to everybody.

    New ones come after all others: of them nobody can tell yet.
    """
    agreed = (one for one in standings if one.counts.votes[Vote.AGREE])
    return _first(agreed, most, lambda one: (one.new, -one.scores.top.least, one.proposal.id))


def _first(
    standings: Iterable[Standing], most: int | None, key: Callable[[Standing], Any]
) -> list[Standing]:
    return sorted(standings, key=key) if most is None else heapq.nsmallest(most, standings, key=key)
