"""The supervisor's own rules, on small real processes."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from server.supervisor.child import Child
from server.supervisor.supervisor import (
    LONGEST_PAUSE,
    STEADY_SECONDS,
    STOP_SECONDS,
    CannotStart,
    Supervised,
    Supervisor,
)
from server.supervisor.wakeup import listening
from tests.run.machine import environ, processes, until

DEAF = """
import os, signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork():
    open("ready", "w").close()
while True:
    signal.pause()
"""


def child(tmp_path: Path, *command: str) -> Child:
    return Child("part", command, environ(), tmp_path)


def test_a_part_that_keeps_dying_is_started_ever_later(tmp_path: Path) -> None:
    """The pause doubles up to a limit, so that a broken part does not eat the machine."""
    watched = Supervised(child(tmp_path, "false"))
    now, pauses = 0.0, []
    for _ in range(9):
        until(lambda: not watched.part.alive(), "it died")
        watched.look(now, lambda _line: None)
        assert watched.due is not None
        pauses.append(watched.due - now)
        now = watched.due
        watched.look(now, lambda _line: None)
    assert pauses[:3] == pytest.approx([0.1, 0.2, 0.4])
    assert pauses[-1] == pytest.approx(LONGEST_PAUSE)

    now += STEADY_SECONDS + 1
    until(lambda: not watched.part.alive(), "it died")
    watched.look(now, lambda _line: None)
    assert watched.due == pytest.approx(now + 0.1), "after a while without a death it starts anew"


def test_a_part_that_will_not_stop_is_killed_with_its_children(tmp_path: Path) -> None:
    """Asked once, waited for, then ended by force; its whole group goes."""
    deaf = child(tmp_path, sys.executable, "-c", DEAF)
    deaf.start()
    until((tmp_path / "ready").exists, "it hears no SIGTERM any more")
    group = [one for one in processes() if "SIG_IGN" in one.command]
    assert len(group) >= 2
    deaf.stop(0.1)
    pids = {one.pid for one in group}
    until(lambda: not pids & {one.pid for one in processes()}, "both are gone")


def test_a_part_that_does_not_start_is_told_with_its_last_words(tmp_path: Path) -> None:
    """The reason stands on the terminal, not only in a log."""
    broken = child(tmp_path, "sh", "-c", "echo The disk is full. >&2; exit 1")
    with listening() as wakeup:
        supervisor = Supervisor(wakeup, print)
        with pytest.raises(CannotStart, match=r"part did not start: The disk is full\."):
            supervisor.start([Unready(broken)])
        supervisor.stop()


class Unready:
    """A part that never says that it is ready, so that its end is what is seen."""

    def __init__(self, part: Child) -> None:
        self.name, self.log = part.name, part.log
        self.start, self.alive, self.ended = part.start, part.alive, part.ended
        self.terminate, self.stop, self.why = part.terminate, part.stop, part.why

    def ready(self) -> bool:
        return False


def test_a_signal_during_the_start_is_obeyed(tmp_path: Path) -> None:
    """Ctrl-C need not wait until everything runs."""
    slow = child(tmp_path, "sleep", "60")
    with listening() as wakeup:
        supervisor = Supervisor(wakeup, print)
        os.kill(os.getpid(), signal.SIGINT)
        assert supervisor.start([Unready(slow)]) is False
        supervisor.stop()
        assert not slow.alive()


IMPATIENT = """
import os, signal
signal.signal(signal.SIGTERM, lambda *_: os.kill(os.getppid(), signal.SIGINT))
open("ready", "w").close()
while True:
    signal.pause()
"""


def test_a_second_ctrl_c_does_not_wait(tmp_path: Path) -> None:
    """Whoever presses it twice means it: what has not ended yet is killed at once."""
    stubborn = child(tmp_path, sys.executable, "-c", IMPATIENT)
    with listening() as wakeup:
        supervisor = Supervisor(wakeup, print)
        supervisor.start([stubborn])
        until((tmp_path / "ready").exists, "it answers SIGTERM with a Ctrl-C of its own")
        began = time.monotonic()
        supervisor.stop()
    assert time.monotonic() - began < STOP_SECONDS
    assert not stubborn.alive()
