"""A real cluster on this machine: the same server binary, several times, on loopback ports."""

import contextlib
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import redis

from server.supervisor.embedded import find_server
from server.supervisor.parent import dies_with_parent

SLOTS = 16_384
CONFIG = """\
bind 127.0.0.1
port {port}
cluster-port {bus}
cluster-enabled yes
cluster-node-timeout {timeout}
cluster-announce-ip 127.0.0.1
dir "{folder}"
daemonize no
appendonly yes
appendfsync {policy}
save ""
maxmemory-policy noeviction
hash-max-listpack-entries 512
# A replica is served at once, not after five seconds of waiting for others.
repl-diskless-sync-delay 0
"""


class Node:
    """One server of a cluster. `timeout` is the milliseconds after which it is given up."""

    def __init__(self, folder: Path, ports: tuple[int, int], timeout: int, policy: str) -> None:
        self.folder = folder
        self.port, self.bus = ports
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir()
        self._config = folder / "valkey.conf"
        self._config.write_text(
            CONFIG.format(
                port=self.port, bus=self.bus, folder=folder, timeout=timeout, policy=policy
            )
        )

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def start(self) -> None:
        """Start it, or start it again on what it has on its disk."""
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [find_server(), str(self._config)],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=dies_with_parent(),
            )

    def kill(self) -> None:
        """As `kill -9` does: it writes nothing more."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def cut_off_replicas(self) -> None:
        """Send them nothing more, as if the network between had failed. A restart ends it."""
        self.ask("ACL SETUSER", "default", "-psync", "-sync")
        self.ask("CLIENT KILL", "TYPE", "replica")

    def ask(self, *command: str | int) -> Any:
        """Send one command to this server alone, however it stands with the cluster."""
        with contextlib.closing(self.client()) as client:
            return client.execute_command(*command)

    def client(self) -> Any:
        return redis.Redis(port=self.port, decode_responses=True, socket_timeout=5)

    def ready(self) -> bool:
        try:
            return bool(self.ask("PING"))
        except redis.RedisError:
            return False

    def agrees(self, nodes: int) -> bool:
        """Whether it knows all `nodes`, says that all is well and has its primary's data."""
        state = self.ask("CLUSTER INFO")
        link = self.ask("INFO", "replication").get("master_link_status", "up")
        known = int(state["cluster_known_nodes"])
        return state["cluster_state"] == "ok" and known == nodes and link == "up"

    def follows(self) -> int | None:
        """Return the port of its primary, None if it is one itself."""
        return self.ask("INFO", "replication").get("master_port")  # type: ignore[no-any-return]

    def is_primary(self) -> bool:
        return self.follows() is None


class LocalCluster:
    """Three primaries and a replica of each. `url` names all six."""

    primaries = 3
    size = 6

    def __init__(self, folder: Path, timeout: int = 10_000, policy: str = "always") -> None:
        ports = free_ports(self.size)
        self.nodes = [
            Node(folder / str(number), pair, timeout, policy) for number, pair in enumerate(ports)
        ]

    @property
    def url(self) -> str:
        return "redis://" + ",".join(node.address for node in self.nodes)

    def start(self) -> None:
        """Start all servers and make them one cluster."""
        for node in self.nodes:
            node.start()
        until(lambda: all(node.ready() for node in self.nodes))
        self._share_slots()
        self._introduce()
        identities = [str(node.ask("CLUSTER MYID")) for node in self.nodes[: self.primaries]]
        for replica, primary in zip(self.nodes[self.primaries :], identities, strict=True):
            until(lambda r=replica, p=primary: _made_replica(r, p))  # type: ignore[misc]
        self.wait_whole()

    def wait_whole(self) -> None:
        """Wait until every server sees the whole cluster, and every replica has its data."""
        until(lambda: all(node.ready() and node.agrees(self.size) for node in self.nodes))

    def at(self, client: Any) -> Node:
        """Return the server that a plain client of one node talks to."""
        port = client.connection_pool.connection_kwargs["port"]
        return next(node for node in self.nodes if node.port == port)

    def replica_of(self, primary: Node) -> Node:
        """Return the server that follows this one now."""
        return next(node for node in self.nodes if node.follows() == primary.port)

    def _share_slots(self) -> None:
        edges = [SLOTS * number // self.primaries for number in range(self.primaries + 1)]
        for number, node in enumerate(self.nodes):
            node.ask("CLUSTER SET-CONFIG-EPOCH", number + 1)
            if number < self.primaries:
                node.ask("CLUSTER ADDSLOTSRANGE", edges[number], edges[number + 1] - 1)

    def _introduce(self) -> None:
        for node in self.nodes:
            for other in self.nodes:
                if node is not other:
                    node.ask("CLUSTER MEET", "127.0.0.1", other.port, other.bus)

    def stop(self) -> None:
        """Nothing of it is wanted any more, so nothing is waited for."""
        for node in self.nodes:
            node.kill()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def _made_replica(node: Node, primary: str) -> bool:
    """Make it a replica, once it has heard of its primary."""
    try:
        return bool(node.ask("CLUSTER REPLICATE", primary))
    except redis.ResponseError:
        return False


def until(fact: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait until `fact` holds; fail if it does not in time."""
    deadline = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < deadline, "It did not come about in time."
        time.sleep(0.02)


def free_ports(pairs: int) -> Iterator[tuple[int, int]]:
    """Return pairs of ports that nobody listens on; all are held until the last one is found."""
    with ExitStack() as held:
        found = [_bind(held) for _ in range(2 * pairs)]
    return zip(found[::2], found[1::2], strict=True)


def _bind(held: ExitStack) -> int:
    trial = held.enter_context(socket.socket())
    trial.bind(("127.0.0.1", 0))
    return int(trial.getsockname()[1])
