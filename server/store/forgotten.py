"""Forgotten: the keys forget a person at once, the servers' files when they are written anew."""

import time
from dataclasses import dataclass

from server.store import keys
from server.store.caller import Caller, Script
from server.store.connection import Client, reaching_store
from server.store.sweep import sweep
from server.store.wiping import Pause


@dataclass(frozen=True)
class Wishes:
    """How many wishes to be forgotten there were, how many of them no file of a server tells of,
    and when the files were last written anew for them (ms by the store's clock).
    """

    asked: int
    fulfilled: int
    swept: int


class ForgottenPeople:
    def __init__(self, client: Client, caller: Caller, replicas: int) -> None:
        self._redis = client
        self._caller = caller
        self._replicas = replicas
        self._note = Script.load("note_forgotten")

    @reaching_store()
    def note(self) -> None:
        """Count one wish, before it is carried out: a process that dies in between harms nobody."""
        self._caller.run(self._note, [keys.FORGOTTEN], ())

    @reaching_store()
    def wishes(self) -> Wishes:
        found = self._redis.hmget(keys.FORGOTTEN, "asked", "fulfilled", "swept")
        return Wishes(*(int(number or 0) for number in found))

    @reaching_store()
    def sweep(self, asked: int, now: int, pause: Pause = time.sleep) -> list[str]:
        """Have every file written anew, so that none tells of the first `asked` wishes.

        Returns what each server says that may still tell of them; then they are not fulfilled.
        """
        failed = sweep(self._redis, self._replicas, pause)
        if not failed:
            done = {"fulfilled": asked, "swept": now}
            self._redis.hset(keys.FORGOTTEN, mapping=done)
        return failed
