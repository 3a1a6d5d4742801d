"""Opinion groups as a page shows them: letters for names, texts for numbers.

`{% include "groups.html" %}` draws what `view` returns, as `groups`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from string import ascii_uppercase

from server.consultations.consultation import Consultation, Proposal, ResultsRule
from server.consultations.opinion_groups import ENOUGH_VOTES, MOST_SHOWN, OpinionGroups, Stand
from server.consultations.results import EARLY


@dataclass(frozen=True)
class Line:
    """A proposal, what vote the shares are of, and in a hundred of each group: letter, share."""

    proposal: Proposal
    vote: str
    shares: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class ShownGroup:
    letter: str
    people: int
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class View:
    """`table` holds every line once, in the order of the page; `blurred` stands for no group."""

    groups: tuple[ShownGroup, ...]
    united: tuple[Line, ...]
    divided: tuple[Line, ...]
    table: tuple[Line, ...]
    people: int
    proposals: int
    sampled: bool
    small: bool
    blurred: bool
    as_of: datetime
    fewest: int = EARLY
    enough: int = ENOUGH_VOTES


def view(
    found: OpinionGroups | None,
    consultation: Consultation,
    accepted: Mapping[int, Proposal],
    now: datetime,
) -> View | None:
    """Return what everybody may see of them now; None if there is nothing, or not yet.

    Before the close only where results are always shown: they tell of proposals that a reader has
    not voted on. What was taken from readers since is left out.
    """
    everybody = consultation.results is ResultsRule.ALWAYS or consultation.phase(now).is_over
    if not everybody or found is None or not (found.groups or found.blurred):
        return None
    groups = tuple(
        ShownGroup(letter, group.people, _lines(group.stands, accepted))
        for letter, group in zip(ascii_uppercase, found.groups, strict=False)
    )
    united, divided = _lines(found.united, accepted), _lines(found.divided, accepted)
    every = (*united, *divided, *(line for group in groups for line in group.lines))
    return View(
        groups=groups,
        united=united,
        divided=divided,
        table=tuple({(line.proposal.id, line.vote): line for line in every}.values()),
        people=found.people,
        proposals=found.proposals,
        sampled=found.sampled,
        small=found.small,
        blurred=found.blurred,
        as_of=datetime.fromtimestamp(found.as_of / 1000, UTC).astimezone(consultation.opens.tzinfo),
    )


def _lines(stands: Iterable[Stand], accepted: Mapping[int, Proposal]) -> tuple[Line, ...]:
    lines = (
        Line(
            accepted[one.proposal],
            one.vote.value,
            tuple(zip(ascii_uppercase, one.shares, strict=False)),
        )
        for one in stands
        if one.proposal in accepted
    )
    return tuple(islice(lines, MOST_SHOWN))
