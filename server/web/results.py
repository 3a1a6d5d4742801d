"""How results look on the wire and in the booth."""

from typing import Any

from server.consultations.ballots import QUALIFICATIONS, VOTES
from server.consultations.results import EARLY, NAMES, Counts, shares

NUANCES = [
    [(name, len(VOTES) + NAMES.index(name)) for name in QUALIFICATIONS[vote]] for vote in VOTES
]  # of each vote: their names, and their places among the twelve numbers


def shown(proposal: int, counts: Counts) -> dict[str, Any]:
    """Return the results of one proposal; no percentages while there are few votes.

    Where links brought more votes than were asked for, these stand apart.
    """
    link = counts.by_link if counts.led_by_links else None
    if link:
        counts = Counts(counts.asked)
    return {
        "proposal": proposal,
        "total": counts.total,
        "early": counts.total < EARLY,
        "byLink": link and {"total": link.total, "votes": _votes(link)},
        "votes": _votes(counts),
    }


def _votes(counts: Counts) -> dict[str, Any]:
    numbers, early = counts.numbers, counts.total < EARLY
    percents = [None] * len(VOTES) if early else shares(numbers[: len(VOTES)])
    return {
        vote.value: {
            "count": number,
            "share": percent,
            "qualifications": {
                name: {
                    "count": numbers[place],
                    "share": None if early else _share(numbers[place], number),
                }
                for name, place in nuances
            },
        }
        for vote, number, percent, nuances in zip(VOTES, numbers, percents, NUANCES, strict=False)
    }


def _share(part: int, of: int) -> int:
    return round(100 * part / of) if of else 0
