"""Patience: go on after whatever passes by itself, for a bounded time."""

from collections.abc import Callable
from typing import TypeVar

import stamina

from server.central.client import NoAnswer
from server.consultations.errors import StoreUnavailable, TooLate

SECONDS = 120.0  # without an answer, before the replay gives up
LONGEST_PAUSE = 2.0  # seconds, whatever a Retry-After says: nobody is bothered by our asking

Answer = TypeVar("Answer")


class Away(Exception):
    """The service did not answer, or asks us to come back after `pause` seconds."""

    def __init__(self, message: str, pause: float | None = None) -> None:
        super().__init__(message)
        self.pause = pause


class GivenUp(Exception):
    """Nothing moved for too long. The message says what we were waiting for."""


def patiently(ask: Callable[[], Answer], seconds: float = SECONDS) -> Answer:
    """Return the answer of `ask`, asked again until there is one; raise `GivenUp` in the end."""
    try:
        # No attempt limit: a restart under load refuses many connections in its first second.
        for attempt in stamina.retry_context(
            on=_pause, attempts=None, timeout=seconds, wait_max=LONGEST_PAUSE, wait_jitter=0.1
        ):
            with attempt:
                return ask()
    except (Away, NoAnswer, StoreUnavailable, TooLate) as error:
        raise GivenUp(f"No progress for {seconds:.0f} seconds: {error}") from error
    raise AssertionError("unreachable: the last error is let through")


def _pause(error: Exception) -> bool | float:
    if isinstance(error, Away) and error.pause is not None:
        return min(error.pause, LONGEST_PAUSE)
    return isinstance(error, Away | NoAnswer | StoreUnavailable | TooLate)
