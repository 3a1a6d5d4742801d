"""Counting after a burst: how long the teller takes to count and publish what has changed.

Budget: under a second for 10 000 proposals in each of which 10 sources had votes.
"""

import statistics
import time

from server.consultations.ballots import Ballot, Trust, Vote, encode
from server.consultations.consultation import Consultation, Source
from server.store import keys
from server.teller.counting import Counting
from tests.bench.machine import Machine, machine
from tests.conftest import consultation, proposals

PROPOSALS, SOURCES = 10_000, 10
CODES = [encode(Ballot(vote), trust) for vote in Vote for trust in (Trust.TRUSTED, Trust.SEQUENCE)]
BATCH = 500  # proposals written in one round trip


def run(number: int = PROPOSALS, rounds: int = 5) -> None:
    """Print the seconds of a count in which every proposal changed, and of one with a hundredth."""
    with machine() as here:
        sources = tuple(
            Source(n, f"source-{n}", f"Source {n}", "one", ()) for n in range(1, SOURCES + 1)
        )
        opened = here.store.consultations.create(consultation(sources=sources), proposals(number))
        burst = statistics.median(_counted(here, opened, number) for _ in range(rounds))
        trickle = statistics.median(_counted(here, opened, number // 100) for _ in range(rounds))
    print(f"  {number} proposals x {SOURCES} sources changed: {burst:.2f} s to count and publish")
    print(f"  a hundredth of them changed: {trickle:.2f} s, {trickle / burst:.2f} of that")


def _counted(here: Machine, opened: Consultation, number: int) -> float:
    """Return the seconds in which a teller that had counted all counts a burst."""
    counting = Counting(here.store)
    counting.count(opened)
    _burst(here, opened, number)
    began = time.perf_counter()
    if not counting.count(opened):
        raise RuntimeError("There was nothing to count.")
    return time.perf_counter() - began


def _burst(here: Machine, opened: Consultation, number: int) -> None:
    """Leave behind what votes through every source on `number` proposals leave."""
    box = keys.Box(opened.id, 0)
    for start in range(1, number + 1, BATCH):
        with here.store.redis.pipeline(transaction=True) as batch:
            for proposal in range(start, min(start + BATCH, number + 1)):
                for source in range(1, SOURCES + 1):
                    for code in CODES:
                        batch.hincrby(box.tally(proposal), f"{source}.{code}", 1)
                revision = here.store.redis.incr(box.revision)
                batch.zadd(box.changed, {str(proposal): revision})
            batch.execute()
