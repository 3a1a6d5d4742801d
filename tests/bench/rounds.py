"""Rounds: contenders take turns, so that whatever else the machine does befalls them alike."""

import math
import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.bench.load import Load
from tests.bench.machine import Machine, Web


@dataclass(frozen=True)
class Round:
    """One turn of one contender: microseconds of CPU per request, in web and in the store."""

    load: Load
    web: float
    store: float

    @property
    def cpu(self) -> float:
        return self.web + self.store


@dataclass
class Rounds:
    """All turns of one contender; every figure is the median over them."""

    turns: list[Round] = field(default_factory=list)

    def median(self, of: Callable[[Round], float]) -> float:
        return statistics.median(map(of, self.turns))

    @property
    def rate(self) -> float:
        return self.median(lambda turn: turn.load.rate)

    @property
    def cpu(self) -> float:
        return self.median(lambda turn: turn.cpu)

    def percentile(self, share: float) -> float:
        return self.median(lambda turn: turn.load.percentile(share))


def measured(machine: Machine, web: Web, run: Callable[[], Load]) -> Round:
    """Run once and say what each side spent on it; raise if any request was not answered 200."""
    before = web.cpu, machine.cpu
    load = run()
    after = web.cpu, machine.cpu
    if set(load.statuses) != {200}:
        raise RuntimeError(f"Not every request was answered 200: {load.statuses}")
    spent = [(end - start) / load.requests * 1e6 for start, end in zip(before, after, strict=True)]
    return Round(load, *spent)


def interleaved(contenders: Mapping[str, Callable[[], Round]], times: int) -> dict[str, Rounds]:
    """Let every contender run `times` times in turn, after one turn each that does not count."""
    found = {name: Rounds() for name in contenders}
    for turn in range(times + 1):
        for name, run in contenders.items():
            done = run()
            if turn:
                found[name].turns.append(done)
    return found


def ratio(of: Rounds, to: Rounds) -> float:
    """Return the median over the rounds of how many times `to`'s throughput `of` has.

    Round by round, because both of one round met the same machine.
    """
    pairs = zip(of.turns, to.turns, strict=True)
    return statistics.median(a.load.rate / b.load.rate for a, b in pairs)


def cpu_ratio(of: Rounds, to: Rounds) -> float:
    """Return the same for the work done with a second of the servers' CPU.

    The system counts in ticks of 10 ms: a turn shorter than one says nothing (NaN if all are).
    """
    pairs = zip(of.turns, to.turns, strict=True)
    ratios = [b.cpu / a.cpu for a, b in pairs if a.cpu]
    return statistics.median(ratios) if ratios else math.nan


def table(found: Mapping[str, Rounds]) -> str:
    """Return one line for each contender; the last column is the client's share of a core."""
    lines = [
        f"  {'':24}{'a second':>10}{'p50 ms':>8}{'p99 ms':>8}{'web µs':>8}{'store µs':>9}{'client':>8}"
    ]
    for name, rounds in found.items():
        lines.append(
            f"  {name:24}{rounds.rate:10.0f}"
            f"{rounds.percentile(0.5):8.1f}{rounds.percentile(0.99):8.1f}"
            f"{rounds.median(lambda turn: turn.web):8.0f}"
            f"{rounds.median(lambda turn: turn.store):9.0f}"
            f"{rounds.median(lambda turn: turn.load.busy):8.0%}"
        )
    return "\n".join(lines)
