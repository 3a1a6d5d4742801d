"""Published results: one ready-made blob per consultation, written by the teller, read by web."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from server.consultations.consultation import Consultation
from server.consultations.results import NONE, Counts
from server.store import keys
from server.store.clock import StoreClock
from server.store.connection import Client, reaching_store


@dataclass(frozen=True)
class Published:
    """Verified counts over all boxes and sources, at least as new as `revisions`, one per box."""

    as_of: int  # milliseconds by the store's clock
    revisions: tuple[int, ...]
    voters: int
    counts: Mapping[int, Counts]

    @property
    def revision(self) -> int:
        return sum(self.revisions)

    def of(self, proposal: int) -> Counts:
        return self.counts.get(proposal, NONE)


@dataclass(frozen=True)
class Glance:
    """What `web` asks once a second: has the definition changed, what is published."""

    version: int
    published: Published | None


class Publications:
    def __init__(self, client: Client, clock: StoreClock) -> None:
        self._redis = client
        self._clock = clock

    @reaching_store()
    def publish(self, consultation: Consultation, published: Published) -> None:
        self._redis.set(keys.results(consultation.id), _dump(published))

    @reaching_store()
    def glance(self, consultation: Consultation) -> Glance:
        """Read it all in one round trip, and set this process's idea of the store's clock."""
        with self._redis.pipeline(transaction=False) as batch:
            batch.get(keys.version(consultation.id))
            batch.get(keys.results(consultation.id))
            batch.time()
            version, text, time = batch.execute()
        self._clock.learn(time)
        return Glance(int(version or 0), _load(text) if text else None)


def _dump(published: Published) -> str:
    return json.dumps(
        {
            "asOf": published.as_of,
            "revisions": published.revisions,
            "voters": published.voters,
            "counts": {str(p): counts.numbers() for p, counts in published.counts.items()},
        },
        separators=(",", ":"),
    )


def _load(text: str) -> Published:
    fields = json.loads(text)
    return Published(
        as_of=fields["asOf"],
        revisions=tuple(fields["revisions"]),
        voters=fields["voters"],
        counts={int(p): Counts.of_numbers(n) for p, n in fields["counts"].items()},
    )
