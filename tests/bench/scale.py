"""The vote with few and many voters in the store, few and many proposals.

Budget: flat within 10 %, from a thousand to a million voters and from 10 to 34 000 proposals.
"""

from contextlib import ExitStack

from tests.bench.machine import machine
from tests.bench.rounds import cpu_ratio, interleaved, ratio, table
from tests.bench.voting import CLIENTS, prepare, voting

FEW, MANY = 1000, 1_000_000
SIZES = (10, 34_000)


def run(many: int = MANY, votes: int = 80, rounds: int = 5, clients: int = CLIENTS) -> None:
    """Print each corner against the smallest. Half of a store's voters are in each consultation."""
    contenders = {}
    with ExitStack() as at_end:
        for voters in (FEW, many):
            here = at_end.enter_context(machine())
            web = at_end.enter_context(here.web())
            for proposals in SIZES:
                readers = prepare(here, proposals, voters // 2)
                name = f"{voters} x {proposals}"
                contenders[name] = voting(here, web, readers, votes, clients)
        found = interleaved(contenders, rounds)
    print(table(found))
    smallest = found[f"{FEW} x {SIZES[0]}"]
    for name, rounds_of in found.items():
        by_rate, by_cpu = (f(rounds_of, smallest) for f in (ratio, cpu_ratio))
        print(f"  {name} / smallest: {by_rate:.2f} of its throughput, {by_cpu:.2f} by CPU")
