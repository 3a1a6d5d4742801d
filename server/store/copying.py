"""Copying keys from one server into another store, whatever the versions and the shape of both.

Each kind of value is read and written by its own commands. DUMP and RESTORE would do it in one,
but only towards a server that is no older.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any

from server.store import scripts
from server.store.backup_file import BackupError
from server.store.connection import Client

READ = 500  # keys read in one round trip
PART = 1000  # words of one command, beside its name and key
SEND = 5000  # words in one round trip: even of long ones, and on a slow disk, within its time-out
ENDLESS = -1
WRITERS = {b"string": "SET", b"hash": "HSET", b"set": "SADD", b"list": "RPUSH", b"zset": "ZADD"}

Command = tuple[bytes | str | int, ...]


def copy(
    source: Client, target: Client, pattern: str, leave: Callable[[str], bool]
) -> Iterator[int]:
    """Copy the keys that fit `pattern`, without those to `leave`; yield how many, every so often.

    `source` answers in bytes and holds still. Copying a key twice does no harm.
    """
    read = scripts.load(source, "read_keys")
    for some in _batches(source, pattern):
        wanted = [key for key in some if not leave(key.decode(errors="replace"))]
        _send(target, _commands(wanted, read(keys=wanted)))
        yield len(wanted)


def _batches(source: Client, pattern: str) -> Iterator[list[bytes]]:
    cursor, begun = 0, False
    while cursor or not begun:
        cursor, names = source.scan(cursor, match=pattern, count=READ)
        begun = True
        if names:
            yield names


def _commands(names: Sequence[bytes], found: Sequence[Any]) -> Iterator[Command]:
    """Yield what makes the same keys elsewhere."""
    for name, (kind, end, words) in zip(names, found, strict=True):
        if kind not in WRITERS:
            what = f"{name.decode(errors='replace')} is a {kind.decode()}"
            raise BackupError(f"This Isoloir does not know how to restore it: {what}.")
        yield from _writers(name, kind, words)
        if end != ENDLESS:
            yield "PEXPIREAT", name, end


def _writers(name: bytes, kind: bytes, words: list[bytes]) -> Iterator[Command]:
    if kind == b"list":
        yield "DEL", name  # what a lost answer made us write twice would stand there twice
    if kind == b"zset":
        words = list(chain.from_iterable(zip(words[1::2], words[::2], strict=True)))
    for start in range(0, len(words), PART):
        yield WRITERS[kind], name, *words[start : start + PART]


def _send(target: Client, commands: Iterator[Command]) -> None:
    """Write in as few round trips as a command's time-out allows."""
    waiting: list[Command] = []
    size = 0
    for command in commands:
        waiting.append(command)
        size += len(command)
        if size > SEND:
            _write(target, waiting)
            waiting, size = [], 0
    _write(target, waiting)


def _write(target: Client, commands: Sequence[Command]) -> None:
    with target.pipeline(transaction=False) as batch:
        for command in commands:
            batch.execute_command(*command)
        batch.execute()
