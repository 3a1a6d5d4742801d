"""Opinion groups: people who vote alike, and what unites and divides them. No group has a name.

Nothing is told of fewer than `results.EARLY` people, and no number from which it could be worked out:
shares are whole percents, on proposals on which that many of every group have voted.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from server.consultations.ballots import Vote

ENOUGH_VOTES = (
    7  # with which Polis puts a voter into a group (math/src/polismath, conversation.clj)
)
ENOUGH_PEOPLE = 100  # with so many votes, before we look for groups at all
MOST_PEOPLE = 5000  # looked at; of more a sample, whose shares are good to 1.4 points
MOST_PROPOSALS = 500  # looked at, those with most votes
MOST_GROUPS = 5  # as in Polis
MOST_SHOWN = 5  # proposals for each group, and of what unites and divides them
MOST_KEPT = 10  # of each: what is taken from readers later leaves no gap


@dataclass(frozen=True)
class Stand:
    """A proposal, a vote, and how many in a hundred of each group cast it there."""

    proposal: int
    vote: Vote
    shares: tuple[int, ...]


@dataclass(frozen=True)
class Group:
    """`stands` are on what it votes otherwise than the others, the clearest first."""

    people: int
    stands: tuple[Stand, ...]


@dataclass(frozen=True)
class OpinionGroups:
    """The largest group first; none where no two can be told apart and shown.

    `people` is how many are in them, or were looked at where there are none; `sampled` says that
    they were drawn from more, `small` that some others belong to groups too small to be shown,
    `blurred` that people differ and any line drawn between them would fall elsewhere with others.
    """

    as_of: int  # milliseconds by the store's clock
    revision: int  # of the ballots they were found in, or an earlier one
    people: int
    proposals: int
    sampled: bool = False
    small: bool = False
    blurred: bool = False
    groups: tuple[Group, ...] = ()
    united: tuple[Stand, ...] = ()
    divided: tuple[Stand, ...] = ()


def written(groups: OpinionGroups) -> str:
    """Return them as they are kept."""
    return json.dumps(asdict(groups), separators=(",", ":"))


def read(text: str) -> OpinionGroups | None:
    """Read what `written` wrote; None for anything else: no page fails for it."""
    try:
        return of_fields(json.loads(text))
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def of_fields(fields: Mapping[str, Any]) -> OpinionGroups:
    """Return the groups that these fields tell of; raise all sorts of errors for others."""
    return OpinionGroups(
        as_of=int(fields["as_of"]),
        revision=int(fields["revision"]),
        people=int(fields["people"]),
        proposals=int(fields["proposals"]),
        sampled=bool(fields["sampled"]),
        small=bool(fields["small"]),
        blurred=bool(fields.get("blurred")),  # what was kept before had no such field
        groups=tuple(Group(int(g["people"]), _stands(g["stands"])) for g in fields["groups"]),
        united=_stands(fields["united"]),
        divided=_stands(fields["divided"]),
    )


def _stands(found: Any) -> tuple[Stand, ...]:
    return tuple(
        Stand(int(one["proposal"]), Vote(one["vote"]), tuple(map(int, one["shares"])))
        for one in found
    )
