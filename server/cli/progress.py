"""How far long work has got, on a terminal; elsewhere nothing."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

INTERVAL = 0.2  # seconds between two lines over each other


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Give what shows a line in place of the last one, on standard error."""
    shown = 0.0

    def show(text: str) -> None:
        nonlocal shown
        if sys.stderr.isatty() and time.monotonic() - shown > INTERVAL:
            shown = time.monotonic()
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()

    try:
        yield show
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
