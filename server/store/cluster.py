"""redis-py's cluster client, with our limits in place of its own."""

import threading
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import redis
from redis.cluster import ClusterNode
from redis.exceptions import RedisClusterException

LAYOUT_WAIT = 1.0  # seconds to wait while another thread asks for the cluster's layout
DEFAULT_PORT = 6379


class Cluster(redis.RedisCluster):
    """A client of the cluster to which the nodes in `url` belong.

    Everything is read from primaries: a replica may not have the last vote yet.
    """

    def __init__(self, url: str, **limits: Any) -> None:
        first, others = _split(url)
        try:
            super().__init__(
                url=first,
                startup_nodes=others,
                connection_pool_class=_Pool,
                **limits,
            )
        except RedisClusterException as error:
            raise _plain(error) from error
        self._learning = threading.Lock()
        self._learned = 0
        self._initialize = self.nodes_manager.initialize
        self.nodes_manager.initialize = self._learn  # type: ignore[method-assign]

    def relearn(self) -> None:
        """Ask the cluster who serves what; raise `ConnectionError` if no node says."""
        self._learn(disconnect_startup_nodes_pools=False)

    def close(self) -> None:
        """Close every connection; the library itself leaves the pools of its nodes open."""
        self.disconnect_connection_pools()
        super().close()

    def _learn(self, *arguments: Any, **options: Any) -> None:
        """Let one thread ask for the layout at a time: of a frozen cluster, each node costs it
        a time-out, and the library would let all others queue behind it for their own turn.
        """
        learned = self._learned
        if not self._learning.acquire(timeout=LAYOUT_WAIT):
            raise redis.ConnectionError("The cluster's layout is not known yet.")
        try:
            if learned == self._learned:
                self._initialize(*arguments, **options)
                self._learned += 1
        except RedisClusterException as error:
            raise _plain(error) from error
        finally:
            self._learning.release()


class _Pool(redis.BlockingConnectionPool):
    """The connections to one node."""

    def release(self, connection: Any) -> None:
        """Take back what is ours. Sent on to a node that is down, the library hands that node's
        pool the connection to the first one: two threads would read each other's answers.
        """
        ours = self.connection_kwargs
        if (connection.host, connection.port) == (ours["host"], int(ours["port"])):
            super().release(connection)  # type: ignore[no-untyped-call]


def is_cluster(url: str) -> bool:
    """Whether `url` names the nodes of a cluster: several, or one with a comma behind it."""
    return "," in urlsplit(url).netloc.rpartition("@")[2]


def _split(url: str) -> tuple[str, list[ClusterNode]]:
    """Return the URL of the first node, with what holds for all, and the other nodes."""
    parts = urlsplit(url)
    user, at, hosts = parts.netloc.rpartition("@")
    first, *others = filter(None, hosts.split(","))
    nodes = [urlsplit(f"//{host}") for host in others]
    return (
        urlunsplit(parts._replace(netloc=f"{user}{at}{first}")),
        [ClusterNode(node.hostname, node.port or DEFAULT_PORT) for node in nodes],
    )


def _plain(error: RedisClusterException) -> redis.RedisError:
    """Return what went wrong in the words that the rest of the library has for it."""
    cause = error.__cause__
    return cause if isinstance(cause, redis.RedisError) else redis.ConnectionError(str(error))
