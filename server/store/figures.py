"""Figures for staff: one small text per consultation, written by the teller, read by web."""

import json
from collections.abc import Sequence
from typing import Any

from server.consultations.consultation import Consultation
from server.staff.figures import Figures, Queue, Sample, Votes
from server.store import keys, scripts
from server.store.clock import StoreClock
from server.store.connection import Client, reaching_store

DEADLINE = 2000  # milliseconds, as for what readers are shown


class FigureBook:
    def __init__(self, client: Client, clock: StoreClock) -> None:
        self._redis = client
        self._clock = clock
        self._publish = scripts.load(client, "publish")

    @reaching_store()
    def publish(self, consultation: Consultation, figures: Figures) -> None:
        """Show staff these figures, unless they come so late that newer ones may be there."""
        self._clock.learn(self._redis.time())
        deadline = self._clock.now() + DEADLINE
        self._publish(keys=[keys.figures(consultation.id)], args=[deadline, _dump(figures)])

    @reaching_store()
    def read(self, consultations: Sequence[Consultation]) -> list[Figures | None]:
        """Return the figures of each; none where nothing was counted yet."""
        with self._redis.pipeline(transaction=False) as batch:
            for consultation in consultations:
                batch.get(keys.figures(consultation.id))
            texts = batch.execute()
        return [_load(text) if text else None for text in texts]


def _dump(figures: Figures) -> str:
    return json.dumps(
        {
            "asOf": figures.as_of,
            "revision": figures.revision,
            "voters": {str(source): number for source, number in figures.voters.items()},
            "sources": {str(s): [v.count, v.verified] for s, v in figures.sources.items()},
            "most": {str(source): number for source, number in figures.most.items()},
            "queue": [figures.queue.waiting, figures.queue.oldest],
            "samples": [[one.at, one.count, one.revision] for one in figures.samples],
        },
        separators=(",", ":"),
    )


def _load(text: str) -> Figures | None:
    """Read what `_dump` wrote. Anything else counts as not counted: no page fails for it."""
    try:
        fields: dict[str, Any] = json.loads(text)
        return Figures(
            as_of=int(fields["asOf"]),
            revision=int(fields["revision"]),
            voters={int(source): int(number) for source, number in fields["voters"].items()},
            sources={int(s): Votes(*map(int, pair)) for s, pair in fields["sources"].items()},
            queue=Queue(*fields["queue"]),
            samples=tuple(Sample(*map(int, one)) for one in fields["samples"]),
            most={int(source): int(number) for source, number in fields.get("most", {}).items()},
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
