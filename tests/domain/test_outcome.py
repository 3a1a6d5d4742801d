"""What results are made of: shares with their intervals, small sources, and a bounded curve."""

import pytest

from server.consultations.ballots import Ballot, Trust, Vote, encode
from server.consultations.consultation import Proposal
from server.consultations.folding import OTHERS
from server.consultations.intervals import wilson
from server.consultations.open_data import COLUMNS, rows
from server.consultations.outcome import Count, cell, told
from server.consultations.participation import (
    HOUR,
    MOST,
    Curve,
    Point,
    due,
    extended,
    merged,
)
from server.consultations.scores import Zone
from tests.conftest import consultation

AGREED = encode(Ballot.of(Vote.AGREE, ["likeIt"]), Trust.SEQUENCE)
AGAINST = encode(Ballot(Vote.DISAGREE), Trust.SEQUENCE)
SENT = encode(Ballot(Vote.AGREE), Trust.TRUSTED)
DOUBTFUL = encode(Ballot(Vote.AGREE), Trust.UNVERIFIED)
SHARES_OF = COLUMNS.index("shares_of")
ONE = Proposal(1, "Il faut planter des arbres", "fr")


@pytest.mark.parametrize(
    ("part", "of", "low", "high"),
    [
        # R. G. Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 0.8830, 1.0),
        (0, 0, 0.0, 1.0),
    ],
)
def test_an_interval_is_that_of_the_tables(part: int, of: int, low: float, high: float) -> None:
    found = wilson(part, of)
    assert found.low == pytest.approx(low, abs=6e-5)
    assert found.high == pytest.approx(high, abs=6e-5)


def test_nineteen_votes_have_no_percentage_and_no_score_twenty_have_both() -> None:
    few, enough = (Count({2: 30}, frozenset({2}), {1: {2: {AGREED: n}}}) for n in (19, 20))
    (early,), (found,) = (told(consultation(), [ONE], one).outcomes for one in (few, enough))
    assert (early.total.shares, early.scores, early.total.shown.total) == (None, None, 19)
    assert found.total.shares
    assert found.total.shares[Vote.AGREE].percent == 100
    assert found.scores
    assert (early.zone, found.zone) == (None, Zone.CONSENSUS)


def test_a_zone_and_scores_wait_for_twenty_votes_that_were_asked_for() -> None:
    count = Count({2: 30}, frozenset({2}), {1: {2: {AGREED: 19, SENT: 15}}})
    (found,) = told(consultation(), [ONE], count).outcomes
    assert found.total.shares
    assert (found.zone, found.scores) == (None, None)


def test_what_links_brought_never_is_the_basis_of_a_percentage() -> None:
    found = cell({AGREED: 12, AGAINST: 10, SENT: 200, DOUBTFUL: 9})
    assert (found.shown.total, found.by_link and found.by_link.total) == (22, 200)
    assert found.shares
    assert found.shares[Vote.DISAGREE].percent == 45
    assert (found.counts.total, found.all_votes) == (222, 231)


@pytest.mark.parametrize(("sent", "basis", "shown"), [(40, "asked", 37), (9, "votes", 56)])
def test_sources_have_the_basis_of_their_proposal_and_add_up_to_it(
    sent: int, basis: str, shown: int
) -> None:
    """By itself each source would choose another one."""
    through = {2: {AGREED: 22, SENT: sent - 9 or 1}, 4: {AGREED: 15, SENT: 19 if sent > 9 else 18}}
    count = Count({2: 30, 4: 20}, frozenset({2, 4}), {1: through})
    (found,) = told(consultation(), [ONE], count).outcomes
    assert found.total.shown.total == shown
    assert sum(cell.shown.total for _, cell in found.sources) == shown
    assert {row[SHARES_OF] for row in rows([found], True)} <= {basis, None}


def test_a_source_with_nine_voters_is_told_with_the_others_and_staff_see_it() -> None:
    histograms = {1: {2: {AGREED: 30}, 3: {AGAINST: 9}, 4: {AGAINST: 12}}}
    count = Count({2: 30, 3: 9, 4: 12}, frozenset(), histograms)
    public, staff = told(consultation(), [ONE], count), told(consultation(), [ONE], count, True)
    assert [(s.name, n) for s, n in public.sources] == [("rmc", 30), (OTHERS.name, 21)]
    (only,) = public.outcomes
    assert [(s.name, c.shown.total) for s, c in only.sources] == [("rmc", 30), ("~others", 21)]
    assert {s.name for s in public.folded} == {"direct", "bfm", "les-echos"}
    assert [s.name for s, _ in staff.outcomes[0].sources] == ["rmc", "bfm", "les-echos"]


def test_a_source_that_has_votes_elsewhere_only_is_folded_here_too() -> None:
    count = Count({2: 30}, frozenset({2, 3}), {1: {2: {AGREED: 30}}})
    assert "bfm" in {s.name for s in told(consultation(), [ONE], count).folded}
    alone = Count({2: 30}, frozenset({2}), {1: {2: {AGREED: 30}}})
    assert told(consultation(), [ONE], alone).folded == ()


def test_a_curve_of_years_stays_short_and_keeps_both_ends() -> None:
    curve = Curve()
    for hour in range(24 * 365):
        curve = extended(curve, Point(hour * HOUR + 59_000, {2: hour}))
    assert len(curve.points) <= MOST
    assert curve.grain == 64 * HOUR
    assert curve.points[0] == Point(59_000, {2: 0})
    assert curve.points[-1] == Point((24 * 365 - 1) * HOUR + 59_000, {2: 24 * 365 - 1})
    assert [p.votes[2] for p in curve.points] == sorted(p.votes[2] for p in curve.points)


def test_a_point_of_the_same_hour_replaces_the_last_and_never_the_first() -> None:
    curve = extended(extended(Curve(), Point(5, {})), Point(9, {2: 1}))
    renewed = extended(curve, Point(HOUR - 1, {2: 9}))
    assert renewed.points == (Point(5, {}), Point(HOUR - 1, {2: 9}))
    assert len(extended(curve, Point(HOUR, {2: 9})).points) == 3
    assert due(Curve(), Point(5, {}))
    assert not due(curve, Point(9, {2: 1}))
    assert due(curve, Point(9, {2: 2}))  # after the close something was set aside


def test_small_sources_are_one_line_of_the_curve() -> None:
    curve = Curve(HOUR, (Point(1, {2: 5, 3: 1, 4: 2}), Point(2, {2: 7})))
    assert [p.votes for p in merged(curve, {3, 4}, 0).points] == [{2: 5, 0: 3}, {2: 7, 0: 0}]
