"""Memory: a million voters of 20 votes each, with 200 and with 34 000 proposals, the whole store.

Budget: at most 10 bytes a vote. Set REDIS_URL to an empty server to measure that one.
"""

import os
import statistics
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

from server.consultations.consultation import Consultation
from server.store import keys
from server.store.store import Store, open_store
from server.teller.counting import Counting
from tests.bench import crowd
from tests.bench.machine import machine

SAMPLE = 1000  # records whose size is looked at
ALIKE = 300  # of which are cast again by the vote script


def run(voters: int = 1_000_000, sizes: tuple[int, ...] = (200, 34_000)) -> None:
    """Print the bytes per vote, and where they go."""
    for proposals in sizes:
        with _store() as store:
            opened = crowd.open_consultation(store, proposals)
            store.redis.config_set("appendonly", "no")  # only while loading
            crowd.gather(store, opened, proposals, voters)
            Counting(store).count(opened)
            print(_report(store, opened, proposals, voters))
            print(_likeness(store, opened))
            store.redis.flushall()
            store.redis.config_set("appendonly", "yes")


@contextmanager
def _store() -> Iterator[Store]:
    url = os.environ.get("REDIS_URL")
    if not url:
        with machine() as here:
            yield here.store
        return
    with closing(open_store(url)) as store:
        if store.redis.dbsize():
            raise SystemExit("The server at REDIS_URL holds data: give an empty one.")
        yield store


def _report(store: Store, opened: Consultation, proposals: int, voters: int) -> str:
    box, votes = keys.Box(opened.id, 0), voters * crowd.VOTES
    usage = store.redis.memory_usage
    state = store.redis.info()
    whole = state["used_memory"]
    record = _mean(store, opened, crowd.somebody(store, opened, SAMPLE))
    tallies = sum(usage(box.tally(n), samples=0) or 0 for n in range(1, proposals + 1))
    texts = usage(keys.proposals(opened.id), samples=0)
    published = usage(keys.results(opened.id)) + usage(box.changed, samples=0)
    rest = whole - record * voters - tallies - texts - published
    parts = {
        "records": record * voters,
        "tallies": tallies,
        "proposals' texts": texts,
        "results, changes": published,
        "table of keys, rest": rest,
    }
    name = f"{_server(state)}, {proposals} proposals, {store.redis.dbsize()} keys"
    where = ", ".join(f"{part} {size / votes:.2f}" for part, size in parts.items())
    return (
        f"  {name}: {whole / votes:.2f} bytes a vote ({whole / 1e6:.0f} MB;"
        f" {state['used_memory_rss'] / votes:.2f} as the system sees it)\n    {where}"
    )


def _likeness(store: Store, opened: Consultation) -> str:
    """Have some of the voters' ballots cast by the vote script, and compare."""
    here = crowd.somebody(store, opened, ALIKE)
    there = crowd.cast_anew(store, opened, here)
    sizes = [_mean(store, opened, voters) for voters in (here, there)]
    return "    a record: {:.0f} bytes; the same ballots cast one by one: {:.0f}".format(*sizes)


def _mean(store: Store, opened: Consultation, voters: Sequence[str]) -> float:
    """Return the bytes of a record, its key and block headers that the server knows of."""
    box = keys.Box(opened.id, 0)
    return statistics.mean(store.redis.memory_usage(box.voter(voter)) for voter in voters)


def _server(state: dict[str, str]) -> str:
    """Return name, version and memory allocator, which decides on the steps of sizes."""
    valkey = state.get("valkey_version")
    name = f"Valkey {valkey}" if valkey else f"Redis {state['redis_version']}"
    return f"{name} ({state['mem_allocator']})"
