"""How long a request may wait for a store that does not answer: what guarantees.md promises."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from server.store.connection import COMMAND_TIMEOUT, CONNECT_TIMEOUT

ATTEMPTS = 2
TURNS = 2  # that of those before us, and ours with all who came meanwhile
PAUSE = 0.1  # seconds at most between two attempts
CALL = ATTEMPTS * TURNS * (CONNECT_TIMEOUT + COMMAND_TIMEOUT) + PAUSE
CALLS = 2  # a vote may have to ask for the consultation first, once a second in each process
VOTE = CALLS * CALL
BUSY = 3.0  # seconds that a machine with other things to do may take on top


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fail if what is done inside takes longer than promised."""
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    assert took < seconds + BUSY, f"{took:.2f} s instead of {seconds:.2f} s"
