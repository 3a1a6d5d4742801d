"""A network that fails on demand: a proxy between the service and a real server.

It forwards bytes and knows nothing of the protocol but that a request is answered once.
"""

import contextlib
import os
import select
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

from tests.faults.cut import Cut

CHUNK = 1 << 16


class Proxy:
    """Listens on a unix socket in `folder` and forwards to the one at `server`."""

    def __init__(self, server: Path, folder: Path) -> None:
        self.path = folder / "proxy.sock"
        self.cut: Cut | None = None
        self.open = 0  # connections at this moment
        self.requests: list[bytes] = []  # passed on to the server
        self.most = 0  # connections that were open at once
        self.stuck = 0  # of them, those that hold something that does not flow
        self._server = str(server)
        self._flows = threading.Event()  # not set: a black hole; what is sent arrives later
        self._flows.set()
        self._swallowed: bytes | None = None
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._stopping = False
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.path))
        self._listener.listen(512)
        self._wake = os.pipe()
        self._start(self._accept)

    @property
    def url(self) -> str:
        return f"unix://{self.path}"

    def swallow(self, word: bytes = b"") -> None:
        """Forward nothing from the next request with `word` on; connections stay open."""
        self._swallowed = word

    def flow(self) -> None:
        """Forward again, what was swallowed too, also of clients that have hung up."""
        self._swallowed = None
        self._flows.set()

    def passed(self, word: bytes) -> int:
        """Return how many requests with `word` were passed on to the server."""
        return sum(word in request for request in list(self.requests))

    def _accept(self) -> None:
        while not self._stopping:
            ready, _, _ = select.select([self._listener, self._wake[0]], [], [])
            if self._listener in ready:
                client, _ = self._listener.accept()
                self._start(self._serve, client)

    def _serve(self, client: socket.socket) -> None:
        self._count(1)
        with client, socket.socket(socket.AF_UNIX) as server, contextlib.suppress(OSError):
            server.connect(self._server)
            self._forward(client, server)
        self._count(-1)

    def _forward(self, client: socket.socket, server: socket.socket) -> None:
        """Pass requests on and replies back until one side hangs up or the connection is cut."""
        while True:
            ready, _, _ = select.select([client, server, self._wake[0]], [], [])
            if self._stopping:
                return
            source = client if client in ready else server
            sent = source.recv(CHUNK)
            if not sent:
                return
            self._stick(sent if source is client else b"")
            cut = self.cut if source is client else None
            if cut and cut.claims(sent):
                _sever(cut, sent, client, server)
                return
            (server if source is client else client).sendall(sent)
            if source is client:
                self.requests.append(sent)

    def _stick(self, request: bytes) -> None:
        """Wait while nothing flows."""
        with self._lock:
            if self._swallowed is not None and self._swallowed in request:
                self._flows.clear()
            self.stuck += 1
        self._flows.wait()
        with self._lock:
            self.stuck -= 1

    def _count(self, change: int) -> None:
        with self._lock:
            self.open += change
            self.most = max(self.most, self.open)

    def _start(self, work: object, *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def close(self) -> None:
        self._stopping = True
        self.flow()
        os.write(self._wake[1], b"x")
        while self._threads:
            self._threads.pop().join()
        self._listener.close()
        for end in self._wake:
            os.close(end)


@contextlib.contextmanager
def proxy(server: Path, folder: Path) -> Iterator[Proxy]:
    """Run a proxy; the folder's path must be short enough for a socket."""
    running = Proxy(server, folder)
    try:
        yield running
    finally:
        running.close()


def _sever(cut: Cut, sent: bytes, client: socket.socket, server: socket.socket) -> None:
    """Let through what the cut lets through, the server's work included."""
    server.sendall(sent[: cut.request])
    if cut.request is not None and cut.request < len(sent):
        return
    reply = server.recv(CHUNK)
    cut.met[-1] = (len(sent), len(reply))
    client.sendall(reply[: cut.reply])
