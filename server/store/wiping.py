"""Wiping: take out of one server's files and logs what is no longer among its keys."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import redis

from server.store.connection import Client

LOOK = 0.1  # seconds between two looks at a server that is writing
CATCH_UP = 30.0  # seconds for a replica to do what its primary has done
PATIENCE = 3600.0  # seconds for one file; 10 GB take some minutes
WRITING = ("aof_rewrite_in_progress", "aof_rewrite_scheduled", "rdb_bgsave_in_progress")
LEFTOVERS = ("temp-*.rdb", "temp-*.aof")

Pause = Callable[[float], None]  # sleeps so many seconds, or raises because there is no time


class Unwiped(Exception):
    """The server may still hold it. The message goes on after the server's name."""


def wipe(server: Client, pause: Pause) -> None:
    """Write the server's files anew and empty its logs; raise `Unwiped` if one of them stays."""
    begun = time.time()
    try:
        _rewrite_append_only_file(server, pause)
        folder = _folder_in_sight(server)
        if folder:
            _remove_leftovers(folder, begun)
        if not folder or (folder / server.config_get("dbfilename")["dbfilename"]).exists():
            _overwrite_snapshot(server, pause)
        _empty_logs(server)
    except redis.ResponseError as error:
        raise Unwiped(f"refuses: {error}") from error


def catch_up(replica: Client, primary: Client, pause: Pause) -> None:
    """Wait until the replica has done all that the primary has done; raise `Unwiped`."""
    wanted = primary.info("replication")["master_repl_offset"]
    deadline = time.monotonic() + CATCH_UP
    while time.monotonic() < deadline:
        state = replica.info("replication")
        if state.get("master_link_status") == "up" and state["slave_repl_offset"] >= wanted:
            return
        pause(LOOK)
    raise Unwiped("has not caught up with its primary")


def _rewrite_append_only_file(server: Client, pause: Pause) -> None:
    """Drop all commands up to now from the append-only file.

    Whatever was being written may have begun before the keys were gone: let it end, then begin.
    The server removes its old files in the same turn in which it says that the new one is done.
    """
    before = _at_rest(server, pause)
    if not before["aof_enabled"]:
        return
    if before["aof_last_write_status"] != "ok":
        # Its last votes would be written twice: Valkey 9.1 keeps what it could not write yet.
        raise Unwiped("cannot write its append-only file: make room on its disk")
    with _begun_by_another():
        server.bgrewriteaof()
    after = _at_rest(server, pause)
    if (
        after["aof_rewrites"] == before["aof_rewrites"]
        or after["aof_last_bgrewrite_status"] != "ok"
    ):
        raise Unwiped("could not rewrite its append-only file: look at its log and its disk")


def _overwrite_snapshot(server: Client, pause: Pause) -> None:
    """Write the RDB file anew: one may lie there from a time as a replica, or from a backup."""
    before = _at_rest(server, pause)
    with _begun_by_another():
        server.execute_command("BGSAVE", "SCHEDULE")
    after = _at_rest(server, pause)
    if after["rdb_saves"] == before["rdb_saves"] or after["rdb_last_bgsave_status"] != "ok":
        raise Unwiped("could not write its RDB file: look at its log and its disk")


@contextmanager
def _begun_by_another() -> Iterator[None]:
    """Ignore that the server has just begun by itself: it was at rest after the keys were gone.

    If it was a failure instead, the counters say so.
    """
    try:
        yield
    except redis.exceptions.NoPermissionError:
        raise
    except redis.ResponseError:
        pass


def _at_rest(server: Client, pause: Pause) -> dict[str, Any]:
    """Wait until the server writes no file but the append-only one; return its state."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        state: dict[str, Any] = server.info("persistence")
        if not any(state[name] for name in WRITING):
            return state
        pause(LOOK)
    raise Unwiped("has been writing its files for an hour")


def _folder_in_sight(server: Client) -> Path | None:
    """Return the server's data folder if it runs beside us, on a unix socket."""
    if "path" not in server.connection_pool.connection_kwargs:
        return None
    configured = server.config_get("dir", "appenddirname")
    folder = Path(configured["dir"])
    return folder if (folder / configured["appenddirname"]).is_dir() else None


def _remove_leftovers(folder: Path, before: float) -> None:
    """Remove what a server killed at the wrong moment was about to rename; none reads it again."""
    for pattern in LEFTOVERS:
        for path in folder.rglob(pattern):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before:
                    path.unlink()


def _empty_logs(server: Client) -> None:
    """Forget the commands that the server remembers: the names of voters are among their words."""
    server.slowlog_reset()
    for kind in ("large-request", "large-reply"):
        with suppress(redis.ResponseError):  # only Valkey 8.1 and later keeps these
            server.execute_command("COMMANDLOG", "RESET", kind)
