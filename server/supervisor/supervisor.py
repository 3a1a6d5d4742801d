"""The supervisor: starts the parts, watches them, starts the dead again, stops them in order."""

import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from server.supervisor.wakeup import Wakeup

START_SECONDS = 60.0
STOP_SECONDS = 15.0  # longer than gunicorn gives the requests in hand
STEADY_SECONDS = 10.0  # a part that ran this long is taken to be well again
FIRST_PAUSE = 0.1  # seconds before the first restart; each further one doubles it
LONGEST_PAUSE = 10.0
LOOK_SECONDS = 0.05  # between two looks while parts start
KILLED = frozenset({-signal.SIGKILL, -signal.SIGTERM})


class CannotStart(Exception):
    """The parts cannot run. The message is one line that says what to do."""


class Part(Protocol):
    """What is supervised: the embedded store, or a child process."""

    name: str
    log: Path

    def start(self) -> None: ...
    def alive(self) -> bool: ...
    def ended(self) -> int | None: ...
    def why(self) -> str: ...
    def ready(self) -> bool: ...
    def terminate(self) -> None: ...
    def stop(self, seconds: float) -> None: ...


class Supervised:
    """A part and when to start it again: soon, then later and later while it keeps dying."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.due: float | None = None  # on the monotonic clock
        self._pause = FIRST_PAUSE
        self._started = 0.0

    def look(self, now: float, say: Callable[[str], None]) -> None:
        """Start the part again if it died and its pause is over."""
        if self.due is not None and now >= self.due:
            self._start(now, say)
        elif self.due is None and not self.part.alive():
            if now - self._started > STEADY_SECONDS:
                self._pause = FIRST_PAUSE
            say(f"{self.part.name} ended ({how(self.part)}), starting it again.")
            self._pause_from(now)

    def _start(self, now: float, say: Callable[[str], None]) -> None:
        """Start the part. On a full disk that fails too, and must not take the others down."""
        self.due = None
        self._started = now
        try:
            self.part.start()
        except OSError as error:
            say(f"{self.part.name} cannot be started ({error.strerror}), trying again.")
            self._pause_from(now)

    def _pause_from(self, now: float) -> None:
        self.due = now + self._pause
        self._pause = min(2 * self._pause, LONGEST_PAUSE)


class Supervisor:
    """Keeps parts running until asked to stop. `say` gets one line at a time."""

    def __init__(self, wakeup: Wakeup, say: Callable[[str], None]) -> None:
        self._wakeup = wakeup
        self._say = say
        self._started: list[list[Part]] = []

    def start(self, parts: Sequence[Part]) -> bool:
        """Start all and wait until each answers. False: we were asked to stop meanwhile.

        Raise `CannotStart` if one ends, or does not answer in time.
        """
        self._started.append([])
        for part in parts:
            try:
                part.start()
            except OSError as error:
                raise CannotStart(f"{part.name} cannot be started: {error.strerror}.") from error
            self._started[-1].append(part)
        deadline = time.monotonic() + START_SECONDS
        waiting = list(parts)
        while waiting and not self._wakeup.asked_to_stop:
            _demand_alive(waiting)
            waiting = [part for part in waiting if not part.ready()]
            if waiting and time.monotonic() > deadline:
                raise CannotStart(f"{waiting[0].name} does not answer: see {waiting[0].log}")
            if waiting:
                self._wakeup.wait(LOOK_SECONDS)
        return not waiting

    def watch(self) -> None:
        """Start the dead again; return only when asked to stop."""
        watched = [Supervised(part) for parts in self._started for part in parts]
        while not self._wakeup.asked_to_stop:
            now = time.monotonic()
            for one in watched:
                one.look(now, self._say)
            due = [one.due for one in watched if one.due is not None]
            self._wakeup.wait(min(due, default=now + 1.0) - now)

    def stop(self) -> None:
        """Stop what was started together in that order, what was started first last."""
        while self._started:
            parts, asked = self._started.pop(), self._wakeup.asked_to_stop
            for part in parts:
                part.terminate()
            self._wait_for_end(parts, asked)
            for part in parts:
                part.stop(0)

    def _wait_for_end(self, parts: Sequence[Part], asked: int) -> None:
        """Wait a bounded time; being asked to stop more often than `asked` ends the patience."""
        deadline = time.monotonic() + STOP_SECONDS
        while any(part.alive() for part in parts):
            left = deadline - time.monotonic()
            if left <= 0 or self._wakeup.asked_to_stop > asked:
                return
            self._wakeup.wait(left)


def _demand_alive(parts: Sequence[Part]) -> None:
    for part in parts:
        if not part.alive():
            raise CannotStart(f"{part.name} did not start: {part.why()}")


def how(part: Part) -> str:
    """Say in words how a part ended and, unless somebody killed it, why."""
    code = part.ended()
    end = f"signal {signal.Signals(-code).name}" if code and code < 0 else f"exit code {code}"
    return end if code in KILLED else f"{end}: {part.why().rstrip('.')}"
