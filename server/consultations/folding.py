"""Folding: in what is public for ever, sources with few voters are counted as one.

The rows of a source with a single voter would be that person's whole record, signed. So each
source that is told apart has at least `FEWEST` voters, and so have the others together.

Anybody can be a voter whom nobody believes, and nine of these do not hide one reader. So as many
voters as there are at home in a source are looked for among its verified ballots too, of which
nobody has two on one proposal: at least as many were there as it has on any one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from server.consultations.consultation import Consultation, Source
from server.consultations.tallies import Histogram, add, verified

FEWEST = 10  # voters; the minutes' decision record says why so many
OTHERS = Source(0, "~others", "", "")  # no source has this number, nor a name like this

Histograms = Mapping[int, Mapping[int, Histogram]]  # proposal -> source number -> histogram


@dataclass(frozen=True)
class Folded:
    """What is left to tell: `consultation` with `OTHERS` in place of `sources`."""

    sources: tuple[Source, ...]
    consultation: Consultation
    voters: Mapping[int, int]
    histograms: Histograms


def fold(
    consultation: Consultation,
    voters: Mapping[int, int],
    histograms: Histograms,
    most: Mapping[int, int] | None = None,
) -> Folded:
    """Fold the sources with few of the `voters` (source number -> voters at home there).

    `most` are the most verified ballots on any one proposal, by source; who has not all
    `histograms` at hand has to know them.
    """
    surely = _surely(voters, _most(histograms) if most is None else most)
    few = _few(consultation, voters, surely, histograms)
    if not few:
        return Folded((), consultation, voters, histograms)
    sources = tuple(source for source in consultation.sources if source.number in few)
    kept = tuple(source for source in consultation.sources if source.number not in few)
    return Folded(
        sources,
        replace(consultation, sources=(*kept, OTHERS)),
        {**voters, OTHERS.number: sum(voters.get(number, 0) for number in few)},
        {proposal: _joined(found, few) for proposal, found in histograms.items()},
    )


def _most(histograms: Histograms) -> dict[int, int]:
    found: dict[int, int] = {}
    for sources in histograms.values():
        for number, histogram in sources.items():
            found[number] = max(found.get(number, 0), verified(histogram))
    return found


def _surely(voters: Mapping[int, int], most: Mapping[int, int]) -> dict[int, int]:
    """Return how many there surely are of the voters at home in each source."""
    return {number: min(at_home, most.get(number, 0)) for number, at_home in voters.items()}


def _few(
    consultation: Consultation,
    voters: Mapping[int, int],
    surely: Mapping[int, int],
    histograms: Histograms,
) -> frozenset[int]:
    """Return the numbers of the sources to fold, the smallest first; all, if voters are few.

    If any is folded, so are those that nobody voted through: no name gives away a vote.
    """
    voted = {number for found in histograms.values() for number in found}
    numbers = sorted(
        (source.number for source in consultation.sources),
        key=lambda n: (surely.get(n, 0), voters.get(n, 0), n),
    )
    few = [number for number in numbers if surely.get(number, 0) < FEWEST]
    if not any(voters.get(number) or number in voted for number in few):
        return frozenset()
    while sum(surely.get(n, 0) for n in few) < FEWEST and len(few) < len(numbers):
        few.append(numbers[len(few)])
    return frozenset(few)


def _joined(found: Mapping[int, Histogram], few: frozenset[int]) -> dict[int, Histogram]:
    kept = {number: histogram for number, histogram in found.items() if number not in few}
    others = add(histogram for number, histogram in found.items() if number in few)
    return {**kept, OTHERS.number: others}
