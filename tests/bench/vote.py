"""The whole vote against a bare Flask JSON POST, and against the same with one trivial script.

Budget: at least 0.5 of the bare POST's throughput, 0.6 as a stretch; p99 under 50 ms at 32 clients.
"""

from tests.bench.load import closed, paced
from tests.bench.machine import BARE, Web, machine
from tests.bench.readers import redirected
from tests.bench.rounds import Round, cpu_ratio, interleaved, measured, ratio, table
from tests.bench.voting import CLIENTS, prepare, voting


def run(votes: int = 200, rounds: int = 7, clients: int = CLIENTS) -> None:
    """Print the ratios of the vote. `votes` is how many each client casts in one round."""
    with machine() as here, here.web() as service, here.web(app=BARE) as bare:
        readers = prepare(here)

        def post(path: str) -> Round:
            plans = redirected(readers.plans(clients, votes), f"POST {path}")
            return measured(here, bare, lambda: closed(bare.address, plans))

        found = interleaved(
            {
                "vote": voting(here, service, readers, votes, clients),
                "bare POST": lambda: post("/json"),
                "bare POST + script": lambda: post("/script"),
            },
            rounds,
        )
        print(table(found))
        for other in ("bare POST", "bare POST + script"):
            by_rate, by_cpu = (f(found["vote"], found[other]) for f in (ratio, cpu_ratio))
            print(f"  vote / {other}: {by_rate:.2f} of its throughput, {by_cpu:.2f} by CPU")
        print(_at_half(service, readers.plans(clients, votes), found["vote"].rate / 2))


def _at_half(service: Web, plans: list[list[bytes]], rate: float) -> str:
    """Return the latency at half of what the service can do, from when each vote was due."""
    load = paced(service.address, plans, rate)
    p50, p99 = load.percentile(0.5), load.percentile(0.99)
    return f"  at {rate:.0f} votes a second: p50 {p50:.1f} ms, p99 {p99:.1f} ms {load.statuses}"
