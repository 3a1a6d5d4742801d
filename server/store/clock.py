"""The store's own clock, as far as this process knows it."""

import time

from server.store.connection import Client


class StoreClock:
    """Milliseconds by the server's clock, from a monotonic local one and a measured distance.

    Deadlines are judged by the server, so they are written in its time, not in ours.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._distance = 0.0
        self.learn(client.time())

    def learn(self, answer: tuple[int, int]) -> None:
        """Take in what `TIME` answered a moment ago (seconds, microseconds)."""
        self._distance = answer[0] * 1000 + answer[1] / 1000 - time.monotonic() * 1000

    def now(self) -> int:
        return int(time.monotonic() * 1000 + self._distance)
