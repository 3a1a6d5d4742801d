"""A purge of a cluster: every slot, every primary, every replica."""

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.consultations.ballots import Ballot, Trust, Vote
from server.consultations.errors import PurgeIncomplete
from server.store.ballots import Wish
from server.store.store import Store, open_store
from tests.cluster.nodes import LocalCluster
from tests.conftest import consultation, proposals
from tests.purge.traces import Traces, raw, tell

BOXES = 16


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[LocalCluster]:
    """Three primaries with a replica each, which remember all commands and compress nothing."""
    with LocalCluster(tmp_path) as started:
        for node in started.nodes:
            with raw(f"redis://{node.address}") as client:
                tell(client)
        yield started


@pytest.fixture
def store(cluster: LocalCluster) -> Iterator[Store]:
    opened = open_store(cluster.url)
    yield opened
    opened.close()


def left(cluster: LocalCluster, traces: Traces) -> list[set[str]]:
    """Return what is left on each node."""
    return [traces.on(f"redis://{node.address}", node.folder) for node in cluster.nodes]


def test_nothing_is_left_on_any_node(cluster: LocalCluster, store: Store) -> None:
    found = store.consultations.create(consultation(boxes=BOXES), proposals())
    voters = [secrets.token_urlsafe(12) for _ in range(96)]
    for number, voter in enumerate(voters):
        wish = Wish(1 + number % 24, Ballot(Vote.AGREE), Trust.SEQUENCE, 2)
        store.ballots.cast(found, number % BOXES, voter, wish)
    found = replace(found, closes=datetime.now(UTC) - timedelta(seconds=1))
    store.consultations.replace(found)
    store.ballots.seal(found)
    assert store.minutes.append(found, 1, b"{}")
    traces = Traces.of(voters, store.consultations.voter_key(found))
    assert all("voter" in traces_there for traces_there in left(cluster, traces))

    away = cluster.nodes[-1]
    away.kill()
    with pytest.raises(PurgeIncomplete, match=f"disk: {away.address} does not answer"):
        store.purge.run(found, store.purge.until(found))
    away.start()
    cluster.wait_whole()
    store.purge.run(found, store.purge.until(found))
    assert left(cluster, traces) == [set()] * cluster.size
    assert sum(store.tallies.voters_by_source(found).values()) == len(voters)
