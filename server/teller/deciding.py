"""Deciding: let staff's decisions take effect when nobody can undo them any more."""

from server.store.store import Store
from server.teller.each import each


class Deciding:
    """Holds nothing: what is due lies in the store, and two tellers settle it once."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def turn(self) -> None:
        """Settle what is due. One consultation that fails keeps up no other."""
        staff = self._store.moderation
        consultations = self._store.consultations.all()
        now = self._store.clock.now()
        first = zip(consultations, staff.decisions.first_due(consultations), strict=True)
        ready = [one for one, due in first if due is not None and due <= now]
        each("Deciding in", ready, staff.decisions.settle)
        each("Queueing in", staff.index.behind(consultations), staff.index.take_in)
