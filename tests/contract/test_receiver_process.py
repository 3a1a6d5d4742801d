"""The receiver as a host runs it: a gunicorn of its own, killed and started again."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.central import document
from server.central.client import Central, NoAnswer
from server.settings import ReceiverSettings
from server.supervisor.processes import RECEIVER, small_command
from tests.contract.receiver_rules import voted
from tests.contract.sending import SECRET, Deployment, body_of


class Process:
    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self._environment = {
            **os.environ,
            "ISOLOIR_RECEIVER_DATABASE": f"sqlite:///{folder / 'receiver.sqlite'}",
            "ISOLOIR_CENTRAL_SECRET": SECRET,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, central: Central) -> None:
        command = small_command(RECEIVER, "127.0.0.1", self.port)
        self._process = subprocess.Popen(
            command, env=self._environment, stderr=subprocess.DEVNULL, start_new_session=True
        )
        waiting = threading.Event()
        for _ in range(200):
            try:
                central.ask("essai", "reinventer-le-travail")
                return
            except NoAnswer:
                waiting.wait(0.05)
        raise AssertionError("The receiver did not answer within ten seconds.")

    def kill(self) -> None:
        """As when the machine fails: the master and its worker at once, nothing is said."""
        if self._process:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    made = Process(tmp_path)
    yield made
    made.kill()


@pytest.fixture
def central(process: Process) -> Iterator[Central]:
    made = Central(f"http://127.0.0.1:{process.port}", (SECRET,))
    yield made
    made.close()


def rows(central: Central, deployment: Deployment) -> list[document.Row]:
    return central.ask(deployment.wire_name, deployment.slug, rows=True).rows


def test_what_it_acknowledged_survives_kill_9(process: Process, central: Central) -> None:
    process.start(central)
    deployment = voted()
    central.send(body_of(deployment.compose()))
    process.kill()
    with pytest.raises(NoAnswer):
        central.ask(deployment.wire_name, deployment.slug)
    process.start(central)
    assert rows(central, deployment) == deployment.rows()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "ISOLOIR_RECEIVER_DATABASE is missing"),
        ({"ISOLOIR_RECEIVER_DATABASE": "sqlite://"}, "ISOLOIR_CENTRAL_SECRET is missing"),
        (
            {"ISOLOIR_RECEIVER_DATABASE": "sqlite://", "ISOLOIR_CENTRAL_SECRET": "abc"},
            "ISOLOIR_CENTRAL_SECRET: each secret is whsec_",
        ),
        (
            {
                "ISOLOIR_RECEIVER_DATABASE": "sqlite:////nowhere/receiver.sqlite",
                "ISOLOIR_CENTRAL_SECRET": SECRET,
            },
            "The receiver's database cannot be used",
        ),
    ],
)
def test_it_says_in_one_line_what_is_missing(settings: dict[str, str], message: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "server.cli.main", "receiver"],
        env=settings,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_gunicorn_does_not_start_it_again_and_again() -> None:
    """Started by hand, without the look that `isoloir receiver` takes first: it ends too."""
    command = small_command(RECEIVER, "127.0.0.1", 0)
    done = subprocess.run(command, env={}, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode != 0
    assert done.stderr.count("ISOLOIR_RECEIVER_DATABASE is missing") == 1


def test_its_settings_are_its_own() -> None:
    """It needs neither a store nor the keys of readers."""
    loaded = ReceiverSettings.load(
        {"ISOLOIR_RECEIVER_DATABASE": "sqlite://", "ISOLOIR_CENTRAL_SECRET": SECRET}
    )
    assert loaded == ReceiverSettings("sqlite://", SECRET)
