"""Sealing: close the boxes of every consultation whose time is over."""

from collections.abc import Callable
from datetime import datetime

from server.consultations.consultation import Phase
from server.store.store import Store
from server.teller.memory import Done


class Sealing:
    def __init__(
        self, store: Store, now: Callable[[], datetime], sealed: Done | None = None
    ) -> None:
        self._store = store
        self._now = now
        self._sealed = sealed or Done()

    def turn(self) -> None:
        now = self._now()
        for consultation in self._store.consultations.all():
            over = consultation.phase(now) is Phase.CLOSED
            if over and consultation.id not in self._sealed:
                self._store.ballots.seal(consultation)
                self._sealed.add(consultation.id)
