"""A primary dies under load: its replica takes over, and what was promised is kept.

Whatever supervises the servers starts the dead one again, and it comes back as a replica.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
import redis

from server.consultations.consultation import Consultation
from server.consultations.errors import StoreUnavailable
from server.store.connection import StoreUnfit, fingerprint, primaries
from server.store.fitness import check
from server.store.keys import Box, boxes
from server.store.store import Store, open_store
from tests.cluster.nodes import LocalCluster, Node, until
from tests.cluster.slots import moving, owner_of
from tests.cluster.voters import Crowd
from tests.conftest import consultation, proposals

NODE_TIMEOUT = 1000  # milliseconds after which the others give a primary up


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    with LocalCluster(tmp_path_factory.mktemp("failover"), NODE_TIMEOUT) as cluster:
        yield cluster


@contextmanager
def opened(nodes: LocalCluster, replicas: int) -> Iterator[Crowd]:
    """Open an empty store, whole again after the test before, and a consultation in it."""
    nodes.wait_whole()
    store = open_store(nodes.url, replicas)
    try:
        store.redis.flushall()
        yield Crowd(store, store.consultations.create(consultation(), proposals()))
    finally:
        store.close()


@contextmanager
def frozen(*nodes: Node) -> Iterator[None]:
    for node in nodes:
        os.kill(node.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for node in nodes:
            os.kill(node.pid, signal.SIGCONT)


def boxes_at(nodes: LocalCluster, crowd: Crowd, victim: Node) -> set[int]:
    """Return the boxes that the victim serves."""
    every = boxes(crowd.opened.id, crowd.opened.boxes)
    found = {box.number for box in every if owner_of(nodes, crowd.store, box) is victim}
    assert found
    return found


def kill_and_replace(nodes: LocalCluster, victim: Node) -> None:
    """Kill a primary outright; return when another has taken over and it is back behind that."""
    heir = nodes.replica_of(victim)
    victim.kill()
    until(heir.is_primary)
    victim.start()


def cut_off(crowd: Crowd, victim: Node) -> None:
    """Keep votes from the victim's replica while fifty more reach the victim, counted or not."""
    reached = len(crowd.acknowledged) + crowd.refused + 50
    victim.cut_off_replicas()
    until(lambda: len(crowd.acknowledged) + crowd.refused > reached)


@pytest.mark.parametrize(("replicas", "behind"), [(1, False), (1, True), (0, True)])
def test_the_service_recovers_by_itself_and_every_tally_is_right(
    nodes: LocalCluster, replicas: int, behind: bool
) -> None:
    """With a replica's disk waited for, no acknowledged vote is lost either, though the replica
    that takes over had been cut off for a while.

    Without, the last ones before the death may be: that setting promises nothing of the kind, so
    nothing is asserted of them. docs/operators/cluster.md says how many it was.
    """
    with opened(nodes, replicas) as crowd:
        victim = owner_of(nodes, crowd.store, Box(crowd.opened.id, 0))
        there = boxes_at(nodes, crowd, victim)
        before = fingerprint(crowd.store.redis)
        with crowd.voting():
            until(lambda: crowd.heard_in(there) > 200)
            if behind:
                cut_off(crowd, victim)
            kill_and_replace(nodes, victim)
            heard = crowd.heard_in(there)
            until(lambda: crowd.heard_in(there) > heard + 100)
        assert fingerprint(crowd.store.redis) != before
        assert crowd.store.recount.compare(crowd.opened) == []
        if replicas:
            assert crowd.lost() == []


def test_a_recount_that_a_failover_interrupts_begins_anew(nodes: LocalCluster) -> None:
    with opened(nodes, 1) as crowd:
        box = Box(crowd.opened.id, 0)
        victim = owner_of(nodes, crowd.store, box)
        killed: list[Node] = []

        def disturb(what: str, number: int) -> None:
            """Once some voters are counted, kill the primary that has their box."""
            if what == "voters" and not killed:
                killed.append(victim)
                kill_and_replace(nodes, victim)

        with crowd.voting():
            until(lambda: len(crowd.acknowledged) > 300)
            assert crowd.store.recount.compare(crowd.opened, disturb) == []
        assert killed
        assert int(crowd.store.redis.get(box.generation)) > 1
        assert crowd.lost() == []


def test_a_lone_voter_is_told_as_well_as_one_in_a_crowd(nodes: LocalCluster) -> None:
    """Nobody else asks the replica what it has; it would speak by itself once a second."""
    with opened(nodes, 1) as crowd:
        assert [crowd.is_told("nora", proposal=number) for number in range(1, 6)] == [True] * 5


def test_a_vote_that_no_replica_has_is_not_acknowledged_however_often_it_is_sent(
    nodes: LocalCluster,
) -> None:
    """The second time it changes nothing, and still the replica has not got it."""
    with opened(nodes, 1) as crowd:
        victim = owner_of(nodes, crowd.store, Box(crowd.opened.id, 0))
        with frozen(nodes.replica_of(victim)):
            assert [crowd.is_told("nora") for _ in range(3)] == [False] * 3
        until(lambda: crowd.is_told("nora"))
        assert crowd.store.ballots.held(crowd.opened, 0, "nora", 1).ballot


def test_no_box_is_called_sealed_before_a_replica_knows(nodes: LocalCluster) -> None:
    with opened(nodes, 1) as crowd:
        victim = owner_of(nodes, crowd.store, Box(crowd.opened.id, 0))
        with frozen(nodes.replica_of(victim)), pytest.raises(StoreUnavailable):
            crowd.store.ballots.seal(crowd.opened)


def test_a_primary_that_has_lost_the_others_is_named(nodes: LocalCluster) -> None:
    with opened(nodes, 0) as crowd:
        first, *others = (nodes.at(node) for node in primaries(crowd.store.redis))
        with frozen(*others):
            until(lambda: first.ask("CLUSTER INFO")["cluster_state"] == "fail")
            with pytest.raises(StoreUnfit, match=f"{first.address} takes no votes"):
                check(crowd.store.redis)


def answered(store: Store, opened: Consultation) -> frozenset[int] | None:
    """Return what a voter has voted on, None while the store does not answer."""
    try:
        return store.ballots.voted(opened, 0, "nora")
    except StoreUnavailable:
        return None


def test_being_sent_on_to_a_primary_that_is_down_is_a_refusal_and_passes(
    nodes: LocalCluster,
) -> None:
    """A process that was idle while a box moved does not know the primary that has died since.

    No connection to the one may then pass for one to the other.
    """
    with opened(nodes, 0) as crowd, closing(open_store(nodes.url)) as idle:
        box = Box(crowd.opened.id, 0)
        source = owner_of(nodes, idle, box)
        target = next(node for node in nodes.nodes if node.is_primary() and node is not source)
        pool = next(n for n in primaries(idle.redis) if nodes.at(n) is target).connection_pool
        with moving(nodes, box, source, target):
            pass
        heir, busy = nodes.replica_of(target), pool.get_connection()
        target.kill()
        with pytest.raises(redis.ConnectionError):
            idle.redis.get(box.seal)
        pool.release(busy)
        until(heir.is_primary)
        target.start()
        # The others hear of the heir a moment after it knows itself.
        until(lambda: answered(idle, crowd.opened) == frozenset())
        until(target.ready)
        assert {pool.get_connection().port for _ in range(3)} == {target.port}
