"""Where a vote's time goes in web: one process, no gunicorn, a profiler around the application.

The profiler slows calls of functions down, not what happens inside C; read it as an order of
costs. The first line is measured without it.
"""

import cProfile
import io
import pstats
import time
from collections.abc import Callable, Iterable

from flask import Flask
from werkzeug.test import EnvironBuilder

from server.app import create_app
from server.web.service import NAME
from tests.bench.machine import machine
from tests.bench.voting import prepare

Environ = dict[str, object]


def run(votes: int = 3000, lines: int = 45) -> None:
    """Print CPU microseconds per vote, and the costliest functions with their share of it."""
    with machine() as here:
        readers = prepare(here)
        app = create_app(here.settings)
        plan = [request for plan in readers.plans(2, votes) for request in plan]
        environs = list(map(_environ, plan))
        third = len(environs) // 3
        _spend(app, environs[:third])  # to warm up
        plain = _spend(app, environs[third : 2 * third])
        profiler = cProfile.Profile(time.process_time)
        counted = environs[2 * third :]
        profiler.runcall(_spend, app, counted)
        app.extensions[NAME].store.close()
    print(f"  {plain:.0f} CPU µs per vote in Flask and below, without gunicorn and the store")
    for order in ("tottime", "cumulative"):
        print(_top(profiler, order, lines, len(counted)))


def _spend(app: Flask, environs: Iterable[Environ]) -> float:
    """Serve the requests; return the CPU microseconds for each."""
    began, number = time.process_time(), 0
    for environ in environs:
        body = app.wsgi_app(environ, _started)
        b"".join(body)
        close: Callable[[], None] | None = getattr(body, "close", None)
        if close:
            close()
        number += 1
    return (time.process_time() - began) / number * 1e6


def _started(status: str, headers: object, fault: object = None) -> Callable[[bytes], object]:
    if not status.startswith("200"):
        raise RuntimeError(f"A vote was answered {status}.")
    return lambda _: None


def _environ(request: bytes) -> Environ:
    """Return what a WSGI server makes of a request."""
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, path, _ = first.split(" ")
    headers = [tuple(line.split(": ", 1)) for line in lines]
    builder = EnvironBuilder(path, method=method, headers=headers, input_stream=io.BytesIO(body))
    environ = builder.get_environ()
    return {**environ, "CONTENT_LENGTH": str(len(body)), "REMOTE_ADDR": "127.0.0.1"}


def _top(profiler: cProfile.Profile, order: str, lines: int, votes: int) -> str:
    """Return the costliest functions: µs in itself and with what it calls, calls, per vote."""
    stats = pstats.Stats(profiler)
    entries = stats.get_stats_profile().func_profiles.items()
    ranked = sorted(
        entries, key=lambda e: -getattr(e[1], "tottime" if order == "tottime" else "cumtime")
    )
    head = f"  by {order}\n  {'itself µs':>10}{'in all µs':>10}{'calls':>8}  function"
    return "\n".join([head, *(_line(name, cost, votes) for name, cost in ranked[:lines])])


def _line(name: str, cost: pstats.FunctionProfile, votes: int) -> str:
    own, whole = cost.tottime / votes * 1e6, cost.cumtime / votes * 1e6
    calls = int(cost.ncalls.split("/")[0]) / votes
    where = "/".join(cost.file_name.split("/")[-2:])
    return f"  {own:10.1f}{whole:10.1f}{calls:8.1f}  {name} ({where}:{cost.line_number})"
