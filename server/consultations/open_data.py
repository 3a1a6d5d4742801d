"""Open data: one row for each proposal and source, and one for each proposal in all.

Sums of ballots alone, small sources folded as in the minutes, no share of few votes. A sheet of a
program that calculates must not take a text for a formula: such texts get an apostrophe before them.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from server.consultations.ballots import VOTES
from server.consultations.intervals import wilson
from server.consultations.outcome import Cell, Outcome
from server.consultations.results import NAMES
from server.consultations.scores import Score

ALL = "~all"  # no source has a name like this: the row of all of them
SCORES = ("top", "controversy", "rejection")
FORMULAS = ("=", "+", "-", "@", "\t", "\r")

COLUMNS = (
    "proposal", "text", "language", "source", "votes", "asked", "ballots", "shares_of",
    *(f"{vote}{part}" for vote in map(str, VOTES) for part in ("", "_share", "_low", "_high")),
    *(f"{vote}_asked" for vote in map(str, VOTES)),
    *NAMES,
    *(f"{name}_asked" for name in NAMES),
    "zone",
    *(f"{score}{part}" for score in SCORES for part in ("_score", "_confidence")),
)  # fmt: skip

TEXT = COLUMNS.index("text")
JUDGED = 1 + 2 * len(SCORES)  # columns at the end, that only all sources together have

Row = list[Any]  # in the order of `COLUMNS`; None is nothing


def rows(outcomes: Iterable[Outcome], closed: bool) -> Iterator[Row]:
    """Yield the rows of each proposal, that of all sources first.

    `ballots`, which counts those that count nowhere too, is told once voting is over: before, it
    would tell whoever sends them that they were seen through.
    """
    for one in outcomes:
        yield [*_counted(one, ALL, one.total, closed), *_judged(one)]
        for source, cell in one.sources:
            yield [*_counted(one, source.name, cell, closed), *NOT_JUDGED]


def written(found: Iterable[Row]) -> str:
    """Return lines of the CSV file: RFC 4180, a comma between."""
    lines = io.StringIO()
    writer = csv.writer(lines)
    for row in found:
        row[TEXT] = harmless(row[TEXT])
        writer.writerow(row)
    return lines.getvalue()


def harmless(text: str) -> str:
    """Return a text so that no program takes it for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULAS) else text


def _counted(one: Outcome, source: str, cell: Cell, closed: bool) -> Row:
    counts, proposal = cell.counts, one.proposal
    basis = None if cell.early else "asked" if cell.apart else "votes"
    return [
        proposal.id,
        proposal.text,
        proposal.language,
        source,
        counts.total,
        counts.total_asked,
        cell.all_votes if closed else None,
        basis,
        *_shared(cell),
        *counts.asked[: len(VOTES)],
        *counts.numbers[len(VOTES) :],
        *counts.asked[len(VOTES) :],
    ]


def _shared(cell: Cell) -> Row:
    """Return of each vote how many, and its share with the ends of its interval."""
    numbers, shown = cell.counts.numbers[: len(VOTES)], cell.shown
    if cell.early:
        return [value for number in numbers for value in (number, None, None, None)]
    total, found = shown.total, []
    for number, part in zip(numbers, shown.numbers, strict=False):
        interval = wilson(part, total)
        found += [number, round(part / total, 4), round(interval.low, 4), round(interval.high, 4)]
    return found


NOT_JUDGED: Row = [None] * JUDGED


def _judged(one: Outcome) -> Row:
    """Return zone and scores, each with its confidence."""
    if one.scores is None:
        return NOT_JUDGED
    found: list[Score] = [getattr(one.scores, name) for name in SCORES]
    return [
        str(one.zone),
        *(round(v, 6) for score in found for v in (score.value, score.confidence)),
    ]
