"""Reaching Redis: explicit limits, one retry, and a server that is fit to hold votes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import redis
from redis.backoff import ExponentialWithJitterBackoff
from redis.retry import Retry

from server.consultations.errors import StoreUnavailable

# redis-py types every reply as bytes or str, whatever decode_responses says; ours are str.
Client = Any

CONNECT_TIMEOUT = 0.25  # seconds
COMMAND_TIMEOUT = 1.0  # seconds; more than the worst fsync, less than a worker's time-out
POOL_WAIT = 1.0  # seconds to wait for a free connection before giving up
CONNECTIONS = 64  # per process


class StoreUnfit(Exception):
    """The server is missing or would lose votes. The message is one line that says what to do."""


def connect(url: str) -> Client:
    """Return a client; the library's own ten retries would apply an increment more than once."""
    pool = redis.BlockingConnectionPool.from_url(
        url,
        max_connections=CONNECTIONS,
        timeout=POOL_WAIT,
        socket_connect_timeout=CONNECT_TIMEOUT,
        socket_timeout=COMMAND_TIMEOUT,
        retry=Retry(ExponentialWithJitterBackoff(base=0.02, cap=0.1), 1),
        retry_on_error=[redis.ConnectionError, redis.TimeoutError],
        decode_responses=True,
    )
    return redis.Redis(connection_pool=pool)


def check(client: Client) -> None:
    """Raise `StoreUnfit` unless the server keeps every vote that it acknowledges."""
    try:
        memory, replication, disk = (
            client.info(section) for section in ("memory", "replication", "persistence")
        )
    except redis.AuthenticationError as error:
        raise StoreUnfit("The store wants another password: put it into REDIS_URL.") from error
    except redis.RedisError as error:
        reason = str(error).rstrip(".")
        raise StoreUnfit(f"The store does not answer: {reason}.") from error
    if memory.get("maxmemory_policy") != "noeviction":
        raise StoreUnfit(
            "The store forgets voters when it is full: set maxmemory-policy noeviction."
        )
    if replication.get("role") not in {"master", "primary"}:
        raise StoreUnfit("The store is a replica: point REDIS_URL at the primary.")
    if not disk.get("aof_enabled"):
        raise StoreUnfit("The store's append-only file is off: set appendonly yes.")
    if disk.get("aof_last_write_status", "ok") != "ok":
        raise StoreUnfit("The store cannot write its append-only file: look at its disk.")


def durability(client: Client) -> str:
    """Return what an acknowledged vote survives: `fsync`, `≤2s` or `memory`.

    A server that hides its configuration is taken at the weaker of the two that `check` admits.
    """
    try:
        policy: dict[str, str] = client.config_get("appendfsync")
    except redis.ResponseError:
        return "≤2s"
    return {"always": "fsync", "everysec": "≤2s"}.get(policy.get("appendfsync", ""), "memory")


@contextmanager
def reaching_store() -> Iterator[None]:
    """Turn every way in which a server fails us into one refusal that the reader can wait out."""
    try:
        yield
    except redis.RedisError as error:
        raise StoreUnavailable(f"The ballot store does not answer ({_word(error)}).") from error


def _word(error: Exception) -> str:
    """Say which kind of failure it was, without addresses or keys."""
    return type(error).__name__


def domain_word(error: redis.ResponseError) -> tuple[str, list[str]]:
    """Split a script's error reply into its code and the words after it."""
    code, *rest = str(error).split()
    return code, rest
