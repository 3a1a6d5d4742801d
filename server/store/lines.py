"""The lines to the nodes of the store: which of them leads to a key."""

import time
from typing import Any

import redis

from server.store.cluster import Cluster
from server.store.connection import COMMAND_TIMEOUT, Client, node_of, relearn
from server.store.line import Line

LOOK = 0.2  # seconds between two looks at who serves what: each costs some milliseconds


class Lines:
    """One line to each node, for a single server or a cluster, all with the same limits."""

    def __init__(
        self,
        client: Client,
        patience: float = COMMAND_TIMEOUT,
        covers: bytes = b"",
        covers_replies: int = 0,
    ) -> None:
        self._client = client
        self._limits = patience, covers, covers_replies
        self._many = isinstance(client, Cluster)  # asked once: its class is slow to tell
        self._lines: dict[Any, Line] = {}  # by the node's pool
        self._looked = 0.0  # monotonic seconds

    def to(self, key: str) -> Line:
        """Return the line to the node that serves `key`, as far as this process knows."""
        return self._line(node_of(self._client, key) if self._many else self._client)

    def moved(self, error: redis.exceptions.MovedError, key: str) -> Line:
        relearn(self._client, error)
        return self.to(key)

    def looked_up_again(self, key: str) -> Line:
        """Ask who serves what now, unless somebody here has just done so."""
        if time.monotonic() - self._looked > LOOK:
            self._looked = time.monotonic()
            relearn(self._client)
        return self.to(key)

    def hang_up(self) -> None:
        """Close all connections."""
        for line in self._lines.values():
            line.hang_up()

    def _line(self, node: Client) -> Line:
        pool = node.connection_pool
        return self._lines.get(pool) or self._lines.setdefault(pool, Line(pool, *self._limits))
