"""Participation: the curve that the teller draws of each consultation, one small text."""

import json
from typing import Any

from server.consultations.consultation import Consultation
from server.consultations.participation import Curve, Point
from server.store import keys, scripts
from server.store.clock import StoreClock
from server.store.connection import Client, reaching_store

DEADLINE = 2000  # milliseconds, as for what readers are shown


class Curves:
    def __init__(self, client: Client, clock: StoreClock) -> None:
        self._redis = client
        self._clock = clock
        self._publish = scripts.load(client, "publish")

    @reaching_store()
    def read(self, consultation: Consultation) -> Curve:
        """Return the curve; an empty one where nothing was sampled yet."""
        text = self._redis.get(keys.participation(consultation.id))
        return _load(str(text)) if text else Curve()

    @reaching_store()
    def write(self, consultation: Consultation, curve: Curve) -> None:
        """Keep this curve, unless it comes so late that a newer one may be there."""
        self._clock.learn(self._redis.time())
        deadline = self._clock.now() + DEADLINE
        self._publish(keys=[keys.participation(consultation.id)], args=[deadline, _dump(curve)])


def _dump(curve: Curve) -> str:
    points = [[one.at, {str(s): votes for s, votes in one.votes.items()}] for one in curve.points]
    return json.dumps({"grain": curve.grain, "points": points}, separators=(",", ":"))


def _load(text: str) -> Curve:
    """Read what `_dump` wrote; anything else counts as nothing."""
    try:
        fields: dict[str, Any] = json.loads(text)
        points = (
            Point(int(at), {int(source): int(number) for source, number in votes.items()})
            for at, votes in fields["points"]
        )
        return Curve(max(1, int(fields["grain"])), tuple(points))
    except (AttributeError, KeyError, TypeError, ValueError):
        return Curve()
