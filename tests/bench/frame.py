"""The frame inside an article, from the cache of the process, against a bare Flask response.

Budget: at least 0.9 of its throughput.
"""

from tests.bench.load import closed
from tests.bench.machine import BARE, Web, machine
from tests.bench.readers import request
from tests.bench.rounds import Round, cpu_ratio, interleaved, measured, ratio, table
from tests.bench.voting import CLIENTS, prepare

NAVIGATION = "Referer: http://les-echos.localhost:8100/\r\nUpgrade-Insecure-Requests: 1\r\n"


def run(requests: int = 300, rounds: int = 7, clients: int = CLIENTS) -> None:
    """Print the ratio. `requests` is how many each client sends in one round."""
    with machine() as here, here.web() as service, here.web(app=BARE) as bare:
        readers = prepare(here)

        def ask(web: Web, path: str) -> Round:
            plan = [request("GET", path, here.settings.origin, headers=NAVIGATION)] * requests
            return measured(here, web, lambda: closed(web.address, [plan] * clients))

        found = interleaved(
            {
                "frame": lambda: ask(service, f"/e/{readers.slug}?source=les-echos"),
                "bare response": lambda: ask(bare, "/page"),
            },
            rounds,
        )
    print(table(found))
    by_rate, by_cpu = (f(found["frame"], found["bare response"]) for f in (ratio, cpu_ratio))
    print(f"  frame / bare response: {by_rate:.2f} of its throughput, {by_cpu:.2f} by CPU")
