"""The whole service on this machine, as `isoloir demo` runs it, for tests that need all of it."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from server.settings import Settings, with_data_folder
from server.store.store import Store, open_store
from tests.replay.shell import Shell

PORTS = ("PORT", "ISOLOIR_RECEIVER_PORT", "ISOLOIR_DEMO_PORT")
PATIENCE = 60.0  # seconds
PARTS = {
    "web": "server.web.gunicorn_config",
    "teller": "server.cli.main teller",
    "receiver": "server.central.receiver.app",
    "store": "valkey-server",
}


@dataclass
class Stack:
    """Store, web, teller, receiver and demo news site under one supervisor."""

    shell: Shell
    supervisor: "subprocess.Popen[str]"

    @property
    def settings(self) -> Settings:
        return Settings.load(with_data_folder(self.shell.data, {}))

    @contextmanager
    def store(self) -> Iterator[Store]:
        with closing(open_store(self.settings.redis_url)) as store:
            yield store

    def kill(self, part: str) -> None:
        """End a part and all its processes at once, as a power cut would."""
        listed = subprocess.run(
            ["ps", "-axwwo", "pid=,ppid=,args="], capture_output=True, text=True, check=True
        )
        for line in listed.stdout.splitlines():
            pid, parent, command = line.split(maxsplit=2)
            if int(parent) == self.supervisor.pid and PARTS[part] in command:
                os.killpg(int(pid), signal.SIGKILL)
                return
        raise AssertionError(f"{part} does not run")


@contextmanager
def running(data: Path) -> Iterator[Stack]:
    """Start everything on free ports and stop it at the end."""
    shell = Shell(data, {name: str(port) for name, port in zip(PORTS, _free(3), strict=True)})
    supervisor = shell.start("demo")
    try:
        assert supervisor.stdout
        lines = iter(supervisor.stdout.readline, "")
        assert any("Ctrl-C stops" in line for line in lines), (data / "log").exists()
        yield Stack(shell, supervisor)
    finally:
        supervisor.terminate()
        supervisor.communicate()


def until(fact: Callable[[], object]) -> None:
    """Wait for a visible fact."""
    deadline = time.monotonic() + PATIENCE
    while not fact():
        assert time.monotonic() < deadline, "It did not come true."
        time.sleep(0.01)


def _free(number: int) -> list[int]:
    """Return ports that nobody listens on."""
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [one.getsockname()[1] for one in taken]
    for one in taken:
        one.close()
    return ports
