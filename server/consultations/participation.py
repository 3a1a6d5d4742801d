"""Participation: how many verified votes each source had brought, hour by hour.

No ballot has a time, and none is kept: this is what the count said at some instants.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

HOUR = 3_600_000  # milliseconds
MOST = 192  # points; a consultation of eight days has one for each hour
AGAIN = 60_000  # milliseconds until the newest point is renewed


@dataclass(frozen=True)
class Point:
    """Verified votes by source number, all until `at` (ms by the store's clock)."""

    at: int
    votes: Mapping[int, int]


@dataclass(frozen=True)
class Curve:
    """Points in their order, the first one as it was, then at most one in each `grain` (ms)."""

    grain: int = HOUR
    points: tuple[Point, ...] = ()

    @property
    def sources(self) -> frozenset[int]:
        return frozenset(number for point in self.points for number in point.votes)


def due(curve: Curve, new: Point, closed: bool = False) -> bool:
    """Whether `new` tells enough beside what is known to be written down.

    The point of the close always does, however shortly before it the last one was.
    """
    if not curve.points:
        return True
    last = curve.points[-1]
    if closed or new.at == last.at:
        return new.at != last.at or dict(new.votes) != dict(last.votes)
    return new.at // curve.grain > last.at // curve.grain or new.at - last.at >= AGAIN


def extended(curve: Curve, new: Point) -> Curve:
    """Return the curve with one more point; with too many, the grain is coarser by half."""
    first, *later = (*(one for one in curve.points if one.at < new.at), new)
    grain = curve.grain
    later = _thinned(later, grain)
    while len(later) >= MOST:
        grain *= 2
        later = _thinned(later, grain)
    return Curve(grain, (first, *later))


def _thinned(points: Iterable[Point], grain: int) -> list[Point]:
    """Return the last of each grain."""
    return list({one.at // grain: one for one in points}.values())


def merged(curve: Curve, few: Iterable[int], others: int) -> Curve:
    """Return the curve with the sources `few` counted as one, that has the number `others`."""
    small = frozenset(few)
    return Curve(
        curve.grain, tuple(Point(one.at, _merged(one, small, others)) for one in curve.points)
    )


def _merged(point: Point, few: frozenset[int], others: int) -> dict[int, int]:
    kept = {number: votes for number, votes in point.votes.items() if number not in few}
    small = sum(votes for number, votes in point.votes.items() if number in few)
    return {**kept, others: small} if few else kept
