"""What the teller has done, remembered for a while only: a store can lose it, or be replaced."""

import time
from collections.abc import Callable

AGAIN = 60.0  # seconds until it is looked at again


class Done:
    """Consultations that need no more attention for a minute.

    A failover may lose a seal that was just set, and a backup from before the close may be
    restored under a teller that runs.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}

    def add(self, consultation: str) -> None:
        self._until[consultation] = self._clock() + AGAIN

    def __contains__(self, consultation: str) -> bool:
        return self._clock() < self._until.get(consultation, 0.0)
