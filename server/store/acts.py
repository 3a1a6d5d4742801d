"""The trail of what staff did: it grows at its end, and nothing takes anything out."""

import json
from dataclasses import asdict
from typing import Any

from server.staff.acts import MOST_TEXT, Act, KeptAct, Way
from server.store import keys
from server.store.clock import StoreClock
from server.store.connection import Client, reaching_store

PAGE = 50  # acts read at once, at most


class Acts:
    def __init__(self, client: Client, clock: StoreClock) -> None:
        self._redis = client
        self._clock = clock

    @reaching_store()
    def note(self, act: Act) -> None:
        """Keep an act for good."""
        self._redis.rpush(keys.STAFF_ACTS, self.written(act))

    def written(self, act: Act) -> str:
        """Return an act as it stands in the list, for what keeps it together with the deed."""
        short = {name: str(value)[:MOST_TEXT] for name, value in asdict(act).items() if value}
        return f"{self._clock.now()} {json.dumps(short, ensure_ascii=False)}"

    @reaching_store()
    def latest(self, before: int | None = None, most: int = PAGE) -> tuple[KeptAct, ...]:
        """Return the newest acts, newest first; or those before the one with that number."""
        length = self._redis.llen(keys.STAFF_ACTS)
        end = length if before is None else max(0, min(before - 1, length))
        start = max(0, end - min(most, PAGE))
        if start == end:
            return ()
        found = self._redis.lrange(keys.STAFF_ACTS, start, end - 1)
        return tuple(_read(n, text) for n, text in enumerate(found, start + 1))[::-1]


def _read(number: int, text: str) -> KeptAct:
    at, _, written = text.partition(" ")
    fields: dict[str, Any] = json.loads(written)
    return KeptAct(number, int(at), Act(**{**fields, "way": Way(fields["way"])}))
