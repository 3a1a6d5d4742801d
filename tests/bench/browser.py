"""A browser, as far as a server can tell: one kept-alive connection over a raw socket."""

import socket
from collections import deque
from dataclasses import dataclass, field

Address = tuple[str, int]

END_OF_HEAD = b"\r\n\r\n"
LENGTH = b"\r\ncontent-length: "
CLOSE = b"\r\nconnection: close"


@dataclass
class Browser:
    """One connection. `due` holds the moments of the requests that should be on their way."""

    socket: socket.socket
    requests: deque[bytes]
    due: deque[float] = field(default_factory=deque)
    asked: float | None = None  # when the request in flight was to be sent
    answer: bytes = b""

    def send(self, moment: float) -> None:
        self.asked, self.answer = moment, b""
        self.socket.send(self.requests.popleft())

    def receive(self) -> int | None:
        """Take in what arrived; return the status once the answer is whole."""
        arrived = self.socket.recv(65536)
        if not arrived:
            raise ConnectionError("The server closed the connection.")
        self.answer += arrived
        return _status(self.answer)

    @property
    def done(self) -> bool:
        return not self.requests and self.asked is None

    @property
    def left(self) -> bool:
        """Whether the server has said that it closes this connection."""
        return self.asked is None and CLOSE in self.answer.partition(END_OF_HEAD)[0].lower()

    def reconnect(self) -> None:
        """Hang up, as a browser does that was told so, and open a new connection if it has more.

        A sync worker waits for us to hang up.
        """
        address = self.socket.getpeername()
        self.socket.close()
        if not self.done:
            self.socket = connected(address)


def connected(address: Address) -> socket.socket:
    made = socket.create_connection(address)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


def _status(answer: bytes) -> int | None:
    """Return the status of a whole answer, None if more of it is to come."""
    end = answer.find(END_OF_HEAD)
    if end < 0:
        return None
    head = answer[:end].lower()
    at = head.find(LENGTH)
    length = int(head[at + len(LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0
    return int(answer[9:12]) if len(answer) >= end + len(END_OF_HEAD) + length else None
