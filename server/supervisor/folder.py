"""The lock on a data folder: one Isoloir at a time."""

import fcntl
import os
from pathlib import Path
from typing import IO


class FolderInUse(Exception):
    """Another Isoloir has the folder. The message is one line that names it."""


class FolderLock:
    """Held until it is released or every process that inherited it has ended."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Make the folder ours alone, or raise `FolderInUse`. Taking it again changes nothing."""
        if self._file:
            return
        # What lies in there is how people voted: nobody else on the machine may look.
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = (self.folder / "lock").open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            file.close()
            message = f"{self.folder} is in use by another Isoloir (process {holder})."
            raise FolderInUse(message) from None
        self._file = file
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()

    def fileno(self) -> int:
        """The descriptor to hand to a child that must keep the folder locked."""
        if not self._file:
            raise ValueError("The lock is not held.")
        return self._file.fileno()

    def release(self) -> None:
        if self._file:
            self._file.close()
            self._file = None
