"""What the scripts of moderation answer: the last decision, and why something was refused."""

import json
from typing import Any

from server.consultations.errors import (
    AlreadyDecided,
    Closed,
    DecisionReplaced,
    MergeRefused,
    NotPending,
    NotPublished,
    NotSampled,
    ProposalChanged,
    Refusal,
    SameText,
    UndoTooLate,
)
from server.consultations.moderation import Act, Decision
from server.consultations.proposing import RefusalReason


def decision(proposal: int, text: str) -> Decision:
    """Read what the scripts keep of a decision."""
    kept = json.loads(text)
    return Decision(
        proposal=proposal,
        act=Act(kept["act"]),
        by=kept["by"],
        at=int(kept["at"]),
        version=kept.get("version", ""),
        reason=RefusalReason(kept["reason"]) if kept.get("reason") else None,
        into=int(kept["into"]) if kept.get("into") else None,
        edited=bool(kept.get("edited")),
        due=int(kept["due"]) if kept.get("due") else None,
        id=kept.get("id", ""),
    )


def told(first: Decision) -> dict[str, Any]:
    """Return what the second of two moderators is told of the first one's decision."""
    return {
        "id": first.id,
        "proposal": first.proposal,
        "act": first.act,
        "by": first.by,
        "at": first.at,
        "reason": first.reason,
        "into": first.into,
    }


def demand(reply: list[Any]) -> None:
    """Raise what a script refuses."""
    if reply:
        code, number, beside = reply
        raise refusal(code, int(number), beside)


def refusal(code: str, number: int, beside: str) -> Refusal:
    """Return the refusal of a script's reply."""
    first = decision(number, beside) if beside.startswith("{") else None
    if code == AlreadyDecided.code and first:
        said = f"Proposal {number} was decided by {first.by} already: {first.act}."
        return AlreadyDecided(said, field="proposal", decision=told(first))
    if code == UndoTooLate.code:
        extra = {"decision": told(first)} if first else {}
        return UndoTooLate(f"Nothing to undo any more: {number}.", field="proposal", **extra)
    if code == DecisionReplaced.code and first:
        said = f"Proposal {number} was decided anew since, by {first.by}: {first.act}."
        return DecisionReplaced(said, field="decision", decision=told(first))
    if code == ProposalChanged.code:
        said = f"Proposal {number} is not as it was read any more."
        return ProposalChanged(said, field="version", version=beside)
    if code == MergeRefused.code:
        said = f"Proposal {beside} cannot stand for {number}."
        return MergeRefused(said, field="into")
    if code == SameText.code:
        said = f"Proposal {beside} is accepted and says the same as {number}, to the letter."
        return SameText(said, field="proposal", into=int(beside))
    if code == Closed.code:
        return Closed("The vote is over before anybody could read it.")
    if code == NotPublished.code:
        return NotPublished(f"Not for readers to see: {number}.", field="proposal")
    if code == NotSampled.code:
        return NotSampled(f"No second judgement is asked of you on {number}.", field="proposal")
    return NotPending(f"Not waiting for a decision: {number}.", field="proposal")
