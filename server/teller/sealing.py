"""Sealing: close the boxes of every consultation whose time is over."""

from collections.abc import Callable
from datetime import datetime

from server.consultations.consultation import Consultation
from server.store.store import Store
from server.teller.each import each
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
        consultations = self._store.consultations.all()
        over = (one for one in consultations if one.phase(now).is_over)
        each("Sealing", (one for one in over if one.id not in self._sealed), self._seal)

    def _seal(self, consultation: Consultation) -> None:
        self._store.ballots.seal(consultation)
        self._sealed.add(consultation.id)
