"""Whether the store is fit to hold votes, and what a vote survives there."""

import time
from collections.abc import Sequence

import redis

from server.store import keys
from server.store.cluster import Cluster
from server.store.connection import Client, StoreUnfit, primaries
from server.store.servers import Server, every_server

SLOTS = 16_384
SKEW = 0.5  # seconds by which the clocks of two nodes may differ; a wish's deadline is 2 s
WEAKEST_FIRST = ("memory", "≤2s", "fsync")


def check(client: Client) -> None:
    """Raise `StoreUnfit` unless every node that takes votes keeps those it acknowledges."""
    name = "The store"
    try:
        nodes = primaries(client)
        for node in nodes:
            name = _name(client, node)
            _check_node(node, name, in_cluster=isinstance(client, Cluster))
        name = "The store"
        _check_clocks(nodes)
        _check_whole(client)
        _check_layout(client)
    except redis.AuthenticationError as error:
        raise StoreUnfit(f"{name} wants another password: put it into REDIS_URL.") from error
    except redis.RedisError as error:
        reason = str(error).rstrip(".")
        raise StoreUnfit(f"{name} does not answer: {reason}.") from error


def durability(client: Client) -> str:
    """Return what an acknowledged vote survives on the weakest node: `fsync`, `≤2s`, `memory`.

    A server that hides its configuration is taken at the weaker of the two that `check` admits.
    """
    words = {"always": "fsync", "everysec": "≤2s"}
    found = [words.get(_policy(node) or "everysec", "memory") for node in primaries(client)]
    return min(found, key=WEAKEST_FIRST.index)


def check_replicas(client: Client, replicas: int) -> None:
    """Raise `StoreUnfit` unless each primary can tell when `replicas` others have a vote on disk.

    Only under `appendfsync always` is that answer true: with less, WAITAOF may say yes too early.
    """
    with every_server(client) as servers:
        for server in servers:
            if server.follows is None:
                _check_primary(server, replicas)
            _check_policy(server)


def _name(client: Client, node: Client) -> str:
    """Return how a message calls a node: a single server needs no address."""
    if not isinstance(client, Cluster):
        return "The store"
    where = node.connection_pool.connection_kwargs
    return f"Node {where['host']}:{where['port']}"


def _check_node(node: Client, name: str, in_cluster: bool) -> None:
    state = node.info("memory", "replication", "persistence", "cluster")
    if state.get("maxmemory_policy") != "noeviction":
        raise StoreUnfit(f"{name} forgets voters when it is full: set maxmemory-policy noeviction.")
    if state.get("role") not in {"master", "primary"}:
        raise StoreUnfit(f"{name} is a replica: point REDIS_URL at the primary.")
    if not state.get("aof_enabled"):
        raise StoreUnfit(f"{name} keeps no append-only file: set appendonly yes.")
    if state.get("aof_last_write_status", "ok") != "ok":
        raise StoreUnfit(f"{name} cannot write its append-only file: look at its disk.")
    if state.get("cluster_enabled") and not in_cluster:
        raise StoreUnfit(f"{name} is part of a cluster: name several of its nodes in REDIS_URL.")
    if in_cluster:
        _check_cluster(node, name)
    try:
        node.eval("return 1", 0)
    except redis.ResponseError as error:
        raise StoreUnfit(f"{name} must let this user run scripts: {error}.") from error


def _check_whole(client: Client) -> None:
    mark = client.get(keys.RESTORING)
    if mark:
        since = mark.partition(" ")[0]
        advice = "wait, or if that was broken off, restore again with --start-over"
        raise StoreUnfit(f"The store is being restored since {since}: {advice}.")


def _check_layout(client: Client) -> None:
    """A store without consultations has none yet: it gets one with the first."""
    number = client.get(keys.LAYOUT) or "1"
    if client.exists(keys.SLUGS) and number != str(keys.LAYOUT_NUMBER):
        raise StoreUnfit(
            f"The store was written by another Isoloir (layout {number}, this one needs "
            f"{keys.LAYOUT_NUMBER}): take another data folder, or the release that wrote it."
        )


def _check_cluster(node: Client, name: str) -> None:
    state = node.execute_command("CLUSTER INFO")
    if state["cluster_state"] != "ok":
        served = f"{state['cluster_slots_ok']} of {SLOTS} slots are served"
        raise StoreUnfit(f"{name} takes no votes, {served}: look at CLUSTER NODES there.")


def _check_clocks(nodes: Sequence[Client]) -> None:
    """One wish's deadline is written by one node's clock and judged by another's."""
    latest, earliest = float("-inf"), float("inf")
    for node in nodes:
        before = time.monotonic()
        seconds, micros = node.time()
        told = seconds + micros / 1e6
        # What the journey took is nobody's fault: count only what must be the clock.
        latest = max(latest, told - time.monotonic())
        earliest = min(earliest, told - before)
    if latest - earliest > SKEW:
        advice = "run a time service on every node"
        raise StoreUnfit(f"The nodes' clocks differ by {latest - earliest:.1f} s: {advice}.")


def _policy(node: Client) -> str | None:
    """Return the node's `appendfsync`, or None if it hides its configuration."""
    try:
        configured: dict[str, str] = node.config_get("appendfsync")
    except redis.ResponseError:
        return None
    return configured.get("appendfsync", "")


def _check_primary(server: Server, replicas: int) -> None:
    try:
        server.client.execute_command("WAITAOF", 0, 0, 1)
    except redis.ResponseError as error:
        advice = "ISOLOIR_REPLICAS needs Redis 7.2, Valkey 7.2 or newer, and the right to WAITAOF"
        raise StoreUnfit(f"{server.name} refuses WAITAOF: {advice}.") from error
    state = server.client.info("replication")
    attached = [state[f"slave{i}"] for i in range(int(state["connected_slaves"]))]
    ready = sum(replica["state"] == "online" for replica in attached)
    if ready < replicas:
        advice = "add some, or lower ISOLOIR_REPLICAS"
        raise StoreUnfit(f"{server.name} has {ready} replicas of {replicas}: {advice}.")


def _check_policy(server: Server) -> None:
    """A replica that hides its configuration, or is not reached from here, is taken on trust."""
    try:
        policy = _policy(server.client)
    except redis.ConnectionError:
        policy = None
    if policy != "always" and (policy or server.follows is None):
        raise StoreUnfit(f"{server.name} must have appendfsync always, for ISOLOIR_REPLICAS.")
