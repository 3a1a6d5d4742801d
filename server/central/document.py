"""Tallies documents: what a deployment tells the central platform, as absolute counters.

A document never says what changed, only how many ballots there are. So one that is lost, doubled or
late does no harm, and the next one heals everything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from server.consultations.rows import (
    COUNTERS,
    REHEARSAL,
    Row,
    checksum,
    compact,
    deployment_name,
    proposal_name,
    rows,
    sendable,
    totals,
)

# What minutes write too is the domain's; who speaks of a document finds all of it here.
__all__ = [
    "COUNTERS",
    "REHEARSAL",
    "Heading",
    "Row",
    "build",
    "checksum",
    "compact",
    "deployment_name",
    "proposal_name",
    "rows",
    "same_totals",
    "sendable",
    "totals",
]


@dataclass(frozen=True)
class Heading:
    """What a document says about itself. `revisions` were read *before* the tallies.

    `previous` is the SHA-256 of the newest body the receiver has acknowledged, if any.
    """

    epoch: int  # milliseconds since 1970
    revisions: tuple[int, ...]
    sequence: int
    previous: str | None
    fence: int
    as_of: datetime
    complete: bool


def build(heading: Heading, deployment: str, slug: str, rows: list[Row]) -> dict[str, Any]:
    """Return a document; totals and checksum are of the whole consultation, so only if complete."""
    return {
        "deployment": deployment,
        "consultation": slug,
        "epoch": heading.epoch,
        "revisions": list(heading.revisions),
        "revision": sum(heading.revisions),
        "sequence": heading.sequence,
        "previous": heading.previous,
        "fence": heading.fence,
        "asOf": heading.as_of.astimezone(UTC).isoformat(timespec="milliseconds"),
        "complete": heading.complete,
        "rows": rows,
        "totals": totals(rows) if heading.complete else None,
        "checksum": checksum(rows) if heading.complete else None,
    }


def same_totals(given: Mapping[str, Any], expected: Mapping[str, Any]) -> bool:
    """Whether all counters are equal, whatever else a later version may have put in."""
    return all(
        given[vote][counter] == expected[vote][counter] for vote in expected for counter in COUNTERS
    )
