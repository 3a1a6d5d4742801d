"""Finding groups among people by how they voted, with red-dwarf, which reproduces Polis.

Imported by the child process alone: pandas and scikit-learn take 150 MB.
"""

import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from server.consultations.ballots import Vote
from server.consultations.opinion_groups import (
    ENOUGH_PEOPLE,
    ENOUGH_VOTES,
    MOST_KEPT,
    MOST_PROPOSALS,
    Group,
    Stand,
)
from server.consultations.results import EARLY
from server.grouping.parting import Blurred, part

with warnings.catch_warnings():
    # Its models of a Polis server, which we do not use, are written for an older pydantic.
    warnings.simplefilter("ignore")
    from reddwarf.utils.stats import calculate_comment_statistics_dataframes

SIDES = {Vote.AGREE: 1.0, Vote.DISAGREE: -1.0}
# The library's names: is it most of the group, is it more than of the others, how many times more.
TESTS = {Vote.AGREE: ("pat", "rat", "ra"), Vote.DISAGREE: ("pdt", "rdt", "rd")}
SURE = 1.28  # standard errors, as in Polis: one in ten by chance
AGAIN = 3  # searches more, each without the few who stood apart in the one before
MOST = 50  # in a hundred: more of every group is what unites them
APART = 30  # points between two groups, at least, on what divides them

Row = Mapping[int, int]  # proposal -> 1, 0 or -1


@dataclass(frozen=True)
class Found:
    """`people` are in `groups`, or were looked at where there are none; the rest as in
    `OpinionGroups`.
    """

    people: int
    proposals: int
    small: bool = False
    blurred: bool = False
    groups: tuple[Group, ...] = ()
    united: tuple[Stand, ...] = ()
    divided: tuple[Stand, ...] = ()


def find(rows: Sequence[Row]) -> Found:
    """Return the groups that can be shown, if there are two; `rows` hold one voter each."""
    return _find(_matrix(rows))


def _find(votes: Any, small: bool = False, again: int = AGAIN) -> Found:
    people, proposals = votes.shape
    try:
        labels = part(votes.to_numpy()) if people >= ENOUGH_PEOPLE else None
    except Blurred:
        return Found(people, proposals, small, blurred=True)
    if labels is None:
        return Found(people, proposals, small)
    sizes = Counter(labels.tolist())
    shown = [label for label, size in sizes.most_common() if size >= EARLY]
    small = small or len(shown) < len(sizes)
    if len(shown) == 1 and again:
        # A few stood so far apart that all others looked alike: look at these alone.
        others = votes.loc[labels == shown[0]].dropna(axis="columns", how="all")
        return _find(others, small, again - 1)
    if len(shown) < 2:
        return Found(people, proposals, small)
    parts = [votes.loc[labels == label] for label in shown]
    table = _Table(parts)
    groups = tuple(
        Group(len(one), tuple(stands))
        for one, stands in zip(parts, _representative(table), strict=True)
    )
    united, divided = tuple(_united(table)), tuple(_divided(table))
    # Of those who are shown: the difference would be the size of a group that is not.
    return Found(len(table.votes), proposals, small, groups=groups, united=united, divided=divided)


def _matrix(rows: Sequence[Row]) -> Any:
    """Return people by proposals, NaN where somebody has not voted; only who has voted enough.

    In the order of what was voted: who cast it and when the store keeps it are no matter.
    """
    rows = sorted(rows, key=lambda row: sorted(row.items()))
    rows = [row for row in rows if len(row) >= ENOUGH_VOTES]
    counted = Counter(proposal for row in rows for proposal in row)
    most = sorted(counted, key=lambda proposal: (-counted[proposal], proposal))[:MOST_PROPOSALS]
    columns = {proposal: column for column, proposal in enumerate(sorted(most))}
    kept = [row for row in rows if len(row.keys() & columns.keys()) >= ENOUGH_VOTES]
    cells = np.full((len(kept), len(columns)), np.nan)
    for number, row in enumerate(kept):
        for proposal in row.keys() & columns.keys():
            cells[number, columns[proposal]] = row[proposal]
    return pd.DataFrame(cells, columns=[*columns]).dropna(axis="columns", how="all")


class _Table:
    """How the groups that are shown voted, on the proposals that may be told."""

    def __init__(self, parts: Sequence[Any]) -> None:
        self.votes = pd.concat(parts)
        self.labels: Any = np.repeat(range(len(parts)), [len(part) for part in parts])
        cast = [part.notna().sum() for part in parts]
        least = pd.concat(cast, axis=1).min(axis=1)
        # As in every view no percentage is of fewer votes. On any other proposal what of all is
        # known, less the shares of the others, would tell this group's.
        self.told = [int(proposal) for proposal in least.index[least >= EARLY]]
        self._shares = {
            vote: pd.concat(
                [(part == side).sum() / number for part, number in zip(parts, cast, strict=True)],
                axis=1,
            )
            for vote, side in SIDES.items()
        }

    def stand(self, proposal: int, vote: Vote) -> Stand:
        shares = self._shares[vote].loc[proposal]
        return Stand(proposal, vote, tuple(round(100 * share) for share in shares))


def _representative(table: _Table) -> Iterator[list[Stand]]:
    """Yield of each group what most of it say and the others say less, by Polis' two tests.

    Not by the library's selection: it begins with a line that need not pass them, and may turn it.
    """
    statistics, _ = calculate_comment_statistics_dataframes(table.votes, table.labels)
    for group in range(int(table.labels.max()) + 1):
        of_group = statistics.xs(group, level="group_id")
        strengths = {
            table.stand(proposal, vote): strength
            for proposal in table.told
            for vote in SIDES
            if (strength := _strength(of_group.loc[proposal], vote))
        }
        ranked = sorted(strengths, key=lambda one: (-strengths[one], one.proposal))
        yield [stand for stand in ranked if _says_more(stand, group)][:MOST_KEPT]


def _strength(statistics: Any, vote: Vote) -> float:
    """Return how much more a group says so than all others do; nothing unless both are sure."""
    most, more, ratio = (float(statistics[name]) for name in TESTS[vote])
    return ratio * more if most > SURE and more > SURE else 0.0


def _says_more(stand: Stand, group: int) -> bool:
    """Whether readers see so too: most of the group, and more than of any other."""
    own = stand.shares[group]
    return own > max(MOST, *stand.shares[:group], *stand.shares[group + 1 :])


def _united(table: _Table) -> Iterator[Stand]:
    """Yield what most of every group say, by group-informed consensus: the product over groups."""
    _, consensus = calculate_comment_statistics_dataframes(table.votes, table.labels)
    ranked = sorted(
        (-float(consensus.loc[proposal, f"group-aware-consensus-{vote}"]), proposal, vote)
        for proposal in table.told
        for vote in SIDES
    )
    stands = (table.stand(proposal, vote) for _, proposal, vote in ranked)
    yield from [stand for stand in stands if min(stand.shares) > MOST][:MOST_KEPT]


def _divided(table: _Table) -> Iterator[Stand]:
    """Yield where the shares of those who agree lie furthest apart."""
    stands = [table.stand(proposal, Vote.AGREE) for proposal in table.told]
    apart = {stand: max(stand.shares) - min(stand.shares) for stand in stands}
    ranked = sorted(stands, key=lambda stand: (-apart[stand], stand.proposal))
    yield from [stand for stand in ranked if apart[stand] >= APART][:MOST_KEPT]
