"""Decks: which proposals a reader meets, and in which order."""

import random
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice

from server.consultations.consultation import Proposal

PERSONAL = 12  # proposals in a personal deck
SHARED = 4  # the first card, and a few to look ahead


LOOKED_AT = 20  # candidates per card, before an author may come twice

Ranking = Sequence[Sequence[Proposal]]


def rank(proposals: Iterable[Proposal], votes: Callable[[int], int]) -> Ranking:
    """Return the proposals in groups of equally many votes, the least voted first."""
    groups: dict[int, list[Proposal]] = {}
    for proposal in proposals:
        groups.setdefault(votes(proposal.id), []).append(proposal)
    return [groups[number] for number in sorted(groups)]


def deck(
    ranking: Ranking, size: int, chance: random.Random, voted: Collection[int] = ()
) -> tuple[Proposal, ...]:
    """Return up to `size` proposals not voted on: the least voted first, equals by lot, shuffled.

    No author is met twice in one deck, as long as there are others; proposals without an author
    each count as a different one.
    """
    candidates = (p for group in ranking for p in _by_lot(group, chance) if p.id not in voted)
    chosen = _by_different_authors(candidates, size)
    chance.shuffle(chosen)
    return tuple(chosen)


def _by_lot(group: Sequence[Proposal], chance: random.Random) -> Iterator[Proposal]:
    """Yield a group in random order; whoever stops early has paid for no more than was taken."""
    moved: dict[int, int] = {}
    for i in range(len(group)):
        j = chance.randrange(i, len(group))
        yield group[moved.get(j, j)]
        moved[j] = moved.get(i, i)


def _by_different_authors(candidates: Iterable[Proposal], size: int) -> list[Proposal]:
    authors: set[tuple[str, int | None]] = set()
    first: list[Proposal] = []
    later: list[Proposal] = []
    for proposal in islice(candidates, size * LOOKED_AT):
        author = (proposal.author, proposal.age) if proposal.author else None
        (later if author in authors else first).append(proposal)
        if author:
            authors.add(author)
        if len(first) == size:
            break
    return [*first, *later][:size]
