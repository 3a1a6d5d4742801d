"""Submissions: what is kept of a proposal, wherever it lies, and what its author is told."""

import json
from collections.abc import Sequence
from dataclasses import replace

from server.consultations.consultation import Consultation, ProposalState
from server.consultations.proposing import Submission
from server.store import keys
from server.store.connection import Client
from server.store.proposal_records import load_submission

CHAIN = 5  # duplicates of duplicates that are followed


class Submissions:
    def __init__(self, client: Client) -> None:
        self._redis = client

    def texts(self, consultation: Consultation, numbers: Sequence[int]) -> dict[int, str]:
        """Return what is kept of these proposals, in whichever place."""
        if not numbers:
            return {}
        with self._redis.pipeline(transaction=False) as batch:
            # In this order none is missed that is published at this moment.
            batch.hmget(keys.proposed(consultation.id), numbers)
            batch.hmget(keys.proposals(consultation.id), numbers)
            proposed, published = batch.execute()
        both = zip(numbers, proposed, published, strict=True)
        found = ((number, _whole(theirs, ours)) for number, theirs, ours in both)
        return {number: text for number, text in found if text}

    def told(self, consultation: Consultation, texts: dict[int, str]) -> tuple[Submission, ...]:
        """Return these as their author may know them: of a duplicate, what became of the other."""
        return tuple(self._told(consultation, n, text) for n, text in texts.items())

    def _told(self, consultation: Consultation, number: int, text: str) -> Submission:
        own, into = load_submission(number, text), _into(text)
        for _ in range(CHAIN):
            if into is None:
                return own
            text = self.texts(consultation, [into]).get(into, "")
            if not text:
                return own  # its author was forgotten
            other, into = load_submission(into, text), _into(text)
            own = _after(own, other)
        return own


def _after(own: Submission, other: Submission) -> Submission:
    """Return a duplicate's fate, which is that of the proposal that stands for it.

    Nobody is shown the text of one that is not published.
    """
    state = other.proposal.state
    if state is ProposalState.ACCEPTED:
        return replace(own, into=other.proposal)
    reason = other.reason if state is ProposalState.REFUSED else None
    return replace(own, proposal=replace(own.proposal, state=state), reason=reason)


def _into(text: str) -> int | None:
    into = json.loads(text).get("into")
    return int(into) if into else None


def _whole(theirs: str | None, ours: str | None) -> str | None:
    """Of what was taken from readers again, only a stand-in lies among the published ones."""
    if theirs and json.loads(theirs).get("down"):
        return theirs
    return ours or theirs
