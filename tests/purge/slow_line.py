"""A line from a primary to its replica that can hold back what the primary says."""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self


class SlowLine:
    """Listens on `port` for one replica and forwards to the primary on the port after it."""

    def __init__(self, port: int) -> None:
        self.flows = threading.Event()
        self.flows.set()
        self._port = port
        self._sockets = [socket.create_server(("127.0.0.1", port))]
        self._threads = [threading.Thread(target=self._serve)]

    def _serve(self) -> None:
        with contextlib.suppress(OSError):  # it was closed before anybody came
            replica, _ = self._sockets[0].accept()
            primary = socket.create_connection(("127.0.0.1", self._port + 1))
            self._sockets += [replica, primary]
            self._threads.append(threading.Thread(target=self._forward, args=(replica, primary)))
            self._threads[1].start()
            self._forward(primary, replica, self.flows)

    def _forward(
        self, one: socket.socket, other: socket.socket, flows: threading.Event | None = None
    ) -> None:
        with contextlib.suppress(OSError):
            while said := one.recv(1 << 16):
                if flows:
                    flows.wait()
                other.sendall(said)

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.flows.set()
        for end in self._sockets:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        for thread in self._threads:
            thread.join()
