"""Decisions: what staff decide, held for a while, undone, and let take effect."""

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace

from server.consultations.consultation import Consultation
from server.consultations.moderation import (
    HOLD,
    TELLER,
    Act,
    Decision,
    Verdict,
    is_sampled,
    spelling,
    stand_in,
)
from server.consultations.proposing import RefusalReason
from server.store import keys
from server.store.connection import Client, reaching_store
from server.store.consultations import Consultations
from server.store.desk import Desk, script
from server.store.proposal_records import said_digest
from server.store.submissions import Submissions
from server.store.verdicts import decision, demand

ID_BYTES = 9  # of an act
BATCH = 200  # verdicts in one script, and decisions that take effect in one
SAMPLED_ACTS = {Act.ACCEPT, Act.REFUSE}


class Decisions:
    def __init__(
        self, client: Client, desk: Desk, consultations: Consultations, submissions: Submissions
    ) -> None:
        self._redis = client
        self._desk = desk
        self._consultations = consultations
        self._submissions = submissions
        self._sample_key: bytes | None = None
        self._judge = script("judge")
        self._undo = script("undo")
        self._settle = script("settle")
        self._take_down = script("take_down")
        self._put_back = script("put_back")

    @reaching_store()
    def decide(
        self, consultation: Consultation, by: str, verdicts: Iterable[Verdict], hold: int = HOLD
    ) -> str:
        """Decide all of these or none, up to 200; they take effect after `hold` milliseconds, 0 is at once.

        Returns the id of the act, which an undo names.

        Raises `AlreadyDecided` with the first decision, `ProposalChanged`, `NotPending`, `SameText`,
        `MergeRefused`, `Closed`, and `WordingRefused` if an edit breaks the rules.
        """
        given = list(verdicts)
        accepted = [one.proposal for one in given if one.act is Act.ACCEPT]
        texts = self._submissions.texts(consultation, accepted)
        written = [self._written(consultation, one, texts.get(one.proposal)) for one in given]
        closes = int(consultation.closes.timestamp() * 1000)
        act = secrets.token_urlsafe(ID_BYTES)
        for start in range(0, len(written), BATCH):
            some = written[start : start + BATCH]
            arguments: list[int | str] = [act, hold, closes, *some]
            demand(self._desk.run(self._judge, consultation, by, arguments))
        return act

    @reaching_store()
    def undo(
        self, consultation: Consultation, by: str, act: str, proposals: Sequence[int]
    ) -> tuple[int, ...]:
        """Take back what the act with this id decided or postponed, of these proposals.

        Returns those of them where it could not be, some having been decided anew or being gone.
        If it could be nowhere, raises `UndoTooLate` once it is seen, or `DecisionReplaced`.
        """
        arguments: list[int | str] = [secrets.token_urlsafe(ID_BYTES), act, *proposals]
        refusal, left = self._desk.run(self._undo, consultation, by, arguments)
        demand(refusal)
        return tuple(map(int, left))

    @reaching_store()
    def settle(self, consultation: Consultation) -> int:
        """Let take effect what is due; return how many decisions that were."""
        settled = 0
        while some := int(self._desk.run(self._settle, consultation, TELLER, (BATCH,))):
            settled += some
        return settled

    @reaching_store()
    def first_due(self, consultations: Sequence[Consultation]) -> list[int | None]:
        """Return when the next decision of each takes effect (ms), in one round trip."""
        with self._redis.pipeline(transaction=False) as batch:
            for consultation in consultations:
                batch.zrange(keys.due(consultation.id), 0, 0, withscores=True)
            return [int(found[0][1]) if found else None for found in batch.execute()]

    @reaching_store()
    def take_down(
        self, consultation: Consultation, by: str, proposal: int, reason: RefusalReason
    ) -> None:
        """Take a published proposal from readers, at once; raise `NotPublished`."""
        stands = stand_in(consultation.prefix)
        arguments = (secrets.token_urlsafe(ID_BYTES), proposal, str(reason), stands)
        demand(self._desk.run(self._take_down, consultation, by, arguments))

    @reaching_store()
    def put_back(self, consultation: Consultation, by: str, proposal: int) -> None:
        """Give back to readers what was taken down, or merged after it was published.

        It has the votes that it had. Raises `NotPublished` if it never was, and `SameText` if
        another one that says the same is published by now.
        """
        kept = self._submissions.texts(consultation, [proposal]).get(proposal)
        digest = said_digest(json.loads(kept)["text"]) if kept else ""
        arguments = (secrets.token_urlsafe(ID_BYTES), proposal, digest)
        demand(self._desk.run(self._put_back, consultation, by, arguments))

    @reaching_store()
    def of(self, consultation: Consultation, proposals: Sequence[int]) -> dict[int, Decision]:
        """Return the last decision on each of these that has one."""
        if not proposals:
            return {}
        texts = self._redis.hmget(keys.decided(consultation.id), proposals)
        found = zip(proposals, texts, strict=True)
        return {number: decision(number, text) for number, text in found if text}

    @reaching_store()
    def held(self, consultation: Consultation) -> tuple[Decision, ...]:
        """Return the decisions that can still be undone, the next one due first."""
        numbers = [int(n) for n in self._redis.zrange(keys.due(consultation.id), 0, -1)]
        found = self.of(consultation, numbers)
        # A merge whose target is gone is due too, and nobody's to undo.
        return tuple(found[number] for number in numbers if number in found and found[number].due)

    def _written(self, consultation: Consultation, verdict: Verdict, kept: str | None) -> str:
        if verdict.text is not None:
            verdict = replace(verdict, text=spelling(consultation, verdict.text))
        sampled = verdict.act in SAMPLED_ACTS and self._is_sampled(consultation, verdict.proposal)
        text = verdict.text or (json.loads(kept)["text"] if kept else None)
        fields = {
            "proposal": verdict.proposal,
            "act": verdict.act,
            "version": verdict.version,
            "reason": verdict.reason,
            "text": verdict.text,
            "into": verdict.into,
            "until": verdict.until,
            "note": verdict.note or None,
            "sampled": sampled or None,
            "said": said_digest(text) if text and verdict.act is Act.ACCEPT else None,
            "standIn": stand_in(consultation.prefix) if verdict.act is Act.MERGE else None,
        }
        return json.dumps({k: v for k, v in fields.items() if v is not None}, ensure_ascii=False)

    def _is_sampled(self, consultation: Consultation, proposal: int) -> bool:
        if self._sample_key is None:
            self._sample_key = self._consultations.place_key()
        return is_sampled(self._sample_key, consultation.id, proposal)
