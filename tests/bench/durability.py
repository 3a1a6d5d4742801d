"""What durability costs: votes with every one on disk, with a sync a second, with a replica's disk.

The replica is on the same machine, so its CPU is taken from the service: elsewhere it costs less.
"""

from collections.abc import Callable

from tests.bench.machine import Machine, machine
from tests.bench.rounds import Round, interleaved, ratio, table
from tests.bench.voting import CLIENTS, prepare, voting


def run(votes: int = 120, rounds: int = 5, clients: int = CLIENTS) -> None:
    """Print each ratio to `appendfsync always`, which is how it runs in service."""
    with (
        machine() as alone,
        machine(replicas=1) as followed,
        alone.web() as web,
        followed.web() as web_followed,
    ):
        cast = voting(alone, web, prepare(alone), votes, clients)
        contenders = {
            "always": _under(alone, "always", cast),
            "every second": _under(alone, "everysec", cast),
            "always, and a replica": voting(
                followed, web_followed, prepare(followed), votes, clients
            ),
        }
        found = interleaved(contenders, rounds)
    print(table(found))
    for name in ("every second", "always, and a replica"):
        print(f"  {name} / always: {ratio(found[name], found['always']):.2f} of its throughput")


def _under(here: Machine, policy: str, cast: Callable[[], Round]) -> Callable[[], Round]:
    def run() -> Round:
        here.store.redis.config_set("appendfsync", policy)
        return cast()

    return run
