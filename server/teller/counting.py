"""Counting: sum the boxes of a consultation, and publish what readers are shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from server.consultations.consultation import Consultation
from server.consultations.results import Counts
from server.store.published import Published
from server.store.store import Store
from server.teller.each import each


@dataclass
class Counted:
    """What was counted of one consultation so far. Losing it costs one full count.

    Of one that is over no `counts` are kept, only up to where it was counted.
    """

    revisions: tuple[int, ...]
    counts: dict[int, Counts] | None = field(default_factory=dict)


class Counting:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._counted: dict[str, Counted] = {}

    def turn(self) -> None:
        """Count what changed since the last turn, in every consultation."""
        each("Counting", self._store.consultations.all(), self.count)

    def counts(self, consultation: Consultation) -> Mapping[int, Counts] | None:
        """Return what was counted last, of all proposals with votes; None if it never was.

        What was let go is counted anew in the next turn: somebody asks for it again.
        """
        counted = self._counted.get(consultation.id)
        if counted and counted.counts is None:
            del self._counted[consultation.id]
        return counted.counts if counted else None

    def let_go(self, consultation: Consultation) -> None:
        """Forget the counts of what is over: 34 000 proposals take tens of megabytes."""
        if counted := self._counted.get(consultation.id):
            counted.counts = None

    def count(self, consultation: Consultation) -> bool:
        """Count one consultation; return whether there was anything new to publish."""
        store, tallies = self._store, self._store.tallies
        counted = self._counted.get(consultation.id)
        # Read before the tallies: these then hold everything up to here, and perhaps more.
        revisions = tallies.revisions(consultation)
        if counted and counted.revisions == revisions:
            return False
        before, counts = (counted.revisions, counted.counts) if counted else (revisions, None)
        if counts is None or _went_back(before, revisions):
            before, counts = (0,) * consultation.boxes, {}
        changed = tallies.changed_since(consultation, before)
        counts.update(tallies.counts(consultation, changed))
        voters = tallies.voters(consultation)
        blob = Published(store.clock.now(), revisions, voters, counts)
        store.published.publish(consultation, blob)
        # Only now: had publishing failed, the next turn must not think that all was said.
        self._counted[consultation.id] = Counted(revisions, counts)
        return True


def _went_back(before: tuple[int, ...], now: tuple[int, ...]) -> bool:
    """A box whose revision is lower than it was has lost data: count it all anew."""
    return any(new < old for old, new in zip(before, now, strict=True))
