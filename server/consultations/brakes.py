"""Brakes: how fast a person votes, and how much faster than that anybody may.

Measured over 269 103 published votes: the median gap is 5.8 s, and 99 % of voters never cast more
than 34 votes in any 60 s or 15 in any 10 s.
"""

from dataclasses import dataclass

MINUTE = 60_000  # milliseconds


@dataclass(frozen=True)
class VoterBrake:
    """What one voter may cast in one consultation: so many at once, and so many a minute for ever.

    Another vote or nuance on the same proposal counts a quarter. GCRA decides, in the store.
    """

    burst: int = 30  # new ballots
    per_minute: int = 60  # new ballots; 0 lifts the brake

    @property
    def step(self) -> int:
        """Milliseconds from one new ballot to the next at the pace that is let pass for ever."""
        return max(1, MINUTE // self.per_minute) if self.per_minute else 0
