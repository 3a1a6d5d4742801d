"""An image: all that one server holds at one instant, taken over the wire as a replica takes it.

The server forks, and the child sends what was there at the fork: votes go on meanwhile. This is
what `valkey-cli --rdb` does.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import redis

from server.store.backup_file import BackupError
from server.store.connection import Client

SILENCE = 60.0  # seconds; while a server prepares the image it sends an empty line every second
CHUNK = 1 << 16  # bytes
LAG = 0.02  # seconds by which the clock in an image may be behind the one that TIME reads
LINE = 4096  # bytes; longer than any line of the protocol
MARK = re.compile(rb"\$EOF:(\S{40})")
LENGTH = re.compile(rb"\$(\d+)")
# An image begins with facts about itself. This one is its birth, in seconds since 1970: a small
# number in four bytes, a larger one as text.
BIRTH = re.compile(rb"\xfa\x05ctime(?:\xc2(.{4})|\x0a(\d{10}))", re.DOTALL)

Receive = Callable[[int], bytes]


@dataclass(frozen=True)
class Image:
    """An image that is arriving. `length` is in bytes, if the server says it.

    A server that says it has made a file of the image first, in its own folder.
    """

    length: int | None
    chunks: Iterator[bytes]


@contextmanager
def image_of(client: Client) -> Iterator[Image]:
    """Ask one server for its image; raise `BackupError` if it refuses or breaks off."""
    pool = client.connection_pool
    wanted = {**pool.connection_kwargs, "socket_timeout": SILENCE, "decode_responses": False}
    connection = pool.connection_class(**wanted)
    try:
        connection.connect()
        # Only a server too old to know them refuses these, and does without.
        for words in (("capa", "eof"), ("rdb-only", "1")):
            _tell(connection, "REPLCONF", *words)
        connection.send_command("SYNC")
        yield _begin(_receiver(connection))
    except redis.RedisError as error:
        raise BackupError(f"The store does not answer: {error}.") from error
    finally:
        connection.disconnect()


def begun_before(head: bytes, moment: float) -> bool:
    """Whether an image was surely begun before `moment`, in seconds since 1970 on its server.

    `head` is its first few hundred bytes; they tell the whole second only.
    """
    found = BIRTH.search(head)
    if not found:
        return False
    birth = int.from_bytes(found[1], "little") if found[1] else int(found[2])
    return birth + 1 + LAG < moment


def _tell(connection: Any, *command: str) -> None:
    connection.send_command(*command)
    try:
        connection.read_response()
    except redis.ResponseError:
        return


def _receiver(connection: Any) -> Receive:
    """Return what reads the raw bytes: an image is no reply that the library could parse."""
    socket = connection._sock

    def receive(number: int) -> bytes:
        try:
            received: bytes = socket.recv(number)
        except TimeoutError:
            raise BackupError(f"The store has sent nothing for {SILENCE:.0f} seconds.") from None
        except OSError as error:
            raise BackupError(f"The connection to the store broke: {error}.") from error
        if not received:
            raise BackupError("The store broke the connection off half-way: see its log.")
        return received

    return receive


def _begin(receive: Receive) -> Image:
    line = _line(receive)
    if mark := MARK.fullmatch(line):
        return Image(None, _until(receive, mark[1]))
    if length := LENGTH.fullmatch(line):
        return Image(int(length[1]), _counted(receive, int(length[1])))
    raise BackupError(
        f"The store gives no image of itself ({line.lstrip(b'-').decode(errors='replace')}). "
        "It must allow SYNC to this user; a managed one has snapshots of its own: use those."
    )


def _line(receive: Receive) -> bytes:
    """Read one line, byte by byte: what follows it is the image. Empty ones say: wait."""
    line = b""
    while not line.endswith(b"\n") and len(line) < LINE:
        line = (line + receive(1)).lstrip(b"\n")
    return line.rstrip()


def _counted(receive: Receive, length: int) -> Iterator[bytes]:
    while length:
        chunk = receive(min(CHUNK, length))
        length -= len(chunk)
        yield chunk


def _until(receive: Receive, mark: bytes) -> Iterator[bytes]:
    """Yield what comes before `mark`, wherever the network cuts it."""
    held = b""
    while mark not in held:
        held += receive(CHUNK)
        if mark not in held:
            yield held[: -len(mark)]
            held = held[-len(mark) :]
    yield held[: held.index(mark)]
