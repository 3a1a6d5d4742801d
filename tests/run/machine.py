"""Helpers that run the real commands on this machine and look at the processes they start."""

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import urllib3

BIN = Path(sys.executable).parent
ISOLOIR = str(BIN / "isoloir")
PARTS = {
    "web": "server.app:create_worker",
    "teller": "server.cli.main teller",
    "receiver": "server.central.receiver.app",
    "demo": "server.demo.app",
    "store": "valkey-server",
}
PATIENCE = 60.0  # seconds until a fact that does not come fails the test


def until(fact: Callable[[], bool], what: str) -> None:
    """Wait until `fact` is true; looking costs little, so look often."""
    deadline = time.monotonic() + PATIENCE
    while not fact():
        assert time.monotonic() < deadline, f"It did not come about: {what}."
        select.select([], [], [], 0.02)


def free_ports(number: int) -> list[int]:
    """Return ports that nobody listens on."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(number)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def environ(**values: str) -> dict[str, str]:
    """Return an environment without anything of ours but `values`."""
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    return {"PATH": path, "HOME": os.environ.get("HOME", "/"), **values}


def run(*command: str, **values: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        command, env=environ(**values), capture_output=True, text=True, timeout=PATIENCE
    )


@dataclass(frozen=True)
class Process:
    pid: int
    parent: int
    group: int
    command: str


def processes() -> list[Process]:
    """Return the machine's processes, those that only wait to be buried left out."""
    table = run("ps", "-axo", "pid=,ppid=,pgid=,stat=,args=").stdout.splitlines()
    rows = (line.split(None, 4) for line in table)
    return [
        Process(int(row[0]), int(row[1]), int(row[2]), row[4])
        for row in rows
        if len(row) == 5 and not row[3].startswith("Z")
    ]


class Machine:
    """A running `isoloir demo` or `isoloir serve`, and what can be seen of it from outside."""

    def __init__(self, command: str, data: Path, **values: str) -> None:
        self.data = data
        self.port, self.receiver_port, self.demo_port = free_ports(3)
        self.output = data.with_name(f"{data.name}-{self.port}.out")
        ports = {
            "PORT": str(self.port),
            "ISOLOIR_RECEIVER_PORT": str(self.receiver_port),
            "ISOLOIR_DEMO_PORT": str(self.demo_port),
        }
        with self.output.open("w") as output:
            self._supervisor = subprocess.Popen(
                [ISOLOIR, command, "--data", str(data)],
                env=environ(PYTHONUNBUFFERED="1", **{**ports, **values}),
                stdout=output,
                stderr=subprocess.STDOUT,
                # As a terminal does: a Ctrl-C there reaches this group and no other.
                start_new_session=True,
            )
        until(lambda: "Ctrl-C stops" in self.said() or self._ended(), "it runs")
        assert not self._ended(), self.said()
        self.groups = {one.group for one in self.children().values()}

    def said(self) -> str:
        return self.output.read_text()

    def _ended(self) -> bool:
        return self._supervisor.poll() is not None

    def children(self) -> dict[str, Process]:
        """Return the supervisor's own children by the names of their parts."""
        own = [one for one in processes() if one.parent == self._supervisor.pid]
        return {name: one for one in own for name, mark in PARTS.items() if mark in one.command}

    def left(self) -> list[Process]:
        """Return what still runs of all that was started, children's children too."""
        return [one for one in processes() if one.group in self.groups]

    def kill(self, name: str) -> int:
        """Kill one part outright; return the process id it had."""
        pid = self.children()[name].pid
        os.kill(pid, signal.SIGKILL)
        return pid

    def signal(self, number: signal.Signals) -> int:
        """Send a signal to the supervisor's group as a terminal does; return its exit code."""
        self.groups |= {one.group for one in self.children().values()}
        os.killpg(self._supervisor.pid, number)
        return self._supervisor.wait(PATIENCE)

    def stop(self) -> None:
        if not self._ended():
            self.signal(signal.SIGINT)

    def ready(self) -> bool:
        """Whether the service says that it takes votes."""
        try:
            return self.get("/health/ready").status == 200
        except urllib3.exceptions.HTTPError:
            return False

    def get(
        self,
        path: str,
        port: int | None = None,
        host: str = "localhost",
        headers: Mapping[str, str] | None = None,
    ) -> urllib3.BaseHTTPResponse:
        return self.send("GET", path, port, host, headers)

    def send(
        self,
        method: str,
        path: str,
        port: int | None = None,
        host: str = "localhost",
        headers: Mapping[str, str] | None = None,
        body: object = None,
    ) -> urllib3.BaseHTTPResponse:
        """Ask by address: names under .localhost are for browsers."""
        port = port or self.port
        with urllib3.PoolManager() as http:
            return http.request(
                method,
                f"http://127.0.0.1:{port}{path}",
                headers={"Host": f"{host}:{port}", **(headers or {})},
                json=body,
                retries=False,
                timeout=10,
            )


@contextlib.contextmanager
def machine(command: str, data: Path, **values: str) -> Iterator[Machine]:
    running = Machine(command, data, **values)
    try:
        yield running
    finally:
        running.stop()
