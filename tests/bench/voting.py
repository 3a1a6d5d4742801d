"""Voting: readers of a consultation that many have voted in, and rounds of their votes."""

from collections.abc import Callable

from server.teller.counting import Counting
from tests.bench import crowd
from tests.bench.load import closed
from tests.bench.machine import Machine, Web
from tests.bench.readers import Readers
from tests.bench.rounds import Round, measured

CLIENTS = 32
PROPOSALS = 200
VOTERS = 2000  # who have voted before, and are counted: so there are results to show


def prepare(here: Machine, proposals: int = PROPOSALS, voters: int = VOTERS) -> Readers:
    """Open a consultation, let others vote, count, and return readers who come next."""
    opened = crowd.open_consultation(here.store, proposals)
    crowd.gather(here.store, opened, proposals, voters)
    Counting(here.store).count(opened)
    return Readers(here.settings, here.store, opened)


def voting(
    here: Machine, service: Web, readers: Readers, votes: int, clients: int = CLIENTS
) -> Callable[[], Round]:
    """Return what casts `votes` from each of the clients, by readers who are new every time."""

    def cast() -> Round:
        plans = readers.plans(clients, votes)
        return measured(here, service, lambda: closed(service.address, plans))

    return cast
