"""A line to one server: calls that come together go together.

While some calls are on their way others gather; they are sent as one write and answered in one
read, which spares web and server most of a round trip each. Nobody works in the background: who
comes first in a batch leads it, the others wait for their leader.

The library's own command layer costs more than the script itself. What it would do for us here is
little: keep a connection, send, read, and drop the connection if that fails.
"""

import threading
import time
from copy import copy
from typing import Any

import redis

Connection = Any  # redis-py's, low level: it connects when something is sent
Pool = Any

AT_ONCE = 0.001  # seconds, for a reply that ought to be here


class NotSent(redis.TimeoutError):
    """Nothing of the call was sent: those before it got no answer in time."""


class _Batch:
    """Calls that go together. Theirs are the places in `replies`, or they share `error`."""

    def __init__(self) -> None:
        self.commands: list[bytes] = []
        self.replies: list[Any] = []
        self.error: redis.RedisError | None = None
        self.back = threading.Event()


class Line:
    """One connection, made by the client's own pool, with its time-outs.

    `covers` is sent once behind each batch, and `covers_replies` answers to it are awaited.
    `patience` (seconds) is for the replies to a batch, all together.
    """

    def __init__(
        self, pool: Pool, patience: float, covers: bytes = b"", covers_replies: int = 0
    ) -> None:
        self._pool = pool
        self._patience = patience
        self._covers = covers
        self._covers_replies = covers_replies
        self._connection: Connection | None = None
        self._turn = threading.Lock()  # whose holder's batch is on its way
        self._joining = threading.Lock()
        self._gathering: _Batch | None = None

    def exchange(self, command: bytes) -> list[Any]:
        """Send `command`, packed; return its reply and those to what covers it, errors as values.

        Raises `redis.ConnectionError` or `redis.TimeoutError`: then it may have been carried out.
        """
        ours = None
        try:
            with self._joining:
                batch = self._gathering
                if batch is None:
                    ours = batch = self._gathering = _Batch()
                place = len(batch.commands)
                batch.commands.append(command)
            if ours:
                self._lead(ours)
            else:
                batch.back.wait()  # two turns at most: the one that is under way, and ours
        except BaseException as error:
            if ours:
                ours.error = _for_all(error)
            raise
        finally:
            if ours:
                self._close(ours)
                ours.back.set()
        if batch.error:
            raise copy(batch.error)  # each its own: raising one writes into it
        return [batch.replies[place], *batch.replies[len(batch.commands) :]]

    def hang_up(self) -> None:
        """Close the connection; it opens again when it is needed."""
        with self._turn:
            if self._connection:
                self._connection.disconnect()

    def _lead(self, batch: _Batch) -> None:
        time.sleep(0)  # no time at all: whoever is ready at this moment comes along
        with self._turn:
            self._close(batch)
            if not batch.error:
                self._carry(batch)

    def _close(self, batch: _Batch) -> None:
        """Let nobody join it any more. Its leader alone says so, and may say so twice."""
        if self._gathering is batch:
            with self._joining:
                self._gathering = None

    def _carry(self, batch: _Batch) -> None:
        connection = self._connection = self._connection or self._pool.make_connection()
        try:
            packed = b"".join([*batch.commands, self._covers])
            connection.send_packed_command([packed], check_health=False)
            until = time.monotonic() + self._patience
            for _ in range(len(batch.commands) + self._covers_replies):
                batch.replies.append(_read(connection, until))
        except BaseException as error:
            connection.disconnect()  # half a reply may be left in it
            behind = self._gathering
            if behind and isinstance(error, redis.TimeoutError):
                behind.error = NotSent(str(error))  # they have waited as long, for the same server
            raise


def _for_all(error: BaseException) -> redis.RedisError:
    if isinstance(error, redis.RedisError):
        return error
    lost = redis.ConnectionError("Who led this call was stopped.")
    lost.__cause__ = error
    return lost


def _read(connection: Connection, until: float) -> Any:
    """Return a reply, an error as a value: the replies after it have to be read as well."""
    try:
        return connection.read_response(timeout=max(AT_ONCE, until - time.monotonic()))
    except redis.ConnectionError:  # a server that is loading says so by one of these
        raise
    except redis.ResponseError as error:
        return error
