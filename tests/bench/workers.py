"""gunicorn's worker classes: a bare POST and the whole vote, alone and beside idle connections.

Browsers open connections before they need them, so idle ones are ordinary traffic.
"""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tests.bench.load import Load, closed
from tests.bench.machine import BARE, Web, machine
from tests.bench.readers import Readers, redirected
from tests.bench.rounds import interleaved, measured, ratio, table
from tests.bench.voting import CLIENTS, prepare, voting

CLASSES = {
    "sync": ("--worker-class", "sync"),
    "gthread x 8": ("--worker-class", "gthread", "--threads", "8"),
    "gevent": ("--worker-class", "gevent"),
}
IDLE = (4, 64)  # connections that send nothing
PATIENCE = 5.0  # seconds; no reader has more


def run(
    votes: int = 60, rounds: int = 5, clients: int = CLIENTS, idle: tuple[int, ...] = IDLE
) -> None:
    """Print every class against gevent, and what is left of each beside idle connections."""
    contenders, services = {}, {}
    with ExitStack() as at_end:
        here = at_end.enter_context(machine())
        readers = prepare(here)
        for name, options in CLASSES.items():
            services[name] = at_end.enter_context(here.web(*options))
            bare = at_end.enter_context(here.web(*options, app=BARE))
            contenders[f"vote, {name}"] = voting(here, services[name], readers, votes, clients)
            contenders[f"bare POST, {name}"] = lambda bare=bare: measured(
                here, bare, lambda: closed(bare.address, _posts(readers, votes, clients))
            )
        found = interleaved(contenders, rounds)
        print(table(found))
        for what in ("vote", "bare POST"):
            for name in CLASSES:
                of = ratio(found[f"{what}, {name}"], found[f"{what}, gevent"])
                print(f"  {what}: {name} / gevent: {of:.2f} of its throughput")
        for number in idle:
            for name, service in services.items():
                print(f"  {number} idle, {name}: {_beside(service, number, readers.plans(4, 20))}")


def _posts(readers: Readers, votes: int, clients: int) -> list[list[bytes]]:
    return redirected(readers.plans(clients, votes), "POST /json")


def _beside(service: Web, number: int, plans: list[list[bytes]]) -> str:
    """Return how votes fare while `number` connections are open and silent."""
    with _idle(service, number):
        try:
            load: Load = closed(service.address, plans, PATIENCE)
        except (TimeoutError, ConnectionError) as error:
            return f"stands still ({error})"
    return f"{load.rate:.0f} votes a second, p99 {load.percentile(0.99):.0f} ms"


@contextmanager
def _idle(service: Web, number: int) -> Iterator[None]:
    with ExitStack() as at_end:
        for _ in range(number):
            at_end.enter_context(socket.create_connection(service.address))
        yield
