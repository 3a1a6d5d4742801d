"""The second look: one decision in twenty is judged again by somebody who does not see the first."""

import json
from collections.abc import Sequence
from dataclasses import replace

from server.consultations.consultation import Consultation, ProposalState
from server.consultations.moderation import Act, Agreement
from server.consultations.proposing import RefusalReason
from server.consultations.queue import Case
from server.store import keys
from server.store.cases import Cases
from server.store.connection import Client, reaching_store
from server.store.decisions import Decisions
from server.store.desk import Desk, script
from server.store.trail import Trail
from server.store.verdicts import demand

HEADS = 50  # of each consultation among which one is looked for
# Of that many, if all of the first are one's own; more than take effect in the same instant.
PAGES = 10

Page = Sequence[tuple[str, float]]


class SecondLook:
    def __init__(
        self, client: Client, desk: Desk, cases: Cases, decisions: Decisions, trail: Trail
    ) -> None:
        self._redis = client
        self._desk = desk
        self._cases = cases
        self._decisions = decisions
        self._trail = trail
        self._passed: dict[tuple[str, str], float] = {}  # by consultation and moderator
        self._judge_again = script("judge_again")

    @reaching_store()
    def next(self, by: str, consultations: Sequence[Consultation]) -> Case | None:
        """Return a proposal that another moderator has decided, as it was then, without how."""
        with self._redis.pipeline(transaction=False) as batch:
            for one in consultations:
                self._ask(batch, one, self._passed.get((one.id, by), 0))
            found = batch.execute()
        for consultation, page in zip(consultations, found, strict=True):
            if case := self._beyond(consultation, by, page):
                return case
        return None

    @reaching_store()
    def judge(
        self, consultation: Consultation, by: str, proposal: int, reason: RefusalReason | None
    ) -> None:
        """Keep what a second moderator would have decided; no reason is to accept.

        Raises `NotSampled` unless it is theirs to judge.
        """
        verdict = str(reason) if reason else str(Act.ACCEPT)
        also = (keys.agreement(consultation.id),)
        demand(self._desk.run(self._judge_again, consultation, by, (proposal, verdict), also))

    @reaching_store()
    def agreement(self, consultation: Consultation) -> list[Agreement]:
        """Return how often the two agreed, by what the first decided; `accept` first."""
        kept = self._redis.hgetall(keys.agreement(consultation.id))
        verdicts = [str(Act.ACCEPT), *map(str, RefusalReason)]
        return [
            Agreement(one, int(kept[f"{one} judged"]), int(kept.get(f"{one} agreed", 0)))
            for one in verdicts
            if f"{one} judged" in kept
        ]

    @staticmethod
    def _ask(client: Client, consultation: Consultation, since: float, skip: int = 0) -> Page:
        at, top = keys.second(consultation.id), "+inf"
        page: Page = client.zrange(
            at, since, top, byscore=True, offset=skip, num=HEADS, withscores=True
        )
        return page

    def _beyond(self, consultation: Consultation, by: str, page: Page) -> Case | None:
        """Return the first on this page or some that follow; remember how far all were their own.

        What a moderator decided first is never theirs to judge, so nobody looks at it again.
        """
        since = self._passed.get((consultation.id, by), 0)
        for number in range(1, PAGES + 1):
            if case := self._first(consultation, by, [int(name) for name, _ in page]):
                return case
            if len(page) < HEADS:
                break
            self._passed[consultation.id, by] = page[-1][1]
            page = self._ask(self._redis, consultation, since, number * HEADS)
        return None

    def _first(self, consultation: Consultation, by: str, numbers: list[int]) -> Case | None:
        for number in self._unseen(consultation, by, numbers):
            if case := self._cases.one(consultation, number):
                return self._blind(case)
        return None

    def _unseen(self, consultation: Consultation, by: str, numbers: list[int]) -> list[int]:
        """Return those that somebody else decided first, and somebody else decided last."""
        if not numbers:
            return []
        decided = self._decisions.of(consultation, numbers)
        verdicts = self._redis.hmget(keys.sampled(consultation.id), numbers)
        return [
            number
            for number, text in zip(numbers, verdicts, strict=True)
            if number in decided and by not in {decided[number].by, text and json.loads(text)["by"]}
        ]

    def _blind(self, case: Case) -> Case:
        """Return it without anything that tells how it was decided."""
        own = case.submission.proposal
        former = self._trail.former(case.consultation, own.id)
        text = former[0].text if former else own.text
        shown = replace(
            case.submission, proposal=replace(own, text=text, state=ProposalState.PENDING)
        )
        return replace(case, submission=replace(shown, reason=None), decision=None, labels=())
