"""What waiting for a replica costs, and what a failover costs with and without: figures for
docs/operators/cluster.md. Run as `python -m tests.cluster.measure`.
"""

import tempfile
import time
from itertools import pairwise
from pathlib import Path
from statistics import median

from server.store.keys import Box
from tests.cluster.nodes import LocalCluster, until
from tests.cluster.slots import owner_of
from tests.cluster.test_failover import (
    NODE_TIMEOUT,
    boxes_at,
    cut_off,
    kill_and_replace,
    opened,
)

ROUNDS = 5
SECONDS = 3.0


def pace(nodes: LocalCluster, replicas: int, voters: int) -> float:
    """Return the votes acknowledged in a second to so many voters at once."""
    with opened(nodes, replicas) as crowd:
        began = time.monotonic()
        with crowd.voting(voters):
            until(lambda: time.monotonic() - began > SECONDS)
        return len(crowd.acknowledged) / (time.monotonic() - began)


def failover(nodes: LocalCluster, replicas: int, behind: bool) -> tuple[float, int, int]:
    """Kill a primary; return the longest pause in its boxes in seconds, votes lost, votes told."""
    with opened(nodes, replicas) as crowd:
        victim = owner_of(nodes, crowd.store, Box(crowd.opened.id, 0))
        there = boxes_at(nodes, crowd, victim)
        with crowd.voting():
            until(lambda: crowd.heard_in(there) > 200)
            if behind:
                cut_off(crowd, victim)
            kill_and_replace(nodes, victim)
            heard = crowd.heard_in(there)
            until(lambda: crowd.heard_in(there) > heard + 100)
        told = sorted(one.at for one in crowd.acknowledged if one.box in there)
        pause = max(after - before for before, after in pairwise(told))
        return pause, len(crowd.lost()), len(crowd.acknowledged)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, LocalCluster(Path(folder), NODE_TIMEOUT) as nodes:
        for voters in (1, 8, 32):
            rounds = [(pace(nodes, 0, voters), pace(nodes, 1, voters)) for _ in range(ROUNDS)]
            ratio = median(slow / fast for fast, slow in rounds)
            fast, slow = (median(column) for column in zip(*rounds, strict=True))
            print(f"{voters:2} at once: {fast:.0f}/s, with a replica {slow:.0f}/s: {ratio:.2f}")
        for behind in (False, True):
            for replicas in (0, 1):
                found = [failover(nodes, replicas, behind) for _ in range(ROUNDS)]
                gap = median(seconds for seconds, _, _ in found)
                lost = [f"{lost} of {told}" for _, lost, told in found]
                print(f"behind={behind} replicas={replicas}: {gap:.1f} s; lost {', '.join(lost)}")


if __name__ == "__main__":
    main()
