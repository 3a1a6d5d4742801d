"""Ballots: one script, one slot and one round trip for each vote."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import redis

from server.consultations.ballots import Ballot, CodedBallot, Trust, decode, encode
from server.consultations.consultation import Consultation
from server.consultations.errors import Closed, Refusal, Superseded, TooLate
from server.store import keys, scripts
from server.store.clock import StoreClock
from server.store.connection import Client, domain_word, reaching_store

SOURCE_UNIT = 256  # a stored ballot is code + 256 x source, or the bare code at the voter's home
DEADLINE = 2000  # milliseconds; longer than the client's own patience with one attempt
HOUR = 3_600_000  # milliseconds
RESERVED = frozenset("skmtgn")


@dataclass(frozen=True)
class Wish:
    """What one voter wants on one proposal, and what this service knows about it.

    `first` says that `trust` holds only if this is the voter's first deed in the consultation.
    `number` grows with every wish of one browser; the store ignores an older one.
    """

    proposal: int
    ballot: Ballot
    trust: Trust
    source: int
    first: bool = False
    number: int | None = None
    deck: bool = False


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
    def __init__(self, client: Client, clock: StoreClock) -> None:
        self._redis = client
        self._clock = clock
        self._cast = scripts.load(client, "cast")
        self._withdraw = scripts.load(client, "withdraw")

    @reaching_store()
    def cast(self, consultation: Consultation, box: int, voter: str, wish: Wish) -> Cast:
        """Make `wish` the voter's ballot; raise `Closed`, `TooLate` or `Superseded`."""
        now = self._clock.now()
        opens = int(consultation.opens.timestamp() * 1000)
        arguments = (
            wish.proposal,
            encode(wish.ballot, Trust.UNVERIFIED),
            int(wish.trust),
            "first" if wish.first else "",
            wish.source,
            now + DEADLINE,
            "" if wish.number is None else wish.number,
            max(0, now - opens) // HOUR,
            "deck" if wish.deck else "",
        )
        reply = _run(self._cast, _keys(consultation, box, voter, wish.proposal), arguments)
        old, new, before, revision, ballots, _, voted = reply
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
        """Take the voter's ballot back, if there is one; raise as `cast` does."""
        arguments = (
            proposal,
            self._clock.now() + DEADLINE,
            "" if number is None else number,
        )
        old, ballots, _ = _run(self._withdraw, _keys(consultation, box, voter, proposal), arguments)
        return Withdrawn(_stored(old), ballots)

    @reaching_store()
    def held(self, consultation: Consultation, box: int, voter: str, proposal: int) -> Held:
        """Return the ballot that the voter holds on one proposal."""
        at = keys.Box(consultation.id, box)
        with self._redis.pipeline(transaction=False) as batch:
            batch.hget(at.voter(voter), str(proposal))
            batch.hget(at.more(voter), str(proposal))
            batch.zscore(at.changed, str(proposal))
            here, more, changed = batch.execute()
        stored = here or more
        return Held(_stored(int(stored) if stored else -1), int(changed or 0))

    @reaching_store()
    def voted(self, consultation: Consultation, box: int, voter: str) -> frozenset[int]:
        """Return the proposals on which the voter holds a ballot."""
        at = keys.Box(consultation.id, box)
        with self._redis.pipeline(transaction=False) as batch:
            batch.hkeys(at.voter(voter))
            batch.hkeys(at.more(voter))
            names = [name for answer in batch.execute() for name in answer]
        return frozenset(int(name) for name in names if name not in RESERVED)

    @reaching_store()
    def seal(self, consultation: Consultation) -> None:
        """Close every box for good: from now on the scripts themselves refuse."""
        for box in keys.boxes(consultation.id, consultation.boxes):
            self._redis.set(box.seal, self._clock.now(), nx=True)


def _keys(consultation: Consultation, box: int, voter: str, proposal: int) -> list[str]:
    """The KEYS of every script that changes a ballot, in their fixed order."""
    at = keys.Box(consultation.id, box)
    return [
        at.voter(voter),
        at.more(voter),
        at.tally(proposal),
        at.shadow(proposal),
        at.changed,
        at.revision,
        at.seal,
        at.recount,
        at.voters,
    ]


def _stored(value: int) -> CodedBallot | None:
    return decode(value % SOURCE_UNIT) if value >= 0 else None


def _run(script: Callable[..., Any], at: Sequence[str], arguments: Sequence[int | str]) -> Any:
    """Run a script; turn its error words into refusals, let every other failure pass."""
    try:
        return script(keys=at, args=arguments)
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
    if code == Superseded.code:
        newest = int(words[0])
        return Superseded("A newer wish was counted already.", field="number", number=newest)
    return None
