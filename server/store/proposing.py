"""Proposing: readers' proposals until staff decide, and who is told of it."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from server.consultations import moderation
from server.consultations.brakes import (
    NETWORK_LOOK_STEP,
    NETWORK_LOOKS_AT_ONCE,
    NETWORK_PROPOSAL_STEP,
    NETWORK_PROPOSALS_AT_ONCE,
    PROPOSAL_STEP,
    PROPOSALS_AT_ONCE,
    PROPOSALS_KEPT,
)
from server.consultations.consultation import Consultation, ProposalState
from server.consultations.moderation import OPERATOR
from server.consultations.proposing import Draft, RefusalReason, Submission
from server.consultations.wording import likeness
from server.store import keys
from server.store.ballots import DEADLINE, run
from server.store.caller import Caller, Script
from server.store.clock import StoreClock
from server.store.connection import Client, reaching_store
from server.store.decisions import Decisions
from server.store.proposal_records import dump_proposal, last_in_line, load_submission
from server.store.submissions import Submissions

UNNUMBERED = 0  # the script finds a number
LIKENESS = 16  # hexadecimal digits: enough to tell one author's few texts apart
MARK = 8  # characters of an author's name: enough to tell thousands apart
# What staff keep of a proposal, as forget_author.lua has it.
OF_STAFF = (
    keys.indexed,
    keys.edits,
    keys.queue,
    keys.due,
    keys.second,
    keys.decided,
    keys.notes,
    keys.looking,
    keys.tags,
    keys.sampled,
)


class Proposing:
    """All of a consultation's proposals lie in one slot, apart from its ballots and by other names.

    No key and no value leads from an author to a voter.
    """

    def __init__(
        self,
        client: Client,
        clock: StoreClock,
        caller: Caller,
        submissions: Submissions,
        decisions: Decisions,
    ) -> None:
        self._redis = client
        self._clock = clock
        self._caller = caller
        self._submissions = submissions
        self._decisions = decisions
        self._propose = Script.load("propose")
        self._forget = Script.load("forget_author")
        self._brake_look = Script.load("brake_look")

    @reaching_store()
    def propose(
        self, consultation: Consultation, author: str, draft: Draft, number: int, place: int
    ) -> Submission:
        """Keep a draft and return what waits; the same again returns what became of it.

        `place` stands for the author's network, which has a brake of its own.

        Raises `Closed`, `BallotsDestroyed`, `TooLate`, `Superseded` or `SlowDown`.
        """
        text = dump_proposal(draft.numbered(UNNUMBERED), at=self._clock.now())
        arguments = (
            text,
            number,
            sha256(likeness(draft.text).encode()).hexdigest()[:LIKENESS],
            self._clock.now() + DEADLINE,
            int(consultation.proposes_until.timestamp() * 1000),
            PROPOSAL_STEP,
            PROPOSALS_AT_ONCE,
            PROPOSALS_KEPT,
            NETWORK_PROPOSAL_STEP,
            NETWORK_PROPOSALS_AT_ONCE,
            self.mark_of(author),
        )
        c = consultation.id
        at = [*_keys(consultation, author), keys.place(c, place), keys.authors(c)]
        given, kept = run(self._caller, self._propose, at, arguments)
        if not given:
            self._begin_numbering(consultation)
            given, kept = run(self._caller, self._propose, at, arguments)
        (answer,) = self._submissions.told(consultation, {int(given): kept or text})
        return answer

    @reaching_store()
    def brake_look(self, consultation: Consultation, place: int) -> None:
        """Count a look at what is similar; raise `SlowDown` if one network takes too many."""
        arguments = (self._clock.now() + DEADLINE, NETWORK_LOOK_STEP, NETWORK_LOOKS_AT_ONCE)
        run(self._caller, self._brake_look, [keys.asking(consultation.id, place)], arguments)

    @reaching_store()
    def of(self, consultation: Consultation, author: str) -> tuple[Submission, ...]:
        """Return what an author has proposed, whatever became of it, by number."""
        names = self._redis.hkeys(keys.author(consultation.id, author))
        made = sorted(int(name) for name in names if name.isdecimal())
        known = self._submissions.texts(consultation, made)
        return self._submissions.told(consultation, known)

    @reaching_store()
    def authors(
        self, consultation: Consultation, some: Sequence[int] | None = None
    ) -> dict[int, str]:
        """Return a mark of the author of every proposal that a reader made: equal for one author.

        Of `some` proposals, if they are given, else of all.
        """
        if some is None:
            found = self._redis.hgetall(keys.authors(consultation.id))
            return {int(number): mark for number, mark in found.items()}
        marks = self._redis.hmget(keys.authors(consultation.id), some) if some else []
        return {number: mark for number, mark in zip(some, marks, strict=True) if mark}

    @staticmethod
    def mark_of(author: str) -> str:
        """Return what is kept beside each proposal of an author, until they are forgotten."""
        return author[:MARK]

    @reaching_store()
    def marked(self, consultation: Consultation, number: int) -> tuple[str, Submission | None]:
        """Return a reader's proposal and the mark of its author: empty once they are forgotten."""
        mark = self._redis.hget(keys.authors(consultation.id), str(number)) or ""
        known = self._submissions.texts(consultation, [number]) if mark else {}
        return mark, next(iter(self._submissions.told(consultation, known)), None)

    @reaching_store()
    def waiting(self, consultation: Consultation) -> tuple[Submission, ...]:
        """Return what waits for a decision, by number: readers' proposals, and a file's."""
        found = dict(self._redis.hgetall(keys.proposals(consultation.id)))
        found |= self._redis.hgetall(keys.proposed(consultation.id))
        every = (load_submission(int(number), found[number]) for number in sorted(found, key=int))
        return tuple(one for one in every if one.proposal.state is ProposalState.PENDING)

    def accept(self, consultation: Consultation, numbers: Iterable[int]) -> None:
        """Publish proposals at once; every process serves them within a second.

        As the operator does: all of them or none. Raises `NotPending`.
        """
        verdicts = [moderation.accept(number) for number in dict.fromkeys(numbers)]
        self._decisions.decide(consultation, OPERATOR, verdicts, hold=0)

    def refuse(
        self, consultation: Consultation, numbers: Iterable[int], reason: RefusalReason
    ) -> None:
        """Refuse proposals at once; their authors are told why. Raises `NotPending`."""
        verdicts = [moderation.refuse(number, reason) for number in dict.fromkeys(numbers)]
        self._decisions.decide(consultation, OPERATOR, verdicts, hold=0)

    @reaching_store()
    def forget(self, consultation: Consultation, author: str, number: int | None = None) -> int:
        """Drop what an author proposed and is not published, name and age of what is, and the list.

        Returns how many proposals are gone.
        """
        arguments = (self._clock.now() + DEADLINE, "" if number is None else number)
        c = consultation.id
        at = [
            *_keys(consultation, author),
            *(make(c) for make in OF_STAFF),
            keys.authors(c),
            keys.twins(c),
            keys.acts(c),
            keys.acts_of(c),
            keys.said(c),
        ]
        gone = run(self._caller, self._forget, at, arguments)
        return int(gone)

    @reaching_store()
    def accepted_lately(self, consultation: Consultation, most: int) -> list[tuple[int, int]]:
        """Return the proposals accepted last, newest first, each with the instant (ms)."""
        at = keys.accepted(consultation.id)
        found = self._redis.zrange(at, 0, most - 1, desc=True, withscores=True)
        return [(int(number), int(moment)) for number, moment in found]

    def _begin_numbering(self, consultation: Consultation) -> None:
        """Have readers' proposals numbered after those of the file, but for a few far above."""
        taken = [int(name) for name in self._redis.hkeys(keys.proposals(consultation.id))]
        self._redis.set(keys.proposal_number(consultation.id), last_in_line(taken), nx=True)


def _keys(consultation: Consultation, author: str) -> list[str]:
    """The KEYS of every script about one author, in their fixed order."""
    c = consultation.id
    return [
        keys.author(c, author),
        keys.proposed(c),
        keys.proposals(c),
        keys.proposal_number(c),
        keys.purge(c),
        keys.version(c),
    ]
