"""Failures of the store in words for whoever runs it; a reader only learns to come back."""

import logging
import time

import redis

AGAIN = 10.0  # seconds until the same failure is told again: under load it comes a thousand times

# The first that fits: the later kinds contain the earlier ones.
BY_KIND: tuple[tuple[type[redis.RedisError], str], ...] = (
    (redis.OutOfMemoryError, "its memory is full: raise maxmemory; votes can only be withdrawn"),
    (redis.ReadOnlyError, "it has become a replica: point REDIS_URL at the primary"),
    (redis.AuthenticationError, "it wants another password: put it into REDIS_URL"),
    (redis.exceptions.ClusterDownError, "its cluster is down: see whether its nodes run"),
    (redis.exceptions.AskError, "a ballot box is on its way to another node: wait"),
    (redis.exceptions.TryAgainError, "a ballot box is on its way to another node: wait"),
    (redis.BusyLoadingError, "it is still loading its data: wait"),
    (redis.TimeoutError, "no answer in time: it stands still, or its disk is slow"),
    (redis.ConnectionError, "it cannot be reached: see whether it runs"),
)
BY_WORD = {
    "MISCONF": "it cannot write its files: make room on its disk",
    "NOREPLICAS": "it has too few replicas: see whether they run",
}

log = logging.getLogger(__name__)
_told: dict[str, float] = {}  # what was told, and when


def tell(error: redis.RedisError) -> None:
    """Write one line for the operator, unless it says what another said a moment ago."""
    reason, now = words(error), time.monotonic()
    if now - _told.get(reason, -AGAIN) >= AGAIN:
        _told[reason] = now
        log.warning("The store fails, votes wait: %s.", reason)


def words(error: redis.RedisError) -> str:
    """Say what is wrong and what to do, without addresses or keys."""
    for kind, reason in BY_KIND:
        if isinstance(error, kind):
            return reason
    word = str(error).partition(" ")[0]
    return BY_WORD.get(word, f"it answered {word if word.isupper() else type(error).__name__}")
