"""A backup of one shape is restored into another: one server, or a cluster."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.store.backup_file import BackupError
from server.store.connection import primaries
from server.store.store import Store, open_store
from tests.backup.steps import backed_up, cast, contents, fill, restored
from tests.cluster.nodes import LocalCluster
from tests.conftest import NO_BRAKE, consultation, proposals


@pytest.fixture
def spread(cluster: LocalCluster) -> Iterator[Store]:
    """An empty store on a cluster."""
    opened = open_store(cluster.url, brake=NO_BRAKE)
    opened.redis.flushall()
    yield opened
    opened.close()


def test_a_cluster_is_backed_up_primary_by_primary_while_people_vote(
    spread: Store, target: Store, tmp_path: Path
) -> None:
    """And restored on one server."""
    opened = spread.consultations.create(consultation(boxes=16), proposals())
    spread.consultations.place_key()
    fill(spread, opened, voters=60)
    before = contents(spread)
    over, acknowledged = threading.Event(), []

    def vote() -> None:
        while not over.is_set():
            voter = f"meanwhile-{len(acknowledged)}"
            cast(spread, opened, voter)
            acknowledged.append(voter)

    crowd = threading.Thread(target=vote)
    crowd.start()
    try:
        made = backed_up(spread, tmp_path / "a.zip")
    finally:
        over.set()
        crowd.join()
    assert len(made.images) == 3
    assert acknowledged
    assert restored(target, tmp_path / "a.zip") == (opened,)
    assert target.recount.compare(opened) == []
    assert contents(target).keys() >= before.keys()


def test_a_cluster_whose_slots_are_moving_is_not_backed_up(
    spread: Store, cluster: LocalCluster, tmp_path: Path
) -> None:
    first, second = cluster.nodes[:2]
    first.ask("CLUSTER SETSLOT", 7, "MIGRATING", second.ask("CLUSTER MYID"))
    try:
        with pytest.raises(BackupError, match="Slots of the cluster are on the move"):
            backed_up(spread, tmp_path / "a.zip")
    finally:
        first.ask("CLUSTER SETSLOT", 7, "STABLE")
    assert list(tmp_path.iterdir()) == []


def test_one_server_is_restored_into_a_cluster(store: Store, spread: Store, tmp_path: Path) -> None:
    opened = store.consultations.create(consultation(boxes=16), proposals())
    fill(store, opened, voters=60)
    backed_up(store, tmp_path / "a.zip")
    restored(spread, tmp_path / "a.zip")
    assert contents(spread) == contents(store)
    assert all(node.dbsize() for node in primaries(spread.redis))
    assert spread.recount.compare(opened) == []


def test_a_cluster_is_restored_into_a_cluster(spread: Store, tmp_path: Path) -> None:
    opened = spread.consultations.create(consultation(boxes=16), proposals())
    fill(spread, opened, voters=60)
    before = contents(spread)
    backed_up(spread, tmp_path / "a.zip")
    spread.redis.flushall()
    restored(spread, tmp_path / "a.zip")
    assert contents(spread) == before
