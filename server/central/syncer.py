"""The syncer: keep the central platform's counts equal to ours, whatever fails on the way.

It trusts only what the receiver says it has: after every failure it asks first, then sends what
has changed since. So a lost answer costs nothing, and an outage costs only delay.
"""

import logging
import random
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import redis

from server.central import pace, signing
from server.central.client import Central, NoAnswer, Refused
from server.central.courier import Courier
from server.central.reconcile import COMPLETE_EVERY, Next
from server.consultations.consultation import Consultation
from server.consultations.errors import StoreUnavailable
from server.settings import Settings
from server.store.store import Store
from server.store.sync_state import Lease, SyncStates

TURN = 1.0  # seconds between two turns of `run`
FENCE_LOWER = "fence-lower"
STORE_FAILURES = (StoreUnavailable, redis.RedisError)

log = logging.getLogger(__name__)


@dataclass
class Link:
    """What this process knows of one consultation at the receiver.

    `asked` says that the receiver's word is fresh: nothing has failed since.
    """

    due: datetime
    heard: datetime
    asked: bool = False
    failures: int = 0


class Syncer:
    """`clock` gives the time with its zone. Without a central platform a turn does nothing."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._states = SyncStates(store.redis)
        self._lease = Lease(store.redis)
        self._links: dict[str, Link] = {}
        self._fence: int | None = None
        self._central: Central | None = None
        if settings.central_url and settings.central_secret:
            secrets = signing.parse_secrets(settings.central_secret)
            self._central = Central(settings.central_url, secrets)
            self._courier = Courier(store, self._central, settings.deployment, clock)

    def run(self, stop: threading.Event) -> None:
        """Take a turn a second until `stop` is set, in a thread beside the one that counts."""
        while not stop.is_set():
            try:
                self.turn()
            except STORE_FAILURES as error:
                log.warning("Sync waits for the store: %s", error)
            except Exception:
                # A thread that ends in silence would be an outage nobody sees.
                log.exception("A turn of the sync failed; it is tried again")
            stop.wait(TURN)

    def turn(self) -> None:
        """Make at most one request for each consultation that is due.

        The turn ends at the first that gets no answer, so it never waits for more than one
        time-out; the next turn begins with those that have waited longest.
        """
        if self._central is None:
            return
        try:
            for consultation, link in self._due():
                if not self._held() or not self._attend(consultation, link):
                    return
        except STORE_FAILURES:
            # It may come back with less than it had, so the receiver is asked again.
            self._links.clear()
            raise

    def close(self) -> None:
        """Leave the lease to another process and close the connections."""
        if self._central:
            self._central.close()
            # Without a store the lease simply runs out.
            with suppress(*STORE_FAILURES):
                self._lease.release()

    def _due(self) -> list[tuple[Consultation, Link]]:
        now = self._clock()
        pairs = [
            (consultation, self._links.setdefault(consultation.id, Link(due=now, heard=now)))
            for consultation in self._store.consultations.all()
        ]
        return sorted((p for p in pairs if p[1].due <= now), key=lambda pair: pair[1].due)

    def _held(self) -> bool:
        """Whether we hold the lease. A new one makes all that we knew of the receiver old."""
        fence = self._lease.hold()
        if fence != self._fence:
            for link in self._links.values():
                link.asked = False
        self._fence = fence
        return fence is not None

    def _attend(self, consultation: Consultation, link: Link) -> bool:
        """Do what one consultation needs; return False if nobody answered."""
        try:
            if self._work(consultation, link):
                link.asked, link.heard = True, self._clock()
                self._pause(link, failures=0)
        except STORE_FAILURES:
            raise
        except Exception as error:
            # Whatever is wrong with one consultation must not stop the others.
            self._fail(consultation, link, error)
            return not isinstance(error, NoAnswer)
        return True

    def _work(self, consultation: Consultation, link: Link) -> bool:
        """Make the request that the consultation needs, if it needs one."""
        # Now and then even the silent are asked: the receiver may have lost data too.
        fresh = link.asked and self._clock() - link.heard < COMPLETE_EVERY
        step = self._courier.needed(consultation) if fresh else Next.ASK
        if step is Next.ASK:
            self._courier.ask(consultation)
        elif step is not Next.NOTHING and self._fence:
            self._courier.send(consultation, self._fence, complete=step is Next.COMPLETE)
        return step is not Next.NOTHING

    def _fail(self, consultation: Consultation, link: Link, error: Exception) -> None:
        if isinstance(error, Refused) and error.code == FENCE_LOWER:
            self._lease.release()
        if isinstance(error, NoAnswer | Refused):
            log.warning("Sync of %s: %s", consultation.slug, error)
        else:
            log.exception("Sync of %s failed", consultation.slug)
        self._states.failed(consultation, str(error), self._clock())
        link.asked = False
        self._pause(link, link.failures + 1)

    def _pause(self, link: Link, failures: int) -> None:
        link.failures = failures
        link.due = self._clock() + pace.pause(failures, random.random())  # noqa: S311 - spreads load
