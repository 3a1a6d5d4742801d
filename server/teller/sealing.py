"""Sealing: close the boxes of every consultation whose time is over."""

from collections.abc import Callable
from datetime import datetime

from server.consultations.consultation import Phase
from server.store.store import Store


class Sealing:
    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._sealed: set[str] = set()

    def turn(self) -> None:
        for consultation in self._store.consultations.all():
            over = consultation.phase(self._now()) is Phase.CLOSED
            if over and consultation.id not in self._sealed:
                self._store.ballots.seal(consultation)
                self._sealed.add(consultation.id)
