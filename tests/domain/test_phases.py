"""Phases: from dates, and from what staff state; in one direction only."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from server.consultations.consultation import Consultation
from server.consultations.errors import (
    NotOpenYet,
    PhaseRefused,
    ProposalsClosed,
    ProposalsNotTaken,
)
from server.consultations.phases import STATED, Phase, Reached

DAY = timedelta(days=1)
OPENS = datetime(2027, 1, 10, 9, tzinfo=UTC)
ASKED = Consultation(
    "c", "sommeil", "Comment mieux dormir ?", "fr", OPENS, OPENS + 30 * DAY,
    proposing=True, proposals_until=OPENS + 20 * DAY,
)  # fmt: skip


@pytest.mark.parametrize(
    ("days", "phase", "votes", "proposals"),
    [
        (-1, "announced", False, True),
        (0, "open", True, True),
        (19.9, "open", True, True),
        (20, "vote-only", True, False),
        (29.9, "vote-only", True, False),
        (30, "closed", False, False),
    ],
)
def test_dates_say_which_phase_it_is(days: float, phase: str, votes: bool, proposals: bool) -> None:
    """Before the opening readers will be able to propose; only the open phase lets them."""
    now = OPENS + days * DAY
    found = ASKED.phase(now)
    assert (found, found.takes_votes, found.is_over) == (phase, votes, days >= 30)
    assert ASKED.takes_proposals(now) is proposals


def test_without_a_date_readers_propose_until_the_close() -> None:
    asked = replace(ASKED, proposals_until=None)
    assert asked.phase(OPENS + 29.9 * DAY) is Phase.OPEN
    assert asked.proposes_until == asked.closes


def test_who_proposes_too_late_is_told_so_and_not_that_the_vote_is_over() -> None:
    ASKED.demand_proposing(OPENS)
    with pytest.raises(ProposalsClosed):
        ASKED.demand_proposing(OPENS + 20 * DAY)
    with pytest.raises(ProposalsNotTaken):
        replace(ASKED, proposing=False).demand_proposing(OPENS + 20 * DAY)
    with pytest.raises(NotOpenYet):
        ASKED.demand_open(OPENS - DAY)


def test_staff_state_what_follows_the_vote() -> None:
    now = ASKED.closes + DAY
    for days, phase in enumerate(STATED):
        changed = ASKED.reaching(phase, now)
        assert changed.phase(now) is phase
        assert changed.phase(now).is_over
        assert changed.phase(now - DAY) is Phase.CLOSED, "a phase holds from its instant on"
        assert changed.reached == (Reached(phase, now),), days


def test_there_is_no_way_back_and_saying_it_twice_changes_nothing() -> None:
    now = ASKED.closes + DAY
    found = ASKED.reaching(Phase.SELECTION, now).reaching(Phase.ACTIONS, now + DAY)
    assert found.phase(now + 2 * DAY) is Phase.ACTIONS
    for said in (Phase.SELECTION, Phase.ACTIONS):
        assert found.reaching(said, now + 3 * DAY) == found
    with pytest.raises(PhaseRefused, match="actions is reached"):
        found.reaching(Phase.WORKSHOPS, now + 3 * DAY)


@pytest.mark.parametrize("days", [-1, 0, 25])
def test_nothing_is_stated_before_the_close(days: int) -> None:
    with pytest.raises(PhaseRefused, match="close it first"):
        ASKED.reaching(Phase.SELECTION, OPENS + days * DAY)


@pytest.mark.parametrize("phase", [p for p in Phase if p not in STATED])
def test_what_follows_from_dates_cannot_be_stated(phase: Phase) -> None:
    with pytest.raises(PhaseRefused, match="follows from the dates"):
        ASKED.reaching(phase, ASKED.closes)


def test_who_closes_early_ends_the_proposing_too() -> None:
    """What is exported then can be imported again: proposing never outlasts the vote."""
    closed = ASKED.closed(OPENS + 3 * DAY)
    assert closed.closes == closed.proposals_until == OPENS + 3 * DAY
    late = ASKED.closed(OPENS + 25 * DAY)
    assert late.proposals_until == ASKED.proposals_until
