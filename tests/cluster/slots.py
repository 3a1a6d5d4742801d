"""Resharding by hand: one slot moves from one primary to another, key by key."""

from collections.abc import Iterator
from contextlib import contextmanager

from redis.crc import key_slot

from server.store.connection import node_of
from server.store.keys import Box
from server.store.store import Store
from tests.cluster.nodes import LocalCluster, Node

PATIENCE = 5000  # milliseconds for one key to move


def owner_of(cluster: LocalCluster, store: Store, box: Box) -> Node:
    """Return the primary that serves a box, as far as the store knows."""
    return cluster.at(node_of(store.redis, box.seal))


@contextmanager
def moving(cluster: LocalCluster, box: Box, source: Node, target: Node) -> Iterator[None]:
    """The slot of a box is on its way meanwhile; afterwards all of it has arrived."""
    slot = key_slot(box.seal.encode())
    taker, giver = target.ask("CLUSTER MYID"), source.ask("CLUSTER MYID")
    target.ask("CLUSTER SETSLOT", slot, "IMPORTING", giver)
    source.ask("CLUSTER SETSLOT", slot, "MIGRATING", taker)
    yield
    while keys := source.ask("CLUSTER GETKEYSINSLOT", slot, 100):
        source.ask("MIGRATE", "127.0.0.1", target.port, "", 0, PATIENCE, "KEYS", *keys)
    for node in (target, source, *cluster.nodes):
        if node.is_primary():
            node.ask("CLUSTER SETSLOT", slot, "NODE", taker)
