"""A line to one server: low-level connections, for the scripts that every vote runs.

The library's own command layer costs more than the script itself. What it would do for us here is
little: take an idle connection, send, read, and drop the connection if that fails.
"""

import contextlib
import queue
from typing import Any

import redis

Connection = Any  # redis-py's, low level: it connects when something is sent
Pool = Any


class Line:
    """At most `size` connections, made by the client's own pool, with its time-outs."""

    def __init__(self, pool: Pool, size: int, patience: float) -> None:
        self._pool = pool
        self._patience = patience  # seconds to wait for a free connection
        self._idle: queue.LifoQueue[Connection | None] = queue.LifoQueue(size)
        for _ in range(size):
            self._idle.put(None)

    def exchange(self, command: bytes, replies: int) -> list[Any]:
        """Send `command`, packed, and return its replies, those that are errors included.

        Raises `redis.ConnectionError` or `redis.TimeoutError`: then it may have been carried out.
        """
        try:
            connection = self._idle.get(timeout=self._patience)
        except queue.Empty:
            raise redis.ConnectionError("All connections are in use.") from None
        try:
            connection = connection or self._pool.make_connection()
            connection.send_packed_command([command], check_health=False)
            return [_read(connection) for _ in range(replies)]
        except BaseException:
            # Half a reply may be left in it, and the others were as likely cut with it.
            if connection:
                connection.disconnect()
            self.hang_up()
            raise
        finally:
            self._idle.put(connection)

    def hang_up(self) -> None:
        """Close the connections that nobody uses now; each opens again when it is needed."""
        idle = []
        with contextlib.suppress(queue.Empty):
            while True:
                idle.append(self._idle.get_nowait())
        for connection in idle:
            if connection:
                connection.disconnect()
            self._idle.put(connection)


def _read(connection: Connection) -> Any:
    """Return a reply, an error as a value: the replies after it have to be read as well."""
    try:
        return connection.read_response()
    except redis.ConnectionError:  # a server that is loading says so by one of these
        raise
    except redis.ResponseError as error:
        return error
