"""Every server that keeps what was voted: the primaries, their replicas, and the replicas' own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import redis

from server.store.connection import Client, primaries

Address = tuple[str, int]


@dataclass(frozen=True)
class Server:
    """One server. `follows` is the one it copies, None for a primary."""

    client: Client
    name: str
    follows: Client | None = None


@contextmanager
def every_server(client: Client) -> Iterator[list[Server]]:
    """Give all that is known, the copied before the copies; connections are closed at the end.

    A replica that does not answer is among them: whoever needs it finds out by asking it.
    """
    found: list[Server] = []
    try:
        for node in primaries(client):
            found.append(Server(node, _name(node)))
            _add_replicas(found, node)
        yield found
    finally:
        for server in found:
            if server.follows is not None:
                server.client.connection_pool.disconnect()


def replicas_of(servers: list[Server], primary: Server) -> int:
    """Return how many copy that primary itself."""
    return sum(server.follows is primary.client for server in servers)


def _add_replicas(found: list[Server], node: Client) -> None:
    for host, port in sorted(_addresses(node)):
        replica = _beside(node, host, port)
        found.append(Server(replica, f"{host}:{port}", follows=node))
        try:
            _add_replicas(found, replica)
        except redis.RedisError:
            continue  # it is in the list, and will be missed there


def _addresses(node: Client) -> set[Address]:
    """Return where the replicas are: those attached now, and in a cluster also those away."""
    state = node.info()
    attached = (state[f"slave{i}"] for i in range(int(state["connected_slaves"])))
    found = {(str(replica["ip"]), int(replica["port"])) for replica in attached}
    return found | (_members(node) if state.get("cluster_enabled") else set())


def _members(node: Client) -> set[Address]:
    """Return the replicas of `node` that its cluster knows, whether they answer or not."""
    known: dict[str, dict[str, Any]] = node.execute_command("CLUSTER NODES")
    myself = next(other["node_id"] for other in known.values() if "myself" in other["flags"])
    names = (name for name, other in known.items() if other["master_id"] == myself)
    return {(host, int(port)) for host, _, port in (name.rpartition(":") for name in names)}


def _beside(node: Client, host: str, port: int) -> Client:
    """Return a client of another server, reached as `node` is: same password, same TLS."""
    pool = node.connection_pool
    kind, there = pool.connection_class, {**pool.connection_kwargs, "host": host, "port": port}
    if there.pop("path", None):  # a primary on a unix socket; its replicas are elsewhere
        kind = redis.Connection
    return redis.Redis(connection_pool=redis.ConnectionPool(kind, **there))


def _name(node: Client) -> str:
    where = node.connection_pool.connection_kwargs
    return str(where["path"]) if "path" in where else f"{where.get('host')}:{where.get('port')}"
