"""Comparison: one number for each statement, vote and place; all places must agree with the file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from server.consultations.ballots import Vote
from server.consultations.polis import Counts
from server.consultations.tallies import Counters, add, tally

Numbers = Mapping[tuple[int, Vote], Counters]  # (proposal, vote) -> ballots in all, verified, asked
NONE = Counters()


@dataclass(frozen=True)
class Difference:
    """A place that has another number than the file."""

    place: str
    proposal: int
    vote: Vote
    expected: Counters
    found: Counters


def from_file(outcome: Mapping[int, Counts], proposals: Mapping[int, int]) -> Numbers:
    """Return what the history says. A replayed vote counts in full: as one of `sequence`."""
    return {
        (proposals[comment], vote): Counters(number, number, number)
        for comment, counts in outcome.items()
        for vote, number in counts.items()
    }


def from_results(results: Mapping[str, Any]) -> Numbers:
    """Return what readers are shown: one number, which has to be all three.

    Where links brought more votes than were asked for, the two stand apart.
    """
    return {
        (shown["proposal"], Vote(vote)): Counters(*[counted["count"] + _by_link(shown, vote)] * 3)
        for shown in results["proposals"]
        for vote, counted in shown["votes"].items()
    }


def _by_link(shown: Mapping[str, Any], vote: str) -> int:
    return int(shown["byLink"]["votes"][vote]["count"]) if shown["byLink"] else 0


def from_histograms(histograms: Mapping[int, Mapping[int, Mapping[int, int]]]) -> Numbers:
    """Return the sums over all sources: of the tallies, or of a recount."""
    return {
        (proposal, vote): counted.counters
        for proposal, sources in histograms.items()
        for vote, counted in tally(add(sources.values())).items()
    }


def from_rows(rows: Iterable[Mapping[str, Any]], names: Mapping[str, int]) -> Numbers:
    """Return what the receiver has; `names` maps its proposals to ours, a stranger's is 0."""
    numbers: dict[tuple[int, Vote], Counters] = {}
    for row in rows:
        for vote, sent in row["votes"].items():
            place = names.get(row["proposal"], 0), Vote(vote)
            counted = Counters(sent["count"], sent["countVerified"], sent["countSequence"])
            numbers[place] = numbers.get(place, NONE) + counted
    return numbers


def differences(expected: Numbers, places: Mapping[str, Numbers]) -> list[Difference]:
    """Return every number in which a place differs; a number that is not there counts as 0."""
    return [
        Difference(place, *key, expected.get(key, NONE), found.get(key, NONE))
        for place, found in places.items()
        for key in sorted(expected.keys() | found.keys())
        if expected.get(key, NONE) != found.get(key, NONE)
    ]


def table(expected: Numbers, places: Mapping[str, Numbers]) -> list[str]:
    """Return lines with each place's sums over all statements."""
    columns = {"file": expected, **places}
    lines = ["".join([f"{'':<10}", *(f"{name:>12}" for name in columns)])]
    for vote in Vote:
        sums = (_sum(numbers, vote) for numbers in columns.values())
        lines.append("".join([f"{vote:<10}", *(f"{words(total):>12}" for total in sums)]))
    return lines


def words(counters: Counters) -> str:
    """Return one number, or all three where they differ."""
    three = (counters.count, counters.verified, counters.sequence)
    return str(three[0]) if len(set(three)) == 1 else "/".join(map(str, three))


def _sum(numbers: Numbers, vote: Vote) -> Counters:
    return sum((n for (_, v), n in numbers.items() if v is vote), NONE)
