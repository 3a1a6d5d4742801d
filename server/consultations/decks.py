"""Decks: which proposals a reader meets, and in which order."""

import random
from collections.abc import Callable, Collection, Iterable, Sequence

from server.consultations.consultation import Proposal, ProposalState

PERSONAL = 12  # proposals in a personal deck
SHARED = 4  # the first card, and a few to look ahead


def deck(
    proposals: Iterable[Proposal],
    votes: Callable[[int], int],
    size: int,
    chance: random.Random,
    voted: Collection[int] = (),
) -> tuple[Proposal, ...]:
    """Return up to `size` accepted proposals not voted on: the least voted first, shuffled.

    `votes` gives a proposal's number of votes. No author is met twice in one deck, as long as
    there are others; proposals without an author each count as a different one.
    """
    open_ones = [p for p in proposals if p.state is ProposalState.ACCEPTED and p.id not in voted]
    chance.shuffle(open_ones)  # so that equals come in a random order
    chosen = _by_different_authors(sorted(open_ones, key=lambda p: votes(p.id)), size)
    chance.shuffle(chosen)
    return tuple(chosen)


def _by_different_authors(ranked: Sequence[Proposal], size: int) -> list[Proposal]:
    authors: set[tuple[str, int | None]] = set()
    first: list[Proposal] = []
    later: list[Proposal] = []
    for proposal in ranked:
        author = (proposal.author, proposal.age) if proposal.author else None
        (later if author in authors else first).append(proposal)
        if author:
            authors.add(author)
    return [*first, *later][:size]
