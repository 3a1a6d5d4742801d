"""What it takes to run a browser of another engine than Chromium's, and to leave nothing behind."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from server.supervisor.child import Child

START_SECONDS = 60.0  # a browser may take to start, on a busy machine
STOP_SECONDS = 10.0
T = TypeVar("T")


class ProgramMissing(Exception):
    """There is no such program here. The message says what to install."""

    def __init__(self, program: str, package: str) -> None:
        super().__init__(f"No {program} here. On Debian: apt install {package}")
        self.package = package


def find(*programs: str, package: str) -> str:
    """Return the first of these programs that is here."""
    for program in programs:
        if found := shutil.which(program):
            return found
    raise ProgramMissing(programs[0], package)


@contextmanager
def home() -> Iterator[Path]:
    """Yield the home folder of a reader who has never used a browser."""
    with tempfile.TemporaryDirectory(prefix="isoloir-browser-", ignore_cleanup_errors=True) as path:
        yield Path(path)


@contextmanager
def process(name: str, command: list[str], home: Path, **environ: str) -> Iterator[Child]:
    """Run a program, and end it with everything that it started."""
    desk = {"HOME": str(home), "XDG_RUNTIME_DIR": str(home), "LC_ALL": "C.UTF-8"}
    child = Child(name, command, {**os.environ, **desk, **environ}, home)
    child.start()
    try:
        yield child
    finally:
        child.stop(STOP_SECONDS)


def wait_for(child: Child, fact: Callable[[], T | None]) -> T:
    """Return what `fact` gives once it gives something; fail if the program ends before."""
    deadline = time.monotonic() + START_SECONDS
    while not (found := fact()):
        assert child.alive(), f"{child.name} ended: {child.why()}"
        assert time.monotonic() < deadline, f"{child.name} did not get ready."
        time.sleep(0.02)  # for the program to work
    return found
