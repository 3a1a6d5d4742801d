"""Reaching Redis: explicit limits, one retry, and the nodes behind one address."""

from contextlib import ContextDecorator
from typing import Any

import redis
from redis.backoff import ExponentialWithJitterBackoff
from redis.maint_notifications import MaintNotificationsConfig
from redis.retry import Retry

from server.consultations.errors import StoreUnavailable
from server.store.cluster import Cluster, is_cluster
from server.store.failures import tell

# redis-py types every reply as bytes or str, whatever decode_responses says; ours are str.
Client = Any

CONNECT_TIMEOUT = 0.25  # seconds
COMMAND_TIMEOUT = 1.0  # seconds; more than the worst fsync, less than a worker's time-out
POOL_WAIT = 1.0  # seconds to wait for a free connection before giving up
CONNECTIONS = 64  # per process and node


class StoreUnfit(Exception):
    """The store is missing or would lose votes. The message is one line that says what to do."""


def connect(url: str) -> Client:
    """Return a client of one server, or of a cluster if `url` names several of its nodes.

    The library's own ten retries would apply an increment more than once, and its notifications
    of maintenance would stretch our time-outs and let an unread answer pass for the next one.
    """
    limits = {
        "max_connections": CONNECTIONS,
        "timeout": POOL_WAIT,
        "socket_connect_timeout": CONNECT_TIMEOUT,
        "socket_timeout": COMMAND_TIMEOUT,
        "retry": Retry(ExponentialWithJitterBackoff(base=0.02, cap=0.1), 1),
        "maint_notifications_config": MaintNotificationsConfig(enabled=False),
        "decode_responses": True,
    }
    if is_cluster(url):
        return Cluster(url, **limits)
    pool = redis.BlockingConnectionPool.from_url(
        url, retry_on_error=[redis.ConnectionError, redis.TimeoutError], **limits
    )
    return redis.Redis(connection_pool=pool)


def close(client: Client) -> None:
    """Close every connection; closing a client alone leaves a pool that was given to it open."""
    client.close()
    if not isinstance(client, Cluster):
        client.connection_pool.disconnect()


def primaries(client: Client) -> list[Client]:
    """Return a plain client of each node that takes writes: one for a single server.

    They do not follow what moves: a slot that has left the node is an error, never a guess.
    """
    if not isinstance(client, Cluster):
        return [client]
    client.relearn()
    return [client.get_redis_connection(node) for node in client.get_primaries()]


def node_of(client: Client, key: str) -> Client:
    """Return a plain client of the node that serves `key`, as far as this process knows.

    Its `connection_pool` makes connections to that node alone.
    """
    if not isinstance(client, Cluster):
        return client
    return client.get_redis_connection(client.get_node_from_key(key))


def relearn(client: Client, moved: redis.exceptions.MovedError | None = None) -> None:
    """Follow a key that has moved; without one, ask the cluster anew who serves what."""
    if not isinstance(client, Cluster):
        return
    if moved:
        client.nodes_manager.move_slot(moved)
    else:
        client.relearn()


def slots_move(client: Client) -> bool:
    """Whether keys are on their way from one node of a cluster to another at this moment."""
    return isinstance(client, Cluster) and any(
        other["migrations"]
        for node in primaries(client)
        for other in node.execute_command("CLUSTER NODES").values()
    )


def fingerprint(client: Client) -> tuple[tuple[str, ...], ...]:
    """Return who serves what at this moment: run id, role and slots of every primary.

    It changes with every restart, failover and resharding, so two that are equal say that none
    came between them.
    """
    return tuple(sorted(_identity(node) for node in primaries(client)))


def _identity(node: Client) -> tuple[str, ...]:
    state = node.info("server", "replication", "cluster")
    slots = ""
    if state.get("cluster_enabled"):
        seen = node.execute_command("CLUSTER NODES").values()
        myself = next(other for other in seen if "myself" in other["flags"])
        slots = f"{myself['slots']} {myself['migrations']}"
    return (state["run_id"], state["role"], slots)


class reaching_store(ContextDecorator):
    """Turn every way in which a server fails us into one refusal that the reader can wait out."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, redis.RedisError):
            tell(error)
            raise StoreUnavailable(f"The ballot store does not answer ({_word(error)}).") from error


def _word(error: Exception) -> str:
    """Say which kind of failure it was, without addresses or keys."""
    return type(error).__name__


def domain_word(error: redis.ResponseError) -> tuple[str, list[str]]:
    """Split a script's error reply into its code and the words after it."""
    code, *rest = str(error).split()
    return code, rest
