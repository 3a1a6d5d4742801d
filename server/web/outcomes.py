"""Outcomes: what a consultation came to, for everybody and for our own pages."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from flask import Blueprint, Response, jsonify

from server.consultations.answers import Answer
from server.consultations.consultation import Proposal, ResultsRule
from server.consultations.errors import ResultsNotYet
from server.consultations.results import Counts
from server.consultations.standings import SUPPORTED
from server.web import followup_document, results
from server.web.directory import Snapshot
from server.web.schemas.consultations import OUTCOME_ANSWER
from server.web.service import service

blueprint = Blueprint("outcomes", __name__)

MOST = 5  # proposals
SHORTLY = "public, max-age=5, s-maxage=5"


@dataclass(frozen=True)
class Supported:
    proposal: Proposal
    counts: Counts
    score: float
    confidence: float

    @property
    def shown(self) -> dict[str, Any]:
        """The results as readers are shown them: no percentages of few votes."""
        return results.shown(self.proposal.id, self.counts)


@blueprint.get("/api/v1/consultations/<slug>/outcome")
def show(slug: str) -> Response:
    """Serve participants and the best supported proposals, as soon as the rule lets all see them."""
    snapshot = service().directory.find(slug)
    demand_outcome(snapshot)
    response = jsonify(OUTCOME_ANSWER.dump(_document(snapshot)))
    response.headers["Cache-Control"] = SHORTLY
    return response


def demand_outcome(snapshot: Snapshot) -> None:
    """Raise `ResultsNotYet` before the close, unless results are always shown."""
    consultation = snapshot.consultation
    closed = consultation.phase(datetime.now(UTC)).is_over
    if not closed and consultation.results is not ResultsRule.ALWAYS:
        raise ResultsNotYet(f"The outcome is published on {consultation.closes.isoformat()}.")


def best_supported(snapshot: Snapshot) -> tuple[Supported, ...]:
    """Return the best supported proposals, the best one first, as the teller has listed them.

    Who calls this has asked the rule first.
    """
    rows = snapshot.lists.get(SUPPORTED, ()) if snapshot.lists else ()
    shown = (row for row in rows if row[0] in snapshot.accepted)
    return tuple(
        Supported(snapshot.accepted[number], snapshot.published.of(number), score, confidence)
        for number, score, confidence in islice(shown, MOST)
    )


def answered(snapshot: Snapshot) -> list[tuple[Proposal, Answer]]:
    """Return the questions that were answered and are still shown, by number."""
    both = ((snapshot.accepted.get(one.proposal), one) for one in snapshot.consultation.answers)
    return [(proposal, answer) for proposal, answer in both if proposal]


def _document(snapshot: Snapshot) -> dict[str, Any]:
    published = snapshot.published
    return {
        "asOf": published.as_of,
        "revision": published.revision,
        "participants": published.voters,
        "proposals": [
            {
                "proposal": one.proposal,
                "score": one.score,
                "confidence": one.confidence,
                "results": one.shown,
            }
            for one in best_supported(snapshot)
        ],
        "answers": [
            {**asdict(answer), "proposal": proposal} for proposal, answer in answered(snapshot)
        ],
        **followup_document.document(snapshot, datetime.now(UTC)),
    }
