"""A tallies document says how many ballots there are, never what changed."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import pytest

from server.central import document
from server.consultations.ballots import Ballot, Trust, Vote, encode
from server.consultations.consultation import Proposal
from tests.conftest import consultation

LIKED = encode(Ballot.of(Vote.AGREE, ["likeIt", "doable"]), Trust.SEQUENCE)
LINKED = encode(Ballot.of(Vote.AGREE, ["likeIt"]), Trust.TRUSTED)
FLOOD = encode(Ballot(Vote.DISAGREE), Trust.SEQUENCE, quarantined=True)
FIRST, SECOND = (
    Proposal(1, "Il faut un premier essai", "fr"),
    Proposal(2, "Il faut un second", "fr"),
)
HEADING = document.Heading(
    epoch=1_800_000_000_000,
    revisions=(4, 2),
    sequence=9,
    previous=None,
    fence=3,
    as_of=datetime(2027, 1, 12, 10, 0, tzinfo=timezone(timedelta(hours=1))),
    complete=True,
)


def rows(histograms: dict[int, dict[int, dict[int, int]]], complete: bool) -> list[document.Row]:
    asked = consultation()
    return document.rows(asked, "essai", [SECOND, FIRST], histograms, complete)


def test_a_row_has_every_counter_at_its_three_levels() -> None:
    """Quarantined ballots count in `count` alone; a level never seen is zero, not left out."""
    (row,) = rows({1: {2: {LIKED: 3, LINKED: 2, FLOOD: 5}}}, complete=True)
    agree = row["votes"]["agree"]
    assert (row["proposal"], row["source"]) == ("essai:1", "rmc")
    assert (agree["count"], agree["countVerified"], agree["countSequence"]) == (5, 5, 3)
    assert agree["qualifications"] == {
        "likeIt": {"count": 5, "countVerified": 5, "countSequence": 3},
        "doable": {"count": 3, "countVerified": 3, "countSequence": 3},
        "platitudeAgree": {"count": 0, "countVerified": 0, "countSequence": 0},
    }
    assert row["votes"]["disagree"]["count"] == 5
    assert row["votes"]["disagree"]["countVerified"] == 0
    assert set(row["votes"]) == {"agree", "disagree", "neutral"}


def test_a_complete_document_leaves_out_what_nobody_votes_for() -> None:
    assert [r["proposal"] for r in rows({1: {2: {LIKED: 1}}, 2: {}}, complete=True)] == ["essai:1"]


def test_changes_say_every_source_so_that_a_fall_to_zero_is_said() -> None:
    changed = rows({1: {2: {LIKED: 1}}, 2: {}}, complete=False)
    assert len(changed) == 2 * len(consultation().sources)
    assert document.totals(changed)["agree"]["count"] == 1


def test_rows_stand_in_canonical_order() -> None:
    found = rows({2: {3: {LIKED: 1}}, 1: {3: {LIKED: 1}, 2: {LIKED: 1}}}, complete=True)
    places = [(row["proposal"], row["source"]) for row in found]
    assert places == [("essai:1", "bfm"), ("essai:1", "rmc"), ("essai:2", "bfm")]


def test_a_proposal_goes_by_the_central_platforms_id_if_it_has_one() -> None:
    assert document.proposal_name("essai", FIRST) == "essai:1"
    assert document.proposal_name("essai", replace(FIRST, central="c-77")) == "c-77"


def test_a_rehearsal_goes_under_a_name_of_its_own() -> None:
    assert document.deployment_name("essai", consultation()) == "essai"
    assert document.deployment_name("essai", consultation(rehearsal=True)) == "essai~rehearsal"


@pytest.mark.parametrize("central", ["a b", "é", "essai:2", "x" * 101, ""])
def test_an_id_that_no_receiver_takes_gives_way_to_ours(central: str) -> None:
    """One odd id must not keep all the other proposals from being counted."""
    sent = document.sendable([replace(FIRST, central=central), SECOND])
    assert sent == {1: FIRST, 2: SECOND}


def test_of_two_proposals_with_one_id_the_first_keeps_it() -> None:
    first, second = replace(FIRST, central="p-1"), replace(SECOND, central="p-1")
    assert document.sendable([first, second]) == {1: first, 2: SECOND}


def test_the_heading_is_on_the_wire() -> None:
    made = document.build(HEADING, "essai", "reinventer-le-travail", [])
    assert (made["revision"], made["revisions"]) == (6, [4, 2])
    assert made["asOf"] == "2027-01-12T09:00:00.000+00:00"
    assert set(made) == {
        *("deployment", "consultation", "epoch", "revisions", "revision", "sequence", "previous"),
        *("fence", "asOf", "complete", "rows", "totals", "checksum"),
    }


def test_totals_and_checksum_are_only_of_the_whole() -> None:
    made = document.build(replace(HEADING, complete=False), "essai", "s", [])
    assert made["totals"] is None
    assert made["checksum"] is None


def test_the_checksum_is_over_sorted_compact_rows() -> None:
    """Written out here as another implementation would compute it."""
    found = rows({2: {2: {LIKED: 1}}, 1: {2: {LIKED: 1}}}, complete=True)
    canonical = json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    expected = sha256(canonical.encode()).hexdigest()
    assert document.checksum(reversed(found)) == expected


def test_a_moment_without_ballots_is_a_document_too() -> None:
    made = document.build(replace(HEADING, as_of=datetime.now(UTC)), "essai", "s", [])
    assert made["totals"]["agree"] == {"count": 0, "countVerified": 0, "countSequence": 0}
