"""Sleeping until something happens: a signal to us, the death of a child, or the time."""

import select
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Wakeup:
    """How often we were asked to stop, and a wait that every signal cuts short."""

    def __init__(self, reader: socket.socket) -> None:
        self.asked_to_stop = 0
        self.signal = 0  # the first that asked
        self._reader = reader

    def wait(self, seconds: float) -> None:
        """Sleep for `seconds` at most."""
        readable, _, _ = select.select([self._reader], [], [], max(0.0, seconds))
        if readable:
            self._reader.recv(4096)

    def stop(self, number: int, _frame: FrameType | None) -> None:
        self.asked_to_stop += 1
        self.signal = self.signal or number


@contextmanager
def listening() -> Iterator[Wakeup]:
    """Catch the signals that mean stop, and the one that tells of a dead child, for a while."""
    reader, writer = socket.socketpair()
    with reader, writer:
        reader.setblocking(False)
        writer.setblocking(False)
        wakeup = Wakeup(reader)
        before = {number: signal.signal(number, wakeup.stop) for number in STOPPING}
        # Without a handler of its own the death of a child would not reach the wake-up socket.
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        previous = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        try:
            yield wakeup
        finally:
            signal.set_wakeup_fd(previous)
            for number, handler in before.items():
                signal.signal(number, handler)
