"""Published conversations whose whole history is cast at once, through the script of every vote."""

import lzma
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from server.consultations import polis
from server.consultations.ballots import Ballot, Trust, Vote
from server.consultations.consultation import Consultation, Proposal
from server.consultations.polis import Conversation
from server.replay.rehearsal import numbering
from server.store.ballots import Ballots, Wish
from server.store.store import Store
from tests.conftest import NO_BRAKE, consultation
from tests.store.casting import RMC

VTAIWAN = Path(__file__).parent / "data" / "vtaiwan"
AT_ONCE = 200  # votes sent before an answer is read; they have two seconds, on a busy machine too

Row = frozenset[tuple[int, int]]  # one voter's last words: proposal, vote as Polis writes it


@cache
def vtaiwan() -> Conversation:
    """1 921 voters, 49 997 rows, 197 statements."""
    votes, comments = (
        lzma.decompress((VTAIWAN / name).read_bytes())
        for name in ("votes.csv.xz", "comments.csv.xz")
    )
    return polis.parse(votes, "votes.csv", comments, "comments.csv")


def last_words(conversation: Conversation) -> Counter[Row]:
    """Return the final matrix without the voters' numbers: how often each row is in it."""
    numbers, values = numbering(conversation), {vote: int(v) for v, vote in polis.VOTES.items()}
    rows = (
        frozenset({numbers[w.comment]: values[w.vote] for w in history}.items())
        for history in conversation.histories.values()
    )
    return Counter(rows)


class _Sending:
    """Sends scripts many at a time: a vote in fifty microseconds instead of 400."""

    def __init__(self, store: Store) -> None:
        self._batch = store.redis.pipeline(transaction=False)

    def run(self, script: Any, at: Any, arguments: Any) -> Any:
        if not len(self._batch):
            self._batch.script_load(script.text)
        self._batch.evalsha(script.digest, len(at), *at, *arguments)
        if len(self._batch) >= AT_ONCE:
            self.send()
        return -1, 0, 0, 0, 0, ()

    def send(self) -> None:
        self._batch.execute()


def replayed(store: Store, conversation: Conversation, **fields: Any) -> Consultation:
    """Return a consultation in which every row was cast, in the order of each voter's time."""
    numbers = numbering(conversation)
    asked = [Proposal(numbers[one.comment], one.text, "zh") for one in conversation.statements]
    made = store.consultations.create(consultation("vtaiwan", **fields), asked)
    wishes = (
        (voter, numbers[wish.comment], wish.vote)
        for voter, history in conversation.histories.items()
        for wish in history
    )
    cast_all(store, made, wishes)
    return made


def cast_all(store: Store, opened: Consultation, wishes: Iterable[tuple[int, int, Vote]]) -> None:
    """Cast voter, proposal and vote of each, one after the other."""
    sending = _Sending(store)
    ballots = Ballots(store.redis, store.clock, sending, NO_BRAKE)  # type: ignore[arg-type]
    for voter, proposal, vote in wishes:
        wish = Wish(proposal, Ballot(vote), Trust.SEQUENCE, RMC, braked=False)
        ballots.cast(opened, opened.box_of(voter), f"v{voter}", wish)
    sending.send()
