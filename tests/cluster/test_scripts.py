"""Scripts go on working whatever a server knows of them, and wherever their slot has gone."""

import pytest

from server.consultations.ballots import Ballot, Trust, Vote
from server.consultations.consultation import Consultation
from server.consultations.errors import StoreUnavailable
from server.store.ballots import Wish
from server.store.caller import Script
from server.store.connection import primaries
from server.store.keys import Box
from server.store.store import Store, open_store
from server.store.sync_state import Lease
from tests.cluster.nodes import LocalCluster, until
from tests.cluster.slots import moving, owner_of
from tests.cluster.voters import Crowd


@pytest.fixture
def store_server(cluster: LocalCluster) -> LocalCluster:
    return cluster


def forget_scripts(store: Store) -> None:
    """Leave every server as a fresh primary is: it has the data and no script."""
    for node in primaries(store.redis):
        node.script_flush()


def test_a_primary_that_knows_no_script_is_told_it(store: Store, opened: Consultation) -> None:
    lease = Lease(store.redis)
    for number in range(3):
        forget_scripts(store)
        wish = Wish(number + 1, Ballot(Vote.AGREE), Trust.SEQUENCE, 2)
        store.ballots.cast(opened, number, "nora", wish)
        assert lease.hold() == 1
    assert store.recount.compare(opened) == []


def test_two_versions_of_a_script_work_side_by_side(store: Store, opened: Consultation) -> None:
    """As in a rolling deploy: each process sends the text it was built with."""
    cast = Script.load("cast")
    newer = Script.of(cast.text + "\n-- the next release\n")
    assert newer.digest != cast.digest
    for turn in range(1, 25):
        store.ballots._cast = (cast, newer)[turn % 2]
        wish = Wish(turn, Ballot(Vote.AGREE), Trust.SEQUENCE, 2, braked=False)
        store.ballots.cast(opened, turn % opened.boxes, "nora", wish)
        if turn == 12:
            forget_scripts(store)
    assert sum(store.tallies.revisions(opened)) == 24
    assert store.recount.compare(opened) == []


def test_a_box_that_moves_to_another_primary_loses_and_doubles_nothing(
    store: Store, opened: Consultation, cluster: LocalCluster
) -> None:
    """While its keys are on their way its votes are refused; those of other boxes are not."""
    box, crowd = Box(opened.id, 0), Crowd(store, opened)
    source = owner_of(cluster, store, box)
    target = next(node for node in cluster.nodes if node.is_primary() and node is not source)
    others = set(range(1, opened.boxes))
    with crowd.voting():
        until(lambda: crowd.heard_in({0}) > 20)
        with moving(cluster, box, source, target):
            before = crowd.heard_in({0}), crowd.heard_in(others), crowd.refused
            until(lambda: crowd.heard_in(others) > before[1] + 100)
            until(lambda: crowd.refused > before[2] + 5)
        until(lambda: crowd.heard_in({0}) > before[0] + 20)
    assert owner_of(cluster, store, box) is target
    assert crowd.lost() == []
    assert store.recount.compare(opened) == []


@pytest.mark.parametrize("work", ["compare", "fix"])
def test_while_a_box_moves_a_recount_is_refused_at_once(
    store: Store, opened: Consultation, cluster: LocalCluster, work: str
) -> None:
    """Before it has claimed anything, and in words that say what to do."""
    box = Box(opened.id, 0)
    source = owner_of(cluster, store, box)
    target = next(node for node in cluster.nodes if node.is_primary() and node is not source)
    with (
        moving(cluster, box, source, target),
        pytest.raises(StoreUnavailable, match="Slots of the cluster are on the move"),
    ):
        getattr(store.recount, work)(opened)
    assert not any(store.redis.exists(Box(opened.id, n).generation) for n in range(opened.boxes))
    assert getattr(store.recount, work)(opened) == []


def test_a_process_that_was_idle_finds_a_box_that_has_moved(
    store: Store, opened: Consultation, cluster: LocalCluster
) -> None:
    idle = open_store(cluster.url)
    box = Box(opened.id, 0)
    source = owner_of(cluster, store, box)
    target = next(node for node in cluster.nodes if node.is_primary() and node is not source)
    with moving(cluster, box, source, target):
        pass
    wish = Wish(1, Ballot(Vote.AGREE), Trust.SEQUENCE, 2)
    assert idle.ballots.cast(opened, 0, "nora", wish).ballots == 1
    assert idle.ballots.held(opened, 0, "nora", 1).ballot
    idle.close()
