"""A rehearsal is the same consultation, and nothing of what happened in it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from server.consultations.actions import Action
from server.consultations.answers import Answer
from server.consultations.consultation import Consultation, Proposal, ProposalState
from server.consultations.endorsements import Endorsement
from server.consultations.kinds import Kind
from server.consultations.partners import Partner, Role
from server.consultations.phases import Phase, Reached
from server.consultations.records import Wrong
from server.consultations.rehearsals import rehearsal_of, rehearsed
from server.consultations.selection import Selected
from server.consultations.workshops import Workshop

PARIS = ZoneInfo("Europe/Paris")
DAY = timedelta(days=1)
OPENS = datetime(2027, 1, 10, 9, tzinfo=PARIS)
ASKED = Consultation(
    "c", "sommeil", "Comment mieux dormir ?", "fr", OPENS, OPENS + 20 * DAY,
    prefix="Il faut", boxes=4, proposing=True, proposals_until=OPENS + 15 * DAY,
    kind=Kind.CITIZENS_QUESTION, featured=True, partners=(Partner(Role.FOUNDER, "ONG"),),
    reached=(Reached(Phase.SELECTION, OPENS + 30 * DAY),),
    answers=(Answer(1, "X", date(2027, 4, 2), "Oui"),),
    selected=(Selected(1, date(2027, 2, 1)),),
    workshops=(Workshop(1, "Atelier", date(2027, 3, 1)),),
    actions=(Action(1, "Des siestes", "Une ville", "Dix salles", date(2027, 4, 1)),),
    endorsements=(Endorsement("Une ONG", date(2027, 1, 12)),),
)  # fmt: skip


def test_a_rehearsal_has_all_that_was_set_and_nothing_that_happened() -> None:
    opens = OPENS + 100 * DAY
    made = rehearsal_of(ASKED, "essai", opens)
    assert made == replace(
        ASKED, id="", slug="essai", opens=opens, closes=made.closes,
        proposals_until=made.proposals_until, rehearsal=True, featured=False, reached=(), answers=(),
        selected=(), workshops=(), actions=(), endorsements=(),
    )  # fmt: skip
    assert (made.kind, made.boxes, made.partners) == (ASKED.kind, 4, ASKED.partners)


def test_it_lasts_as_long_though_the_clocks_go_forward_between() -> None:
    """20 times 24 hours: by the clock of Paris it ends an hour later than it began."""
    opens = datetime(2027, 3, 20, 9, tzinfo=PARIS)
    made = rehearsal_of(ASKED, "essai", opens)
    assert made.closes.astimezone(UTC) - opens.astimezone(UTC) == 20 * DAY
    assert made.closes == datetime(2027, 4, 9, 10, tzinfo=PARIS)
    assert made.closes.tzinfo is PARIS


def test_one_that_is_short_ends_the_proposing_with_the_vote() -> None:
    made = rehearsal_of(ASKED, "essai", OPENS, OPENS + DAY)
    assert made.closes == made.proposals_until == OPENS + DAY


@pytest.mark.parametrize("days", [0, -1])
def test_it_cannot_end_before_it_begins(days: int) -> None:
    with pytest.raises(Wrong):
        rehearsal_of(ASKED, "essai", OPENS, OPENS + days * DAY)


def test_only_accepted_proposals_come_along_and_without_ids_and_authors() -> None:
    given = [
        Proposal(1, "a", "fr", "Zoé", 31, central="p-1"),
        Proposal(2, "b", "fr", state=ProposalState.PENDING),
        Proposal(3, "c", "fr", state=ProposalState.REFUSED),
    ]
    assert rehearsed(given) == (Proposal(1, "a", "fr"),)
