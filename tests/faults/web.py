"""The real web process, gunicorn and its worker, on a store of the test's choice."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.supervisor.child import Child
from server.supervisor.processes import web_command
from tests.conftest import SECRET
from tests.faults.booth import Booth
from tests.run.machine import environ, free_ports, until


class Web:
    """gunicorn with one worker, so that what one request does to the others is seen."""

    def __init__(self, data: Path, store_url: str) -> None:
        (self.port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{self.port}"
        self.origin = f"http://localhost:{self.port}"
        variables = environ(
            REDIS_URL=store_url,
            ISOLOIR_URL=self.origin,
            ISOLOIR_SECRET_KEYS=SECRET,
            ISOLOIR_BIND="127.0.0.1",
            PORT=str(self.port),
            WEB_CONCURRENCY="1",
        )
        self.part = Child("web", web_command(), variables, data, f"{self.url}/health/ready")

    def booth(self) -> Booth:
        return Booth(self.url, self.origin)


@contextmanager
def web(data: Path, store_url: str) -> Iterator[Web]:
    """Run it until the end of the block."""
    running = Web(data, store_url)
    running.part.start()
    try:
        until(lambda: running.part.ready() or not running.part.alive(), "web answers")
        assert running.part.alive(), running.part.why()
        yield running
    finally:
        running.part.stop(5)
