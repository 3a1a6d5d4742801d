"""Tidying: the disks forget whoever was forgotten, within an hour."""

import logging
import time
from collections.abc import Callable

from server.store.store import Store
from server.store.wiping import Pause

MINUTE = 60_000  # milliseconds
SETTLED = 5 * MINUTE  # after a wish nothing is left of it in the keys, not even its number
EVERY = 50 * MINUTE  # from one sweep to the next, so that it is over within the hour

log = logging.getLogger(__name__)


class Tidying:
    """`clock` gives milliseconds: no wrong clock of a machine can keep it from its work."""

    def __init__(self, store: Store, clock: Callable[[], int]) -> None:
        self._store = store
        self._clock = clock
        self._asked = self._seen = 0  # how many wishes, when some were first seen; and when
        self._not_before = 0

    def turn(self, pause: Pause = time.sleep) -> None:
        """Sweep the servers if it is time; say which of them refuse."""
        now = self._clock()
        if not self._is_due(now):
            return
        failed = self._store.forgotten.sweep(self._asked, now, pause)
        self._asked = 0
        if failed:
            self._not_before = now + EVERY
            log.warning("A disk may still know who was forgotten: %s.", "; ".join(failed))

    def _is_due(self, now: int) -> bool:
        wishes = self._store.forgotten.wishes()
        if wishes.asked == wishes.fulfilled:
            self._asked = 0
            return False
        if not self._asked:
            self._asked, self._seen = wishes.asked, now
        # A store whose clock was set back has swept in the future, as it seems.
        rested = abs(now - wishes.swept) >= EVERY
        return rested and now - self._seen >= SETTLED and now >= self._not_before
