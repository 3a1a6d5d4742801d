"""Voters: forgetting one, with every ballot before the seal, or the link to them after it."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from server.consultations.consultation import Consultation
from server.consultations.errors import Closed
from server.store import keys
from server.store.ballots import DEADLINE, held, run
from server.store.caller import Caller, Script
from server.store.clock import StoreClock
from server.store.connection import Client, reaching_store
from server.store.forgotten import ForgottenPeople
from server.store.recount import Recount

BATCH = 200  # ballots withdrawn by one script: under a millisecond of the server's time
NAME_BYTES = 8  # as many as in the name that a credential gives


@dataclass(frozen=True)
class Forgotten:
    """How many ballots were withdrawn, and whether the rest stay counted, as nobody's."""

    withdrawn: int
    counted: bool


class Voters:
    def __init__(
        self,
        client: Client,
        clock: StoreClock,
        caller: Caller,
        recount: Recount,
        forgotten: ForgottenPeople,
    ) -> None:
        self._redis = client
        self._clock = clock
        self._caller = caller
        self._recount = recount
        self._forgotten = forgotten
        self._forget = Script.load("forget")
        self._unlink = Script.load("unlink_voter")

    @reaching_store()
    def forget(
        self, consultation: Consultation, box: int, voter: str, number: int | None = None
    ) -> Forgotten:
        """Withdraw all ballots of a voter and delete the record.

        Once the box is sealed the count stands, and none is withdrawn: the record goes on under a
        random name that no credential leads to. Raises `TooLate` or `Superseded`.
        """
        at, withdrawn = keys.Box(consultation.id, box), 0
        self._forgotten.note()
        try:
            for some in self._withdraw_all(at, voter, number):
                withdrawn += some
        except Closed:
            self._unlink_voter(at, voter)
            return Forgotten(withdrawn, counted=True)
        return Forgotten(withdrawn, counted=False)

    @reaching_store()
    def unlink(self, consultation: Consultation, box: int, voter: str) -> Forgotten:
        """Do what `forget` does after the seal; raise `StoreUnavailable` before it."""
        self._forgotten.note()
        self._unlink_voter(keys.Box(consultation.id, box), voter)
        return Forgotten(0, counted=True)

    def _withdraw_all(self, at: keys.Box, voter: str, number: int | None) -> Iterator[int]:
        """Yield how many ballots each script has withdrawn, until none is left."""
        left = -1
        while left:
            found = held(self._redis, at, voter)
            for start in range(0, max(1, len(found)), BATCH):
                some = found[start : start + BATCH]
                withdrawn, left = self._withdraw(at, voter, number, some)
                yield withdrawn

    def _withdraw(self, at: keys.Box, voter: str, number: int | None, some: list[int]) -> Any:
        pairs = [key for p in some for key in (at.tally(p), at.shadow(p))]
        named = [
            at.voter(voter), at.more(voter), at.pace(voter), at.changed, at.revision, at.seal,
            at.recount, at.voters, at.shadow_voters, *pairs,
        ]  # fmt: skip
        given = (self._clock.now() + DEADLINE, "" if number is None else number, *some)
        return run(self._caller, self._forget, named, given)

    def _unlink_voter(self, at: keys.Box, voter: str) -> None:
        answer = None
        while answer not in (0, 1):
            fresh = secrets.token_urlsafe(NAME_BYTES)
            named = [
                at.voter(voter), at.more(voter), at.voter(fresh), at.more(fresh), at.pace(voter),
                at.seal, at.recount, at.revision,
            ]  # fmt: skip
            answer = self._caller.run(self._unlink, named, ())
            if isinstance(answer, list):
                self._recount.stamp_voter(at, voter)
