"""Calling scripts: one slot, one round trip, one retry, on one server or on a cluster."""

import time
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from hashlib import sha1
from importlib.resources import files
from typing import Any

import hiredis
import redis
from redis.backoff import ExponentialWithJitterBackoff

from server.store.connection import COMMAND_TIMEOUT, Client
from server.store.line import NotSent
from server.store.lines import Lines

REPLICATION_WAIT = 450  # milliseconds for the replicas, then for their disks
ATTEMPTS = 5  # a script that is unknown, a slot that moved, a lost reply, in any order
LOST = 1  # how many of them may be for a lost connection or reply
# What a script may say to the second attempt although the first one, its reply lost, was in time.
PERHAPS_DONE = ("too-late", "consultation-closed")
PAUSE = ExponentialWithJitterBackoff(base=0.02, cap=0.1)  # seconds before trying again


def _packed(*command: int | str) -> bytes:
    packed: bytes = hiredis.pack_command(command)  # type: ignore[arg-type]  # its stub knows one word
    return packed


class NotReplicated(redis.RedisError):
    """The command was carried out, but too few replicas have it on their disk yet."""


@dataclass(frozen=True)
class Script:
    """One of our Lua files, known to servers by its digest: two versions of it can be in use."""

    text: str
    digest: str

    @classmethod
    def of(cls, text: str) -> "Script":
        return cls(text, sha1(text.encode()).hexdigest())  # noqa: S324 - the server's own choice

    @classmethod
    def load(cls, name: str) -> "Script":
        return cls.of(files("server.store.scripts").joinpath(f"{name}.lua").read_text())


class Caller:
    """Runs scripts for a client. `replicas` must have on disk what was written before it returns.

    The wait for them is sent along with the scripts: it covers all that this connection wrote. A
    replica says what is on its disk when it is asked, and is asked once for each wait. Asked at
    once it has not synced yet, and speaks again a second later (measured: 940 ms for a lone vote).
    So wait until it has the vote, which makes it sync, and then for its disk (1 ms).
    """

    def __init__(self, client: Client, replicas: int = 0) -> None:
        received = _packed("WAIT", replicas, REPLICATION_WAIT)
        synced = _packed("WAITAOF", 1, replicas, REPLICATION_WAIT)
        patience = COMMAND_TIMEOUT + 2 * REPLICATION_WAIT / 1000
        limits = (patience, received + synced, 2) if replicas else ()
        self._lines = Lines(client, *limits)
        self._replicas = replicas

    def run(self, script: Script, keys: Sequence[str], arguments: Sequence[int | str]) -> Any:
        """Return the script's reply; raise what it refuses as `redis.ResponseError`.

        A script may be carried out twice if a reply is lost, so it has to say what is wanted, not
        what to add. Raises `NotReplicated`, and `redis.RedisError` when a server fails us. A box
        that is on its way to another node key by key is such a failure (ASK): a script needs all
        of its keys in one place.
        """
        told, lost, perhaps_done = ("EVALSHA", script.digest), 0, False
        line = self._lines.to(keys[0])
        for _ in range(ATTEMPTS):
            command = _packed(*told, len(keys), *keys, *arguments)
            try:
                return self._answer(line.exchange(command))
            except redis.exceptions.NoScriptError:
                told = ("EVAL", script.text)
            except redis.exceptions.MovedError as error:
                line = self._lines.moved(error, keys[0])
            except redis.ResponseError as error:
                if perhaps_done and str(error).startswith(PERHAPS_DONE):
                    raise redis.ConnectionError("The reply was lost.") from error
                raise
            except (redis.ConnectionError, redis.TimeoutError) as error:
                lost += 1
                perhaps_done = perhaps_done or not isinstance(error, NotSent)
                if lost > LOST:
                    raise
                time.sleep(PAUSE.compute(lost))
                line = self._lines.looked_up_again(keys[0])
        raise redis.ConnectionError("The slot keeps moving.")

    def hang_up(self) -> None:
        """Close all connections."""
        self._lines.hang_up()

    def _answer(self, answers: Sequence[Any]) -> Any:
        for answer in answers:
            if isinstance(answer, Exception):
                raise copy(answer)  # of what covers a batch there is one for all
        if self._replicas and answers[2][1] < self._replicas:
            raise NotReplicated(f"NOREPLICAS {answers[2][1]} of {self._replicas} have it.")
        return answers[0]
