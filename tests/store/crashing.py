"""A server that is killed outright and comes back on its data."""

import os
import signal

from server.supervisor.embedded import EmbeddedStore


def crash(server: EmbeddedStore) -> None:
    """Kill it as `kill -9` does, and start it again."""
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    while server.alive():
        pass
    server.start()
    server.wait_ready()
