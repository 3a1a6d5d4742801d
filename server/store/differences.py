"""Differences: where the tallies do not say what the ballots say."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from server.store.generation import Generation, Pair, Place

Report = Callable[[str, int], None]  # hears what is being gone through, and how many so far


@dataclass(frozen=True)
class Difference:
    """One number that is wrong: ballots that hold `code` through `source`, all boxes added up.

    Without proposal and code it is the number of voters at home in `source`. What is tallied and
    what is counted can be the same only if they are wrong in several boxes.
    """

    proposal: int | None
    source: int
    code: int | None
    tallied: int
    counted: int


def differing(generation: Generation, report: Report) -> set[Place]:
    """Return where tally and shadow differ, once it is sure that nothing counted was lost."""
    found: set[Place] = set()
    for page in generation.differing():
        found |= page
        report("differences", len(found))
    generation.confirm()
    return found


def differences(generation: Generation, places: Iterable[Place]) -> list[Difference]:
    """Return the numbers that are wrong in those places, voters before ballots."""
    proposals = sorted({proposal for _, proposal in places}, key=lambda proposal: proposal or 0)
    return [
        Difference(proposal, *_parse(name), tallied, counted)
        for proposal in proposals
        for name, tallied, counted in _sums(generation.pairs(proposal))
    ]


def _sums(pairs: Sequence[Pair]) -> Iterator[tuple[str, int, int]]:
    """Yield the tallied and the counted number over all boxes of each that is wrong in any."""
    for name in sorted({name for pair in pairs for part in pair for name in part}, key=_parse):
        numbers = [(tally.get(name, 0), shadow.get(name, 0)) for tally, shadow in pairs]
        if any(tallied != counted for tallied, counted in numbers):
            yield name, sum(t for t, _ in numbers), sum(c for _, c in numbers)


def _parse(name: str) -> tuple[int, int | None]:
    """Return source and code of a tally's field, the source alone of the tally of voters."""
    source, _, code = name.partition(".")
    return int(source), int(code) if code else None
