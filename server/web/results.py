"""How results look on the wire and in the booth."""

from typing import Any

from server.consultations.ballots import QUALIFICATIONS
from server.consultations.results import EARLY, Counts, shares


def shown(proposal: int, counts: Counts) -> dict[str, Any]:
    """Return the results of one proposal; no percentages while there are few votes."""
    early = counts.total < EARLY
    percents = shares(list(counts.votes.values()))
    return {
        "proposal": proposal,
        "total": counts.total,
        "early": early,
        "votes": {
            vote.value: {
                "count": number,
                "share": None if early else percent,
                "qualifications": {
                    name: _nuance(counts.qualifications[name], number, early)
                    for name in QUALIFICATIONS[vote]
                },
            }
            for (vote, number), percent in zip(counts.votes.items(), percents, strict=True)
        },
    }


def _nuance(number: int, of: int, early: bool) -> dict[str, int | None]:
    share = None if early else round(100 * number / of) if of else 0
    return {"count": number, "share": share}
