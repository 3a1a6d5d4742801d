"""Counting: sum the boxes of a consultation, and publish what readers are shown."""

from dataclasses import dataclass, field

from server.consultations.consultation import Consultation
from server.consultations.results import Counts
from server.store.published import Published
from server.store.store import Store


@dataclass
class Counted:
    """What was counted of one consultation so far. Losing it costs one full count."""

    revisions: tuple[int, ...]
    counts: dict[int, Counts] = field(default_factory=dict)


class Counting:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._counted: dict[str, Counted] = {}

    def turn(self) -> None:
        """Count what changed since the last turn, in every consultation."""
        for consultation in self._store.consultations.all():
            self.count(consultation)

    def count(self, consultation: Consultation) -> bool:
        """Count one consultation; return whether there was anything new to publish."""
        store, tallies = self._store, self._store.tallies
        counted = self._counted.get(consultation.id)
        # Read before the tallies: these then hold everything up to here, and perhaps more.
        revisions = tallies.revisions(consultation)
        if counted and counted.revisions == revisions:
            return False
        if counted is None or _went_back(counted.revisions, revisions):
            counted = Counted((0,) * consultation.boxes)
        changed = tallies.changed_since(consultation, counted.revisions)
        counted.counts.update(tallies.counts(consultation, changed))
        voters = tallies.voters(consultation)
        blob = Published(store.clock.now(), revisions, voters, counted.counts)
        store.published.publish(consultation, blob)
        # Only now: had publishing failed, the next turn must not think that all was said.
        counted.revisions = revisions
        self._counted[consultation.id] = counted
        return True


def _went_back(before: tuple[int, ...], now: tuple[int, ...]) -> bool:
    """A box whose revision is lower than it was has lost data: count it all anew."""
    return any(new < old for old, new in zip(before, now, strict=True))
