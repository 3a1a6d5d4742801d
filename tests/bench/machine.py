"""The machine under test: a store of its own, gunicorn as it runs in service, and their CPU time."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import redis

from server.settings import Settings
from server.store.store import Store, open_store
from server.supervisor.embedded import EmbeddedStore
from server.supervisor.processes import WEB, gunicorn
from tests.conftest import ORIGIN, SECRET

ROOT = Path(__file__).parents[2]
BARE = "tests.bench.bare:create_app()"
CONFIG = "server.web.gunicorn_config"
WORKERS = 2
PATIENCE = 30.0  # seconds until a server listens
TICKS = os.sysconf("SC_CLK_TCK")  # a second


@dataclass(frozen=True)
class Web:
    """One gunicorn. `pids` are its workers."""

    address: tuple[str, int]
    master: int

    @property
    def pids(self) -> list[int]:
        children = Path(f"/proc/{self.master}/task/{self.master}/children")
        return [int(pid) for pid in children.read_text().split()]

    @property
    def cpu(self) -> float:
        """Seconds of CPU that the workers have used."""
        return sum(map(cpu_seconds, self.pids))


@dataclass(frozen=True)
class Machine:
    """A store, opened, and what a web process on it is told."""

    server: EmbeddedStore
    store: Store
    settings: Settings

    @property
    def cpu(self) -> float:
        """Seconds of CPU that the store has used."""
        return cpu_seconds(self.server.pid or 0)

    @contextmanager
    def web(self, *options: str, app: str = WEB) -> Iterator[Web]:
        """Start gunicorn with our configuration and, above it, `options`."""
        port = free_port()
        environ = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "REDIS_URL": self.settings.redis_url,
            "ISOLOIR_URL": self.settings.public_url,
            "ISOLOIR_SECRET_KEYS": ",".join(self.settings.secret_keys),
            "ISOLOIR_REPLICAS": str(self.settings.replicas),
            "ISOLOIR_BIND": "127.0.0.1",
            "WEB_CONCURRENCY": str(WORKERS),
            "PORT": str(port),
        }
        with (self.server.data / f"web-{port}.log").open("wb") as log:
            process = subprocess.Popen(
                [*gunicorn(app, CONFIG), *options], env=environ, stdout=log, stderr=log
            )
        try:
            address = ("127.0.0.1", port)
            _wait_until_it_answers(address, process, Path(log.name))
            yield Web(address, process.pid)
        finally:
            process.terminate()
            process.wait()


@contextmanager
def machine(replicas: int = 0) -> Iterator[Machine]:
    """Give a fresh store, as durable as in service: its folder is on a disk if TMPDIR is."""
    with ExitStack() as at_end:
        folder = Path(at_end.enter_context(TemporaryDirectory(prefix="isoloir-bench-")))
        server = at_end.enter_context(_server(folder / "store"))
        for number in range(replicas):
            _follow(server, at_end.enter_context(_server(folder / f"replica-{number}")))
        store = at_end.enter_context(closing(open_store(server.url, replicas)))
        yield Machine(server, store, Settings(server.url, ORIGIN, (SECRET,), replicas=replicas))


def _server(folder: Path) -> EmbeddedStore:
    folder.mkdir()
    return EmbeddedStore(folder)


def _follow(primary: EmbeddedStore, replica: EmbeddedStore) -> None:
    """Make one server copy the other; return when it has all of it on its disk."""
    with closing(redis.Redis.from_url(primary.url)) as there:
        port = free_port()
        there.config_set("port", port)
        there.config_set("repl-diskless-sync-delay", 0)
        with closing(redis.Redis.from_url(replica.url)) as here:
            here.replicaof("127.0.0.1", port)
        deadline = time.monotonic() + PATIENCE
        while there.execute_command("WAITAOF", 1, 1, 1000) != [1, 1]:
            if time.monotonic() > deadline:
                raise RuntimeError("The replica does not copy the store.")


def cpu_seconds(pid: int) -> float:
    """Return the CPU time a process has used, all its threads, in user mode and in the kernel."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_it_answers(
    address: tuple[str, int], process: "subprocess.Popen[bytes]", log: Path
) -> None:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with socket.create_connection(address, 5) as there:
                there.sendall(b"GET /health/live HTTP/1.0\r\n\r\n")
                if there.recv(16):
                    return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"gunicorn did not start:\n{log.read_text()}")
