"""The shelf: answers that are the same for everybody, made once in two seconds by each process."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import current_app

from server.consultations.errors import StoreUnavailable
from server.web.service import plain

KEPT = 2.0  # seconds an answer is served again
STALE = 60.0  # seconds it may be, while the store does not answer
KEPT_NAME = "isoloir-kept-answers"

Made = TypeVar("Made")


@dataclass(frozen=True)
class Kept:
    made: float  # monotonic seconds
    answer: object


def kept(name: tuple[str, str], make: Callable[[], Made]) -> Made:
    """Return what `make` made of that name a moment ago; without a store, a minute ago at most.

    There are only as many names as there are pages and languages. Raises `StoreUnavailable`.
    """
    shelf: dict[tuple[str, str], Kept] = plain(current_app).extensions.setdefault(KEPT_NAME, {})
    known, now = shelf.get(name), time.monotonic()
    if known is None or now - known.made >= KEPT:
        try:
            known = shelf[name] = Kept(now, make())
        except StoreUnavailable:
            if known is None or now - known.made >= STALE:
                raise
    return known.answer  # type: ignore[return-value]  # one name, one maker
