"""Freezing a process: it stays there, takes connections and answers nothing."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from server.supervisor.embedded import EmbeddedStore
from tests.run.machine import until


def freeze(server: EmbeddedStore) -> None:
    """Stop the server where it stands, and wait until it does."""
    assert server.pid
    os.kill(server.pid, signal.SIGSTOP)
    until(lambda: _state(server.pid).startswith("T"), "the server stands still")


def thaw(server: EmbeddedStore) -> None:
    assert server.pid
    os.kill(server.pid, signal.SIGCONT)


@contextmanager
def frozen(server: EmbeddedStore) -> Iterator[None]:
    """Freeze it for the length of the block."""
    freeze(server)
    try:
        yield
    finally:
        thaw(server)


def _state(pid: int | None) -> str:
    shown = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return shown.stdout.strip()
