"""Cases: a proposal with all that a moderator has to know of it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from server.consultations.consultation import Consultation
from server.consultations.moderation import Decision, version_of
from server.consultations.queue import Case, Postponed
from server.store import keys
from server.store.connection import Client, reaching_store
from server.store.decisions import Decisions
from server.store.desk import FAR, Desk
from server.store.proposal_records import load_submission
from server.store.submissions import Submissions


class Cases:
    def __init__(
        self, client: Client, desk: Desk, submissions: Submissions, decisions: Decisions
    ) -> None:
        self._redis = client
        self._desk = desk
        self._submissions = submissions
        self._decisions = decisions

    def one(self, consultation: Consultation, proposal: int, by: str = "") -> Case | None:
        """Return a proposal with all that a moderator has to know; `by` is never its holder."""
        return next(iter(self.of(consultation, [proposal], by)), None)

    @reaching_store()
    def of(
        self, consultation: Consultation, proposals: Sequence[int], by: str = ""
    ) -> tuple[Case, ...]:
        """Return these proposals in this order, but for those that there are not."""
        if not proposals:
            return ()
        c, now = consultation.id, self._desk.now()
        with self._redis.pipeline(transaction=False) as batch:
            batch.hmget(keys.notes(c), proposals)
            batch.hmget(keys.tags(c), proposals)
            batch.hmget(keys.looking(c), proposals)
            batch.zmscore(keys.queue(c), [*map(str, proposals)])
            beside = zip(proposals, *batch.execute(), strict=True)
        known = self._submissions.texts(consultation, list(proposals))
        decided = self._decisions.of(consultation, list(proposals))
        return tuple(
            _case(consultation, (number, known[number], *rest), decided, (by, now))
            for number, *rest in beside
            if number in known
        )


def holder(held: str | None, by: str, now: int) -> str | None:
    until, _, who = (held or "0 ").partition(" ")
    return who if int(until) > now and who != by else None


def _case(
    consultation: Consultation,
    found: tuple[Any, ...],
    decided: Mapping[int, Decision],
    seen: tuple[str, int],
) -> Case:
    number, text, note, labels, held, score = found
    by, now = seen
    read = load_submission(number, text)
    kept = json.loads(note) if note else {}
    queued = int(score) if score is not None and score < FAR else None
    since = kept.get("since") or queued or read.at or now
    waits = (
        Postponed(int(kept["until"]), kept["by"], kept.get("note", ""), kept["id"])
        if kept
        else None
    )
    return Case(
        consultation=consultation,
        submission=read,
        version=version_of(text),
        since=int(since),
        labels=tuple(json.loads(labels)) if labels else (),
        postponed=waits,
        decision=decided.get(number),
        holder=holder(held, by, now),
    )
