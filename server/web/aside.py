"""Aside: long work in a process that takes votes, in a thread of its own beside them.

Python lets other threads go on every few milliseconds: while 3 000 proposals were exported, for
2 to 4 seconds, a short request took 16 ms instead of 4, and at the most 0.3 s instead of it all.
"""

import sys
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

Made = TypeVar("Made")


def aside(work: Callable[..., Made], *given: object) -> Made:
    """Return what `work` makes of what is `given`, one such work after the other.

    Where there are threads and not greenlets, nobody waits for this one anyway.
    """
    made: Made = _pool().apply(work, given) if _has_greenlets() else work(*given)
    return made


def _has_greenlets() -> bool:
    monkey = sys.modules.get("gevent.monkey")
    return bool(monkey and monkey.is_module_patched("threading"))


@cache
def _pool() -> Any:
    # Of one thread: several at once would leave votes a smaller share. Made at the first use, as
    # no thread outlives the fork of a worker.
    from gevent.threadpool import ThreadPool

    return ThreadPool(1)
