"""The benchmarks by name, in the order in which `make bench` runs them."""

from types import ModuleType
from typing import Any

from tests.bench import (
    count,
    deal,
    durability,
    feel,
    frame,
    hot_path,
    lighthouse,
    memory,
    scale,
    vote,
    workers,
)

BENCHMARKS: dict[str, ModuleType] = {
    "vote": vote,
    "hot-path": hot_path,
    "frame": frame,
    "durability": durability,
    "count": count,
    "deal": deal,
    "workers": workers,
    "scale": scale,
    "memory": memory,
    "feel": feel,
    "lighthouse": lighthouse,
}
_TINY = {"votes": 20, "rounds": 1, "clients": 2}
# So small that a figure means nothing; it shows that each still runs. Not so Lighthouse, which is
# fetched from the npm registry.
QUICK: dict[str, dict[str, Any]] = {
    "vote": _TINY,
    "hot-path": {"votes": 60, "lines": 3},
    "frame": {"requests": 5, "rounds": 1, "clients": 2},
    "durability": _TINY,
    "count": {"number": 200, "rounds": 1},
    "deal": {"many": 400, "rounds": 1, "requests": 2},
    "workers": {**_TINY, "idle": ()},
    "scale": {**_TINY, "many": 2000},
    "memory": {"voters": 1000, "sizes": (50,)},
    "feel": {"rounds": 1, "cards": 2, "slower": (1,)},
}
