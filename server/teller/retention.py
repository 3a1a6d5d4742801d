"""Retention: destroy the ballots of every consultation whose time to keep them is over."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from server.consultations.consultation import Consultation
from server.consultations.errors import ClocksApart, Refusal, StoreUnavailable
from server.store.store import Store
from server.store.wiping import Pause
from server.teller.memory import Done
from server.teller.stopping import Stopping
from server.teller.tidying import Tidying

TURN = 10.0  # seconds between two turns of `run`
LATER = timedelta(minutes=10)  # after a failure, before it is tried again

log = logging.getLogger(__name__)


class Retention:
    """Works in a thread beside the loop that counts: rewriting files may take minutes."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._tidying = Tidying(store, store.clock.now)
        self._done = Done()
        self._later: dict[str, datetime] = {}  # of those that failed

    def run(self, stop: threading.Event) -> None:
        """Take a turn every ten seconds until `stop` is set."""

        def pause(seconds: float) -> None:
            if stop.wait(seconds):
                raise Stopping

        with suppress(Stopping):
            while not stop.is_set():
                # One after the other: both have the servers write their files anew.
                for turn in (self.turn, self._tidying.turn):
                    _attempt(turn, pause)
                pause(TURN)

    def turn(self, pause: Pause = time.sleep) -> None:
        """Purge what is due. One consultation that fails keeps up no other."""
        now = self._now()
        for consultation in self._store.consultations.all():
            if consultation.id not in self._done and self._is_due(consultation, now):
                self._attend(consultation, pause)

    def _is_due(self, consultation: Consultation, now: datetime) -> bool:
        """Also one that was begun before its date, by hand, and did not come to its end."""
        if now < self._later.get(consultation.id, now):
            return False
        found = self._store.purge.state(consultation)
        if found and found.done:
            self._done.add(consultation.id)
            return False
        return bool(found) or now >= self._store.purge.until(consultation)

    def _attend(self, consultation: Consultation, pause: Pause) -> None:
        try:
            self._store.purge.run(consultation, self._now(), pause=pause)
        except Refusal as refusal:
            slug = consultation.slug
            log.warning("The ballots of %s are not destroyed: %s", slug, refusal.detail)
            self._later[consultation.id] = self._now() + LATER
        else:
            log.info("The ballots of %s are destroyed.", consultation.slug)
            self._done.add(consultation.id)


def _attempt(turn: Callable[[Pause], None], pause: Pause) -> None:
    """Take one turn. Whatever fails, the next one makes up for it."""
    try:
        turn(pause)
    except Stopping:
        raise
    except ClocksApart:
        pass  # it was told
    except StoreUnavailable as refusal:
        log.warning("Retention waits for the store: %s", refusal.detail)
    except Exception:
        # A thread that ends in silence would keep ballots for ever.
        log.exception("Retention could not be looked after; it is tried again")
