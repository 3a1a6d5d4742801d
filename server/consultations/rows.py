"""Rows: the counters of each proposal and source, as documents and minutes write them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from server.consultations.ballots import Vote
from server.consultations.consultation import Consultation, Proposal
from server.consultations.tallies import Counters, Histogram, Tally, tally
from server.consultations.values import is_central

REHEARSAL = "~rehearsal"
COUNTERS = ("count", "countVerified", "countSequence")
CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))

Row = dict[str, Any]


def deployment_name(deployment: str, consultation: Consultation) -> str:
    """Return the name votes are sent under; a rehearsal's is one that no national figure adds."""
    return deployment + REHEARSAL if consultation.rehearsal else deployment


def proposal_name(deployment: str, proposal: Proposal) -> str:
    """Return a proposal's name on the wire; `deployment` is what `deployment_name` gave."""
    return proposal.central or f"{deployment}:{proposal.id}"


def sendable(proposals: Iterable[Proposal]) -> dict[int, Proposal]:
    """Return proposals by id, without the central ids that a receiver would refuse.

    The import takes no such id. But should the store hold one, it must not keep back all the other
    counts of its consultation: that proposal goes under our own name. Of two the first keeps it.
    """
    found: dict[int, Proposal] = {}
    taken: set[str | None] = set()
    for proposal in proposals:
        odd = proposal.central in taken or not is_central(proposal.central or "")
        found[proposal.id] = replace(proposal, central=None) if odd else proposal
        taken.add(found[proposal.id].central)
    return found


def rows(
    consultation: Consultation,
    deployment: str,
    proposals: Iterable[Proposal],
    histograms: Mapping[int, Mapping[int, Histogram]],
    complete: bool,
) -> list[Row]:
    """Return one row per proposal and source, in canonical order.

    A complete document leaves out what nobody votes for: the receiver removes what it lacks. Any
    other one has a row for every source, because a tally that fell to zero has to be said.
    """
    made = []
    for proposal in proposals:
        by_source = histograms.get(proposal.id, {})
        for source in consultation.sources:
            histogram = by_source.get(source.number, {})
            if histogram or not complete:
                name = proposal_name(deployment, proposal)
                made.append(_row(name, source.name, tally(histogram)))
    return sorted(made, key=_place)


def totals(rows: Iterable[Row]) -> dict[str, dict[str, int]]:
    """Return the sums of each vote's three counters."""
    sums = {str(vote): dict.fromkeys(COUNTERS, 0) for vote in Vote}
    for row in rows:
        for vote, sum_ in sums.items():
            for counter in COUNTERS:
                sum_[counter] += row["votes"][vote][counter]
    return sums


def checksum(rows: Iterable[Row]) -> str:
    """Return the SHA-256 (hex) of the rows, sorted by proposal and source, as compact JSON."""
    return sha256(compact_rows(sorted(rows, key=_place))).hexdigest()


def compact(value: Any) -> bytes:
    """Return canonical JSON: keys sorted, no spaces, UTF-8."""
    return CANONICAL.encode(value).encode()


def compact_rows(rows: Iterable[Row]) -> bytes:
    """Return what `compact` does, a row at a time: between two of them other threads can work."""
    return b"[" + b",".join(map(compact, rows)) + b"]"


def _place(row: Row) -> tuple[str, str]:
    return row["proposal"], row["source"]


def _row(proposal: str, source: str, votes: Tally) -> Row:
    return {
        "proposal": proposal,
        "source": source,
        "votes": {
            str(vote): _counts(counted.counters)
            | {"qualifications": {n: _counts(c) for n, c in counted.qualifications.items()}}
            for vote, counted in votes.items()
        },
    }


def _counts(counters: Counters) -> dict[str, Any]:
    values = (counters.count, counters.verified, counters.sequence)
    return dict(zip(COUNTERS, values, strict=True))
