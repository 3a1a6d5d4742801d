"""What a cluster must be like before votes are put into it, and which node is named if it is not."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from flask import Flask

from server.store.connection import StoreUnfit, fingerprint, node_of, primaries
from server.store.fitness import check, durability
from server.store.store import Store, open_store
from server.supervisor.embedded import EmbeddedStore
from tests.cluster.nodes import LocalCluster, Node
from tests.cluster.voters import Crowd
from tests.conftest import consultation, proposals

PAGE = (Path(__file__).parents[2] / "docs" / "operators" / "cluster.md").read_text()


@pytest.fixture
def store_server(cluster: LocalCluster) -> LocalCluster:
    return cluster


@contextmanager
def configured(node: Node, name: str, value: str) -> Iterator[None]:
    """Set it on one node only, and set it back."""
    before = node.ask("CONFIG GET", name)[name]
    node.ask("CONFIG SET", name, value)
    try:
        yield
    finally:
        node.ask("CONFIG SET", name, before)


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("maxmemory-policy", "allkeys-lru", "set maxmemory-policy noeviction"),
        ("appendonly", "no", "set appendonly yes"),
    ],
)
def test_the_one_primary_that_would_lose_votes_is_named(
    store: Store, cluster: LocalCluster, name: str, value: str, advice: str
) -> None:
    check(store.redis)
    odd = cluster.nodes[1]
    with configured(odd, name, value), pytest.raises(StoreUnfit) as refused:
        check(store.redis)
    assert odd.address in str(refused.value)
    assert advice in str(refused.value)


def test_a_user_who_may_not_run_scripts_is_refused(cluster: LocalCluster) -> None:
    cluster.nodes[2].ask("ACL SETUSER", "default", "-@scripting")
    try:
        with pytest.raises(StoreUnfit, match=f"{cluster.nodes[2].address} must let this user run"):
            open_store(cluster.url)
    finally:
        cluster.nodes[2].ask("ACL SETUSER", "default", "+@scripting")


def test_slots_that_nobody_serves_are_missed(store: Store, cluster: LocalCluster) -> None:
    slots = (0, 1, 2)
    for node in cluster.nodes:
        node.ask("CLUSTER DELSLOTS", *slots)
    try:
        with pytest.raises(StoreUnfit, match="16381 of 16384 covered"):
            check(store.redis)
    finally:
        cluster.nodes[0].ask("CLUSTER ADDSLOTS", *slots)
        cluster.wait_whole()


def test_the_weakest_primary_says_what_a_vote_survives(store: Store, cluster: LocalCluster) -> None:
    assert durability(store.redis) == "fsync"
    with configured(cluster.nodes[2], "appendfsync", "everysec"):
        assert durability(store.redis) == "≤2s"


def test_one_node_alone_is_not_taken_for_a_whole_store(cluster: LocalCluster) -> None:
    with pytest.raises(StoreUnfit, match="name several of its nodes in REDIS_URL"):
        open_store(f"redis://{cluster.nodes[0].address}")


def test_a_comma_behind_one_node_makes_it_a_cluster(cluster: LocalCluster) -> None:
    """For the one address under which some hosts offer all nodes of a cluster."""
    opened = open_store(f"redis://{cluster.nodes[0].address},")
    assert len(primaries(opened.redis)) == cluster.primaries
    opened.close()


def test_a_cluster_that_is_not_there_is_missed_in_one_line() -> None:
    with pytest.raises(StoreUnfit, match=r"^The store cannot be used: .*refused"):
        open_store("redis://127.0.0.1:1,127.0.0.1:2")


def test_the_user_on_the_operators_page_can_do_what_voting_needs_on_every_node(
    store: Store, cluster: LocalCluster
) -> None:
    rights, _ = re.findall(r"^ACL SETUSER (.+)$", PAGE, re.MULTILINE)
    for node in cluster.nodes:
        node.ask("ACL SETUSER", *rights.split())
    nodes = ",".join(node.address for node in cluster.nodes)
    with closing(open_store(f"redis://isoloir:password@{nodes}", replicas=1)) as theirs:
        made = theirs.consultations.create(consultation(), proposals())
        assert Crowd(theirs, made).is_told("nora")
        assert theirs.recount.compare(made) == []
        theirs.ballots.seal(made)
    with pytest.raises(StoreUnfit, match="password"):
        open_store(f"redis://isoloir:wrong@{nodes}")


def test_a_replica_more_than_there_are_is_refused(cluster: LocalCluster) -> None:
    with pytest.raises(StoreUnfit, match="has 1 replicas of 2: add some, or lower"):
        open_store(cluster.url, replicas=2)


@pytest.mark.parametrize("number", [0, 4])
def test_replicas_are_only_counted_on_if_every_disk_is_waited_for(
    cluster: LocalCluster, number: int
) -> None:
    """The answer of WAITAOF is only true under `appendfsync always`, on primary and replica."""
    odd = cluster.nodes[number]
    with configured(odd, "appendfsync", "everysec"), pytest.raises(StoreUnfit) as refused:
        open_store(cluster.url, replicas=1)
    assert odd.address in str(refused.value)
    assert "appendfsync always" in str(refused.value)


def test_with_replicas_the_service_says_what_a_vote_survives(cluster: LocalCluster) -> None:
    opened = open_store(cluster.url, replicas=1)
    assert opened.durability == "replica-fsync"
    opened.close()


def test_a_single_server_without_replicas_is_not_counted_on(one_server: EmbeddedStore) -> None:
    with pytest.raises(StoreUnfit, match="has 0 replicas of 1"):
        open_store(one_server.url, replicas=1)


def test_a_fingerprint_stays_and_tells_each_primary(store: Store, cluster: LocalCluster) -> None:
    found = fingerprint(store.redis)
    assert fingerprint(store.redis) == found
    assert len(found) == cluster.primaries
    assert all("master" in identity for identity in found)


def test_every_key_has_one_node(store: Store) -> None:
    """The one that answers for it; the others say where it is."""
    store.redis.set("iso:place-key", "k")
    assert node_of(store.redis, "iso:place-key").get("iso:place-key") == "k"


def test_readiness_names_the_node_at_fault(app: Flask, cluster: LocalCluster) -> None:
    with configured(cluster.nodes[1], "maxmemory-policy", "allkeys-lru"):
        answer = app.test_client().get("/health/ready")
    assert answer.status_code == 503
    assert cluster.nodes[1].address in answer.get_json()["detail"]
    assert app.test_client().get("/health/ready").status_code == 200
