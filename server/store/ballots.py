"""Ballots: one script, one slot and one round trip for each vote."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import redis

from server.consultations.ballots import Ballot, CodedBallot, Trust, decode, encode
from server.consultations.brakes import VoterBrake
from server.consultations.consultation import Consultation
from server.consultations.errors import (
    BallotsDestroyed,
    Closed,
    Refusal,
    SlowDown,
    Superseded,
    TooLate,
)
from server.store import keys, record
from server.store.caller import Caller, Script
from server.store.clock import StoreClock
from server.store.connection import Client, domain_word, reaching_store
from server.store.record import SOURCE_UNIT

DEADLINE = 2000  # milliseconds; longer than the client's own patience with one attempt


@dataclass(frozen=True)
class Wish:
    """What one voter wants on one proposal, and what this service knows about it.

    `first` says that `trust` holds only if this is the voter's first deed in the consultation.
    `number` grows with every wish of one browser; the store ignores an older one. `braked` is
    false for a replay, which casts years of votes in minutes.
    """

    proposal: int
    ballot: Ballot
    trust: Trust
    source: int
    first: bool = False
    number: int | None = None
    deck: bool = False
    braked: bool = True


@dataclass(frozen=True)
class Cast:
    """What the script did. `before` is the box's revision of the proposal's change before this.

    `voted` lists the proposals this voter has voted on, if the wish asked for it.
    """

    old: CodedBallot | None
    new: CodedBallot
    before: int
    revision: int
    ballots: int
    voted: tuple[int, ...]


@dataclass(frozen=True)
class Withdrawn:
    old: CodedBallot | None
    ballots: int


@dataclass(frozen=True)
class Held:
    """A stored ballot, and the box's revision of the last change to its proposal."""

    ballot: CodedBallot | None
    changed: int


class Ballots:
    """`brake` is what one voter may do; it is kept in the voter's own record."""

    def __init__(
        self, client: Client, clock: StoreClock, caller: Caller, brake: VoterBrake
    ) -> None:
        self._redis = client
        self._clock = clock
        self._caller = caller
        self._brake = brake
        self._cast = Script.load("cast")
        self._withdraw = Script.load("withdraw")
        self._seal = Script.load("seal")

    @reaching_store()
    def cast(self, consultation: Consultation, box: int, voter: str, wish: Wish) -> Cast:
        """Make `wish` the voter's ballot; raise `Closed`, `TooLate`, `Superseded` or `SlowDown`."""
        arguments = (
            wish.proposal,
            encode(wish.ballot, Trust.UNVERIFIED),
            int(wish.trust),
            "first" if wish.first else "",
            wish.source,
            self._clock.now() + DEADLINE,
            "" if wish.number is None else wish.number,
            int(consultation.opens.timestamp() * 1000),
            "deck" if wish.deck else "",
            self._brake.step if wish.braked else 0,
            self._brake.burst,
        )
        at = _keys(consultation, box, voter, wish.proposal)
        old, new, before, revision, ballots, voted = run(self._caller, self._cast, at, arguments)
        return Cast(
            old=_stored(old),
            new=decode(new % SOURCE_UNIT),
            before=int(before),
            revision=int(revision),
            ballots=ballots,
            voted=tuple(map(int, voted)),
        )

    @reaching_store()
    def withdraw(
        self,
        consultation: Consultation,
        box: int,
        voter: str,
        proposal: int,
        number: int | None = None,
    ) -> Withdrawn:
        """Take the voter's ballot back, if there is one; raise as `cast` does, never `SlowDown`."""
        arguments = (
            proposal,
            self._clock.now() + DEADLINE,
            "" if number is None else number,
        )
        at = _keys(consultation, box, voter, proposal)
        old, ballots = run(self._caller, self._withdraw, at, arguments)
        return Withdrawn(_stored(old), ballots)

    @reaching_store()
    def held(self, consultation: Consultation, box: int, voter: str, proposal: int) -> Held:
        """Return the ballot that the voter holds on one proposal."""
        at = keys.Box(consultation.id, box)
        with self._redis.pipeline(transaction=False) as batch:
            batch.smembers(at.voter(voter))
            batch.hget(at.more(voter), str(proposal))
            batch.zscore(at.changed, str(proposal))
            members, more, changed = batch.execute()
        code = record.code(members, proposal)
        if code is None and more:
            code = int(more) % SOURCE_UNIT
        return Held(None if code is None else decode(code), int(changed or 0))

    @reaching_store()
    def voted(self, consultation: Consultation, box: int, voter: str) -> frozenset[int]:
        """Return the proposals on which the voter holds a ballot."""
        return frozenset(held(self._redis, keys.Box(consultation.id, box), voter))

    @reaching_store()
    def all_of(self, consultation: Consultation, box: int, voter: str) -> dict[int, CodedBallot]:
        """Return every ballot of the voter by proposal, in the order of their numbers."""
        at = keys.Box(consultation.id, box)
        with self._redis.pipeline(transaction=False) as batch:
            batch.smembers(at.voter(voter))
            batch.hgetall(at.more(voter))
            members, more = batch.execute()
        beyond = {int(proposal): int(stored) % SOURCE_UNIT for proposal, stored in more.items()}
        found = beyond | record.codes(members)
        return {proposal: decode(found[proposal]) for proposal in sorted(found)}

    @reaching_store()
    def seal(self, consultation: Consultation) -> None:
        """Close every box for good: from now on the scripts themselves refuse."""
        for box in keys.boxes(consultation.id, consultation.boxes):
            self._caller.run(self._seal, [box.seal, box.revision], [self._clock.now()])


def held(client: Client, box: keys.Box, voter: str) -> list[int]:
    """Return the proposals on which a voter holds a ballot."""
    with client.pipeline(transaction=False) as batch:
        batch.smembers(box.voter(voter))
        batch.hkeys(box.more(voter))
        members, more = batch.execute()
    return [*record.proposals(members), *map(int, more)]


def _keys(consultation: Consultation, box: int, voter: str, proposal: int) -> list[str]:
    """The KEYS of every script that changes a ballot, in their fixed order."""
    at, of_box = _box(consultation.id, box)
    return [
        at.voter(voter),
        at.more(voter),
        at.pace(voter),
        at.tally(proposal),
        at.shadow(proposal),
        *of_box,
    ]


@lru_cache
def _box(consultation: str, number: int) -> tuple[keys.Box, tuple[str, ...]]:
    """Return a box, and the KEYS that are the same for all its voters."""
    at = keys.Box(consultation, number)
    return at, (at.changed, at.revision, at.seal, at.recount, at.voters, at.shadow_voters)


def _stored(value: int) -> CodedBallot | None:
    return decode(value % SOURCE_UNIT) if value >= 0 else None


def run(caller: Caller, script: Script, at: Sequence[str], arguments: Sequence[int | str]) -> Any:
    """Run a script; turn its error words into refusals, let every other failure pass."""
    try:
        return caller.run(script, at, arguments)
    except redis.ResponseError as error:
        refusal = _refusal(*domain_word(error))
        if refusal is None:
            raise
        raise refusal from None


def _refusal(code: str, words: list[str]) -> Refusal | None:
    if code == TooLate.code:
        return TooLate("The ballot store was too slow and changed nothing. Send it again.")
    if code == Closed.code:
        return Closed("The vote is over.")
    if code == BallotsDestroyed.code:
        return BallotsDestroyed("The ballots were destroyed after the close; only counts remain.")
    if code == Superseded.code:
        newest = int(words[0])
        return Superseded("A newer wish was counted already.", field="number", number=newest)
    if code == SlowDown.code:
        return SlowDown("Faster than people vote. Send it again later.", wait=int(words[0]))
    return None
