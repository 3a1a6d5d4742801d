"""Published results: one ready-made blob per consultation, written by the teller, read by web."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from server.consultations.consultation import Consultation
from server.consultations.results import NONE, PLACES, Counts
from server.store import keys, scripts
from server.store.clock import StoreClock
from server.store.connection import Client, reaching_store

DEADLINE = 2000  # milliseconds; longer than the client's own patience with one attempt


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

    def totals(self) -> dict[int, int]:
        """Return the votes on every proposal that has any."""
        if isinstance(self.counts, _AsNeeded):
            return self.counts.totals()
        return {proposal: counts.total for proposal, counts in self.counts.items()}

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
        self._publish = scripts.load(client, "publish")
        self._last: dict[str, tuple[str, Published | None]] = {}

    @reaching_store()
    def publish(self, consultation: Consultation, published: Published) -> None:
        """Show readers these results, unless they come so late that newer ones may be there."""
        self._clock.learn(self._redis.time())
        deadline = self._clock.now() + DEADLINE
        self._publish(keys=[keys.results(consultation.id)], args=[deadline, _dump(published)])

    @reaching_store()
    def glance(self, consultation: Consultation) -> Glance:
        """Read it all, and set this process's idea of the store's clock."""
        with self._redis.pipeline(transaction=False) as batch:
            batch.get(keys.version(consultation.id))
            batch.get(keys.results(consultation.id))
            version, text = batch.execute()
        self._clock.learn(self._redis.time())
        return Glance(int(version or 0), self._read(consultation, text) if text else None)

    def _read(self, consultation: Consultation, text: str) -> Published | None:
        """Read what was published, unless it is what was read the last time."""
        known = self._last.get(consultation.id)
        if known is None or known[0] != text:
            known = self._last[consultation.id] = text, _load(text)
        return known[1]


def _dump(published: Published) -> str:
    return json.dumps(
        {
            "asOf": published.as_of,
            "revisions": published.revisions,
            "voters": published.voters,
            # Each in one text, its total first: of 34 000 a reader meets a dozen.
            "counts": {
                str(proposal): " ".join(map(str, (counts.total, *counts.numbers)))
                for proposal, counts in published.counts.items()
            },
        },
        separators=(",", ":"),
    )


def _load(text: str) -> Published | None:
    """Read what `_dump` wrote. Anything else counts as not published: no page fails for it."""
    try:
        fields = json.loads(text)
        return Published(
            as_of=int(fields["asOf"]),
            revisions=tuple(map(int, fields["revisions"])),
            voters=int(fields["voters"]),
            counts=_AsNeeded(fields["counts"]),
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


class _AsNeeded(Mapping[int, Counts]):
    """Counts by proposal, made when asked for; raises all sorts of errors for other texts."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        # All at once: one by one, 34 000 would hold up web several times as long.
        joined = "".join(texts.values()).encode()
        stray = joined.translate(None, b"0123456789 ") or "".join(texts).strip("0123456789")
        if stray or joined.count(b" ") != PLACES * len(texts):
            raise ValueError("these are no counts")
        self._texts = texts

    def __getitem__(self, proposal: int) -> Counts:
        return Counts(tuple(map(int, self._texts[str(proposal)].split()[1:])))

    def __iter__(self) -> Iterator[int]:
        return map(int, self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def totals(self) -> dict[int, int]:
        return {int(p): int(text.partition(" ")[0]) for p, text in self._texts.items()}
