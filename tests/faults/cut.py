"""A cut: at which byte of which exchange a connection breaks."""

import threading
from dataclasses import dataclass, field


@dataclass
class Cut:
    """Cut a connection in its first exchange whose request holds `word`.

    `request` and `reply` say how many of its bytes still get through; None means all of them.
    `times` such exchanges are cut, one after another, so that 2 meets the client's retry too;
    `spared` ones are let through before.
    """

    word: bytes = b""
    request: int | None = None
    reply: int | None = None
    times: int = 1
    spared: int = 0
    met: list[tuple[int, int]] = field(default_factory=list)  # (request, reply) in bytes
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def claims(self, request: bytes) -> bool:
        """Whether this request is one that is cut; then it is noted."""
        with self._lock:
            if self.word not in request or len(self.met) >= self.times:
                return False
            if self.spared:
                self.spared -= 1
                return False
            self.met.append((len(request), 0))
            return True
