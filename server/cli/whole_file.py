"""A file that is whole or not there, and for its owner's eyes only."""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from server.store.backup_file import BackupError


@contextmanager
def whole_file(path: Path, force: bool) -> Iterator[IO[bytes]]:
    """Write to `<path>.part`; it becomes `path` at the end, or disappears if anything fails.

    Raises `BackupError` if `path` exists, unless `force`, or if another process writes it.
    """
    if path.exists() and not force:
        raise BackupError(f"{path} exists. Choose another name, or replace it with --force.")
    part = path.with_name(f"{path.name}.part")
    with _locked(part) as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    _sync_folder(path.parent)


@contextmanager
def _locked(part: Path) -> Iterator[IO[bytes]]:
    """Open a file that is ours alone. One that was left by a process that died is used again."""
    try:
        number = os.open(part, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise BackupError(f"{part} cannot be written: {error.strerror}.") from error
    with open(number, "wb") as file:
        _demand_own(part, os.fstat(number))
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            ours = os.fstat(number).st_ino == part.stat().st_ino
        except (BlockingIOError, FileNotFoundError):
            ours = False
        if not ours:
            raise BackupError(f"Another process is writing {part}.")
        os.fchmod(number, 0o600)
        file.truncate()
        yield file
        # What cannot be flushed any more was thrown away with the file.
        with suppress(OSError):
            file.close()


def _demand_own(part: Path, found: os.stat_result) -> None:
    """Refuse what others have put there to read along, in a folder that they can write to."""
    plain = stat.S_ISREG(found.st_mode) and found.st_nlink == 1
    if not plain or found.st_uid != os.geteuid():
        raise BackupError(f"{part} is not ours alone: delete it, or choose another folder.")


def _sync_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
