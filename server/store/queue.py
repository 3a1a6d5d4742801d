"""The queue: what waits for staff, found without reading every text."""

from collections.abc import Collection, Iterable, Sequence

from server.consultations.consultation import Consultation, ProposalState
from server.consultations.queue import HOUR, LOCK, Case, Figures, promise
from server.store import keys
from server.store.cases import Cases, holder
from server.store.connection import Client, reaching_store
from server.store.desk import FAR, Desk, script
from server.store.index import Index

HEADS = 10  # proposals of each consultation among which the next one is looked for

Number = tuple[str, int]  # of a proposal among all: its consultation's id, and its own


class Queue:
    """One queue over all consultations of a moderator, whose promise ends first comes first."""

    def __init__(self, client: Client, desk: Desk, cases: Cases, index: Index) -> None:
        self._redis = client
        self._desk = desk
        self._cases = cases
        self._index = index
        self._take = script("take")
        self._release = script("release")

    @reaching_store()
    def take_next(
        self,
        by: str,
        consultations: Sequence[Consultation],
        passed: Collection[Number] = (),
    ) -> Case | None:
        """Return the next proposal that nobody else looks at, and hold it; None if there is none.

        `passed` are those that this moderator has put aside for now, without a word.
        """
        self._index.catch_up(consultations)
        for consultation in self._by_urgency(by, consultations, passed):
            skip = [number for c, number in passed if c == consultation.id]
            arguments: list[int | str] = [LOCK, "", *skip]
            taken = self._desk.run(self._take, consultation, by, arguments)
            if taken and (case := self._cases.one(consultation, int(taken[0]), by)):
                return case
        return None

    @reaching_store()
    def look(self, consultation: Consultation, by: str, proposal: int) -> Case | None:
        """Hold this very proposal a while longer, if nobody else does; return it all the same.

        None if there is no such proposal. Call it again while its page is open.
        """
        self._desk.run(self._take, consultation, by, (LOCK, proposal))
        return self._cases.one(consultation, proposal, by)

    @reaching_store()
    def release(self, consultation: Consultation, by: str, proposal: int) -> None:
        """Let others be offered it again."""
        self._desk.run(self._release, consultation, by, (proposal,))

    @reaching_store()
    def waiting(
        self, consultation: Consultation, most: int = -1, skip: int = 0
    ) -> tuple[Case, ...]:
        """Return what waits in the order of the queue, the postponed ones last."""
        self._index.catch_up([consultation])
        last = -1 if most < 0 else skip + most - 1
        numbers = self._redis.zrange(keys.queue(consultation.id), skip, last)
        found = self._cases.of(consultation, [*map(int, numbers)])
        return tuple(
            case for case in found if case.submission.proposal.state is ProposalState.PENDING
        )

    @reaching_store()
    def figures(self, consultations: Sequence[Consultation]) -> list[Figures]:
        """Return how it stands in each of them, in one round trip."""
        self._index.catch_up(consultations)
        hour, now = self._desk.now() - HOUR, self._desk.now()
        with self._redis.pipeline(transaction=False) as batch:
            for one in consultations:
                batch.zcount(keys.queue(one.id), "-inf", now + HOUR)
                batch.zcount(keys.queue(one.id), FAR, FAR + now)  # postponed until before now
                batch.zcount(keys.queue(one.id), f"({FAR + now}", "+inf")
                batch.zrange(keys.queue(one.id), 0, 0, withscores=True)
                batch.zcount(keys.lately(one.id), hour, "+inf")
                batch.zcount(keys.arrivals(one.id), hour, "+inf")
            found = batch.execute()
        return [_figures(*found[i : i + 6]) for i in range(0, len(found), 6)]

    def _by_urgency(
        self, by: str, consultations: Sequence[Consultation], passed: Collection[Number]
    ) -> list[Consultation]:
        """Return those with something for this moderator, whose next promise ends first, first."""
        now = self._desk.now()
        with self._redis.pipeline(transaction=False) as batch:
            for one in consultations:
                batch.zrange(keys.queue(one.id), 0, HEADS - 1, withscores=True)
                batch.hgetall(keys.looking(one.id))
                batch.zrangebyscore(keys.queue(one.id), FAR, FAR + now, 0, 1)
            found = batch.execute()
        urgent: list[tuple[int, int]] = []
        for place, one in enumerate(consultations):
            heads, looked, back = found[3 * place : 3 * place + 3]
            since = _first_free(heads, _holders(looked, by, now), one.id, passed)
            if back:
                since = 0  # its time of postponement is over: it waits for longer than the others
            if since is not None:
                urgent.append((since + promise(one), place))
        return [consultations[place] for _, place in sorted(urgent)]


def _first_free(
    heads: Iterable[tuple[str, float]],
    held: Collection[str],
    consultation: str,
    passed: Collection[Number],
) -> int | None:
    """Return since when the first waits that this moderator can be offered."""
    last = None
    for number, score in heads:
        last = score
        if score < FAR and number not in held and (consultation, int(number)) not in passed:
            return int(score)
    # All of the first are looked at by others: there may be more behind them.
    return int(last) if last is not None and last < FAR else None


def _holders(looked: dict[str, str], by: str, now: int) -> set[str]:
    return {number for number, held in looked.items() if holder(held, by, now)}


def _figures(
    waiting: int,
    back: int,
    postponed: int,
    first: list[tuple[str, float]],
    decided: int,
    arrived: int,
) -> Figures:
    oldest = int(first[0][1]) if first and first[0][1] < FAR else None
    return Figures(waiting + back, postponed, oldest, decided, arrived)
