"""How results look on the wire and in the booth."""

from typing import Any

from server.consultations.ballots import QUALIFICATIONS, Vote
from server.consultations.results import EARLY, Counts, shares


def shown(proposal: int, counts: Counts) -> dict[str, Any]:
    """Return the results of one proposal; no percentages while there are few votes."""
    total = counts.total
    early = total < EARLY
    votes = counts.votes
    percents = [None] * len(votes) if early else shares(list(votes.values()))
    return {
        "proposal": proposal,
        "total": total,
        "early": early,
        "votes": {
            vote.value: {
                "count": number,
                "share": percent,
                "qualifications": _nuances(vote, counts, None if early else number),
            }
            for (vote, number), percent in zip(votes.items(), percents, strict=True)
        },
    }


def _nuances(vote: Vote, counts: Counts, of: int | None) -> dict[str, dict[str, int | None]]:
    """Return the counts of a vote's nuances, and their shares of `of` votes where that is known."""
    numbers = counts.qualifications
    if not of:
        share = None if of is None else 0
        return {name: {"count": numbers[name], "share": share} for name in QUALIFICATIONS[vote]}
    return {
        name: {"count": numbers[name], "share": round(100 * numbers[name] / of)}
        for name in QUALIFICATIONS[vote]
    }
