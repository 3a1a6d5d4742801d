"""Figures: what the teller counts of a consultation for staff, and what follows from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

SECOND = 1000  # milliseconds
WINDOW = 5 * 60 * SECOND  # over which votes per minute are counted
SHORTEST = 30 * SECOND  # below that there is nothing to say yet
EVERY = 15 * SECOND  # between two samples
FRESH = 60 * SECOND  # older figures tell of a teller that does not count


@dataclass(frozen=True)
class Votes:
    """Ballots through one source: all of them, and those that readers are shown."""

    count: int = 0
    verified: int = 0

    @property
    def gap(self) -> int:
        return self.count - self.verified

    def __add__(self, other: "Votes") -> "Votes":
        return Votes(self.count + other.count, self.verified + other.verified)


@dataclass(frozen=True)
class Sample:
    """How many ballots there were, and at which revision, at an instant in milliseconds by the store's clock."""

    at: int
    count: int
    revision: int


@dataclass(frozen=True)
class Queue:
    """Readers' proposals that wait, and since when the first of them does (ms)."""

    waiting: int = 0
    oldest: int | None = None


@dataclass(frozen=True)
class Figures:
    """One consultation as last counted. `sources` go by number."""

    as_of: int  # milliseconds by the store's clock
    revision: int
    voters: Mapping[int, int]
    sources: Mapping[int, Votes]
    queue: Queue
    samples: tuple[Sample, ...]
    most: Mapping[int, int] = field(default_factory=dict)  # verified ballots on one proposal

    @property
    def votes(self) -> Votes:
        return sum(self.sources.values(), Votes())

    @property
    def participants(self) -> int:
        return sum(self.voters.values())

    def per_minute(self, now: int) -> float | None:
        """Return by how many ballots a minute the number grew over the last five minutes.

        None if the figures are too old to say, or were counted for too short a time.
        """
        if not self.samples or now - self.as_of > FRESH:
            return None
        first, last = self.samples[0], self.samples[-1]
        took = last.at - first.at
        return (last.count - first.count) * 60 * SECOND / took if took >= SHORTEST else None

    def unknown_since(self, revision: int) -> int | None:
        """Return the last instant known (ms) at which nothing was newer than `revision`.

        None if something newer was there five minutes ago already. Ask only if there is any.
        """
        known = [one.at for one in self.samples if one.revision <= revision]
        return max(known, default=None)


def sampled(samples: Sequence[Sample], new: Sample) -> tuple[Sample, ...]:
    """Return the samples of the last five minutes; the newest is always the last.

    Between them lie some seconds, so that a few say all. The one at which the window begins stays.
    """
    kept = [one for one in samples if one.at < new.at]
    if len(kept) > 1 and kept[-1].at - kept[-2].at < EVERY:
        kept.pop()
    return (*(one for one in kept if new.at - one.at <= WINDOW), new)
