"""Load: many kept-alive connections from one process, over raw sockets, with prepared requests.

A connection is one browser: it sends its requests in order and has one in flight. The process
costs about a tenth of what a bare Flask answer costs, so it is not what is measured; `Load.busy`
says so each time.
"""

import contextlib
import selectors
import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.bench.browser import Address, Browser, connected

PATIENCE = 30.0  # seconds without any answer before a run is given up


@dataclass
class Load:
    """What came of one run. `latencies` are seconds; `busy` is the client's share of one core."""

    requests: int
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    busy: float = 0.0

    @property
    def rate(self) -> float:
        return self.requests / self.seconds

    def percentile(self, share: float) -> float:
        """Return the latency in milliseconds that `share` of the requests stayed below."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


def closed(address: Address, plans: Sequence[Iterable[bytes]], patience: float = PATIENCE) -> Load:
    """Run every plan on a connection of its own, each request as soon as the last is answered."""
    return _run(address, plans, None, patience)


def paced(address: Address, plans: Sequence[Iterable[bytes]], rate: float) -> Load:
    """Send `rate` requests a second whatever the answers; latency counts from when each was due.

    A server that stalls is charged for all who would have come meanwhile. The clock that wakes us
    rounds up to a millisecond, which is in the figures.
    """
    return _run(address, plans, rate, PATIENCE)


def _run(
    address: Address, plans: Sequence[Iterable[bytes]], rate: float | None, patience: float
) -> Load:
    asked = [deque(plan) for plan in plans]
    load = Load(sum(map(len, asked)))
    with contextlib.ExitStack() as at_end, selectors.DefaultSelector() as selector:
        browsers, started, cpu = [], time.perf_counter(), time.process_time()
        for requests in asked:
            browser = Browser(connected(address), requests)
            browsers.append(browser)
            at_end.callback(lambda b: b.socket.close(), browser)
            selector.register(browser.socket, selectors.EVENT_READ, browser)
            # At once, as browsers do: a process that has work leaves the next one to the other.
            if rate is None and requests:
                browser.send(time.perf_counter())
        schedule = _schedule(browsers, time.perf_counter(), rate) if rate else deque()
        _drive(selector, load, schedule, rate is None, patience)
        load.seconds = time.perf_counter() - started
        load.busy = (time.process_time() - cpu) / load.seconds
    return load


def _schedule(
    browsers: Sequence[Browser], start: float, rate: float
) -> deque[tuple[float, Browser]]:
    """Return what is sent when, the browsers taking turns."""
    turns = max(len(browser.requests) for browser in browsers)
    order = (b for turn in range(turns) for b in browsers if turn < len(b.requests))
    return deque((start + number / rate, browser) for number, browser in enumerate(order))


def _drive(
    selector: selectors.BaseSelector,
    load: Load,
    schedule: deque[tuple[float, Browser]],
    closed: bool,
    patience: float,
) -> None:
    while len(load.latencies) < load.requests:
        now = time.perf_counter()
        while schedule and schedule[0][0] <= now:
            moment, browser = schedule.popleft()
            if browser.asked is None:
                browser.send(moment)
            else:
                browser.due.append(moment)
        events = selector.select(schedule[0][0] - now if schedule else patience)
        if not events and not schedule:
            raise TimeoutError(f"no answer for {patience:.0f} s")
        for key, _ in events:
            _hear(key.data, load, closed, selector)


def _hear(browser: Browser, load: Load, closed: bool, selector: selectors.BaseSelector) -> None:
    """Take in an answer, and send what comes next on that connection or a new one."""
    status = browser.receive()
    if status is None or browser.asked is None:
        return
    now = time.perf_counter()
    load.latencies.append(now - browser.asked)
    load.statuses[status] = load.statuses.get(status, 0) + 1
    browser.asked = None
    if browser.done or browser.left:
        selector.unregister(browser.socket)
    if browser.left:
        browser.reconnect()
        if not browser.done:
            selector.register(browser.socket, selectors.EVENT_READ, browser)
    if browser.due:
        browser.send(browser.due.popleft())
    elif closed and browser.requests:
        browser.send(now)
