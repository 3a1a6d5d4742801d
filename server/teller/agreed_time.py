"""The time by which the teller does what nobody can undo: sealing, closing, destroying ballots."""

import logging
import time
from collections.abc import Callable
from datetime import datetime

from server.consultations.errors import ClocksApart
from server.store.clock import StoreClock

AGAIN = 300.0  # seconds until the same is told again

log = logging.getLogger(__name__)


class AgreedTime:
    """The store's time, as long as this machine's clock agrees with it. Three threads share one."""

    def __init__(
        self,
        clock: StoreClock,
        own: Callable[[], datetime],
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._own = own
        self._ticks = ticks
        self._told = float("-inf")

    def __call__(self) -> datetime:
        """Return the store's time; raise `ClocksApart`, which this tells the operator itself."""
        try:
            return self._clock.agreed(self._own())
        except ClocksApart as refusal:
            if self._ticks() - self._told >= AGAIN:
                self._told = self._ticks()
                log.warning("Nothing is closed and no ballot is destroyed: %s", refusal.detail)
            raise
