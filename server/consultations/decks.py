"""Decks: which proposals a reader meets, and in which order."""

import random
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain, islice

from server.consultations.consultation import Author, Proposal, author_of

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
    dealt: Iterable[Proposal],
    ranking: Iterable[Sequence[Proposal]],
    size: int,
    chance: random.Random,
    voted: Collection[int] = (),
) -> tuple[Proposal, ...]:
    """Return up to `size` proposals not voted on, shuffled: those that were dealt come first.

    Where they do not suffice, the least voted follow, equals by lot. No author is met twice in one
    deck, as long as there are others; proposals without an author each count as a different one.
    """
    left = chain(dealt, (p for group in ranking for p in _by_lot(group, chance)))
    chosen = _by_different_authors(_once(left, voted), size)
    chance.shuffle(chosen)
    return tuple(chosen)


def from_(decks: Sequence[Sequence[int]], start: int) -> Iterator[int]:
    """Yield what lies in these decks, from the one at `start` on, and round to the one before."""
    for number in range(len(decks)):
        yield from decks[(start + number) % len(decks)]


def _once(proposals: Iterable[Proposal], voted: Collection[int]) -> Iterator[Proposal]:
    met = set(voted)
    for proposal in proposals:
        if proposal.id not in met:
            met.add(proposal.id)
            yield proposal


def _by_lot(group: Sequence[Proposal], chance: random.Random) -> Iterator[Proposal]:
    """Yield a group in random order; whoever stops early has paid for no more than was taken."""
    moved: dict[int, int] = {}
    for i in range(len(group)):
        j = chance.randrange(i, len(group))
        yield group[moved.get(j, j)]
        moved[j] = moved.get(i, i)


def _by_different_authors(candidates: Iterable[Proposal], size: int) -> list[Proposal]:
    authors: set[Author] = set()
    first: list[Proposal] = []
    later: list[Proposal] = []
    for proposal in islice(candidates, size * LOOKED_AT):
        author = author_of(proposal)
        (later if author in authors else first).append(proposal)
        if author:
            authors.add(author)
        if len(first) == size:
            break
    return [*first, *later][:size]
