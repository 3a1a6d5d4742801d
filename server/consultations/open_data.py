"""Open data: one row for each proposal and source, and one for each proposal in all.

Sums of ballots alone, small sources folded as in the minutes, no share of few votes. A sheet of a
program that calculates must not take a text for a formula: such texts get an apostrophe before them.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from server.consultations.ballots import VOTES
from server.consultations.outcome import Cell, Outcome
from server.consultations.results import NAMES
from server.consultations.scores import Score

ALL = "~all"  # no source has a name like this: the row of all of them
KEYS = (*map(str, VOTES), *NAMES)
SCORES = ("top", "controversy", "rejection")
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
BATCH = 500  # rows written between two looks at anything else

COLUMNS = (
    "proposal", "text", "language", "source", "votes", "asked", "ballots", "shares_of",
    *(f"{vote}{part}" for vote in map(str, VOTES) for part in ("", "_share", "_low", "_high")),
    *(f"{vote}_asked" for vote in map(str, VOTES)),
    *NAMES,
    *(f"{name}_asked" for name in NAMES),
    "zone",
    *(f"{score}{part}" for score in SCORES for part in ("_score", "_confidence")),
)  # fmt: skip

Row = dict[str, Any]


def rows(outcomes: Iterable[Outcome], closed: bool) -> Iterator[Row]:
    """Yield the rows of each proposal, that of all sources first.

    `ballots`, which counts those that count nowhere too, is told once voting is over: before, it
    would tell whoever sends them that they were seen through.
    """
    for one in outcomes:
        yield _row(one, ALL, one.total, closed) | _judged(one)
        for source, cell in one.sources:
            yield _row(one, source.name, cell, closed)


def written(found: Iterable[Row]) -> Iterator[str]:
    """Yield the lines of the CSV file: RFC 4180, a comma between, the first line names columns."""
    line = io.StringIO()
    writer = csv.writer(line)
    writer.writerow(COLUMNS)
    for number, row in enumerate(found, 1):
        writer.writerow([harmless(row[name]) for name in COLUMNS])
        if number % BATCH == 0:
            yield _taken(line)
    yield _taken(line)


def harmless(value: object) -> object:
    """Return a text so that no program takes it for a formula; numbers and the rest as they are."""
    risky = isinstance(value, str) and value.lstrip(" ").startswith(FORMULAS)
    return f"'{value}" if risky else value


def _taken(line: io.StringIO) -> str:
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text


def _row(one: Outcome, source: str, cell: Cell, closed: bool) -> Row:
    counts, shown = cell.counts, cell.shown
    row: Row = dict.fromkeys(COLUMNS)
    row |= {
        "proposal": one.proposal.id,
        "text": one.proposal.text,
        "language": one.proposal.language,
        "source": source,
        "votes": counts.total,
        "asked": counts.total_asked,
        "ballots": cell.all_votes if closed else None,
        "shares_of": None if cell.early else "asked" if cell.by_link else "votes",
    }
    row |= dict(zip(KEYS, counts.numbers, strict=True))
    row |= dict(zip((f"{key}_asked" for key in KEYS), counts.asked, strict=True))
    for vote, share in (cell.shares or {}).items():
        row[f"{vote}_share"] = round(share.count / shown.total, 4)
        row[f"{vote}_low"] = round(share.interval.low, 4)
        row[f"{vote}_high"] = round(share.interval.high, 4)
    return row


def _judged(one: Outcome) -> Row:
    """Return the zone and the scores, which only all sources together have."""
    row: Row = {"zone": str(one.zone) if one.zone else None}
    if one.scores:
        for name in SCORES:
            score: Score = getattr(one.scores, name)
            row[f"{name}_score"] = round(score.value, 6)
            row[f"{name}_confidence"] = round(score.confidence, 6)
    return row
