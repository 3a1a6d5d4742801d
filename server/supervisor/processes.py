"""The processes of one machine: what each is started with and how it shows that it is ready."""

import sys
from collections.abc import Mapping
from pathlib import Path

from server.settings import Listening
from server.supervisor.child import Child

WEB = "server.app:create_worker()"
RECEIVER = "server.central.receiver.app:create_from_environment()"
DEMO = "server.demo.app:create_from_environment()"
PYTHON = (sys.executable, "-P")  # never a module that happens to lie in the folder we are in


def gunicorn(app: str, config: str) -> list[str]:
    """Return the command that serves `app` with our configuration module `config`."""
    return [*PYTHON, "-m", "gunicorn", "--config", f"python:{config}", app]


def web_command() -> list[str]:
    return gunicorn(WEB, "server.web.gunicorn_config")


def small_command(app: str, address: str, port: int) -> list[str]:
    """Return the command for a service that needs neither a store nor a second process."""
    command = gunicorn(app, "server.supervisor.gunicorn_small")
    return [*command, "--bind", f"{address}:{port}"]


def teller_command() -> list[str]:
    return [*PYTHON, "-m", "server.cli.main", "teller"]


def receiver_command() -> list[str]:
    # By way of its preflight: its settings are looked at before gunicorn starts.
    return [*PYTHON, "-m", "server.cli.main", "receiver"]


def children(data: Path, environ: Mapping[str, str], demo: bool) -> list[Child]:
    """Return the processes beside the store, in the order in which they are stopped."""
    listening = Listening.load(environ)
    address = listening.address
    here = "127.0.0.1" if address == "0.0.0.0" else address  # noqa: S104 - compared, not bound

    def child(name: str, command: list[str], probe: str | None = None) -> Child:
        return Child(name, command, environ, data, probe)

    found = [
        child("web", web_command(), f"http://{here}:{listening.port}/health/ready"),
        child("teller", teller_command()),
    ]
    if demo:
        news = small_command(DEMO, address, listening.demo_port)
        received = f"http://{here}:{listening.receiver_port}/health/ready"
        found += [
            child("receiver", receiver_command(), received),
            child("demo", news, f"http://{here}:{listening.demo_port}/"),
        ]
    return found
