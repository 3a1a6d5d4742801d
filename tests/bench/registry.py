"""The benchmarks by name, in the order in which `make bench` runs them."""

from types import ModuleType
from typing import Any

from tests.bench import count, durability, frame, hot_path, memory, scale, vote, workers

BENCHMARKS: dict[str, ModuleType] = {
    "vote": vote,
    "hot-path": hot_path,
    "frame": frame,
    "durability": durability,
    "count": count,
    "workers": workers,
    "scale": scale,
    "memory": memory,
}
_TINY = {"votes": 20, "rounds": 1, "clients": 2}
# So small that a figure means nothing; it shows that each still runs.
QUICK: dict[str, dict[str, Any]] = {
    "vote": _TINY,
    "hot-path": {"votes": 60, "lines": 3},
    "frame": {"requests": 5, "rounds": 1, "clients": 2},
    "durability": _TINY,
    "count": {"number": 200, "rounds": 1},
    "workers": {**_TINY, "idle": ()},
    "scale": {**_TINY, "many": 2000},
    "memory": {"voters": 1000, "sizes": (50,)},
}
