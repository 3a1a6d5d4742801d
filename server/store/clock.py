"""The store's own clock, as far as this process knows it."""

import time
from datetime import UTC, datetime, timedelta

from server.consultations.errors import ClocksApart
from server.store.connection import Client, reaching_store

AGREEMENT = timedelta(seconds=60)  # by how much our clock may differ from the store's


class StoreClock:
    """Milliseconds by the server's clock, from a monotonic local one and a measured distance.

    Deadlines are judged by the server, so they are written in its time, not in ours. The nodes of
    a cluster agree well enough: `check` sees to it.
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

    @reaching_store()
    def agreed(self, own: datetime) -> datetime:
        """Ask for the store's time and return it; raise `ClocksApart` if ours is far from it.

        What cannot be undone is done by two clocks that agree: either may be wrong.
        """
        seconds, micros = self._client.time()
        there = datetime.fromtimestamp(seconds + micros / 1e6, UTC)
        ahead = own - there
        if abs(ahead) > AGREEMENT:
            distance = f"{abs(ahead).total_seconds():.0f} s"
            side = "ahead of" if ahead > timedelta(0) else "behind"
            raise ClocksApart(
                f"The clock of this machine is {distance} {side} the store's. "
                "Set both by a time service."
            )
        return there
