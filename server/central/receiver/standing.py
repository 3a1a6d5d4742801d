"""A standing: how far the receiver knows one consultation of one deployment. Pure."""

from dataclasses import dataclass, replace
from typing import Any

from server.central.acknowledged import Acknowledged, Place

Counts = tuple[int, ...]  # the 36 counters, in the order of `tables.COUNTER_COLUMNS`


@dataclass(frozen=True)
class TalliesDocument:
    """A tallies document whose shape is right. `rows`: (proposal, source) -> counters."""

    deployment: str
    consultation: str
    heading: Acknowledged
    previous: str | None
    complete: bool
    rows: dict[tuple[str, str], Counts]

    @property
    def place(self) -> Place:
        return self.heading.place


@dataclass(frozen=True)
class Standing:
    """`floor` is the place of the newest complete document: older ones have nothing to add."""

    acknowledged: Acknowledged | None = None
    want_complete: bool = True
    floor: Place = (0, 0, 0)

    def fenced_off(self, document: TalliesDocument) -> bool:
        """Whether the sender has lost its lease to another one.

        A higher epoch is always heard: a store that lost its data has lost its fence too.
        """
        known, heading = self.acknowledged, document.heading
        return bool(known and heading.epoch <= known.epoch and heading.fence < known.fence)

    def outdated(self, document: TalliesDocument) -> bool:
        return document.place < self.floor

    def after(self, document: TalliesDocument) -> "Standing":
        """Return where the consultation stands once the document's rows are kept."""
        floor = max(self.floor, document.place) if document.complete else self.floor
        known = self.acknowledged
        if known and document.place <= known.place:
            return replace(self, floor=floor)
        gap = known is None or document.previous != known.digest
        want = not document.complete and (self.want_complete or gap)
        return Standing(document.heading, want, floor)

    def dump(self) -> dict[str, Any]:
        """Return what every answer says."""
        return {
            "acknowledged": self.acknowledged.dump() if self.acknowledged else None,
            "want": "complete" if self.want_complete else None,
        }
