"""Minutes are public for ever, so no source in them is so small that it shows one person's votes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from server.consultations.ballots import Ballot, Trust, Vote, encode
from server.consultations.consultation import Consultation
from server.consultations.folding import FEWEST, OTHERS
from server.consultations.minutes import Document
from server.consultations.minutes_files import faults, parse, signed_by
from server.consultations.rows import checksum, compact
from server.settings import Settings
from server.store.differences import Difference
from server.store.store import Store
from tests.minutes.conftest import BFM, RMC, cast, closing, content, drawn_up, public
from tests.minutes.writing import LIKED, changed, minutes
from tests.replay.shell import Shell

DIRECT, LES_ECHOS = 1, 4


def sources(document: Document) -> set[str]:
    return {row["source"] for row in document["rows"]}


def drawn(voters: Mapping[int, int], **fields: Any) -> Document:
    histograms = {1: {number: {LIKED: count or 1} for number, count in voters.items()}}
    return minutes(**{"voters": voters, "histograms": histograms, **fields})


def test_the_one_voter_of_a_source_cannot_be_told_apart(
    store: Store, opened: Consultation, settings: Settings
) -> None:
    """Somebody alone at les-echos votes twice: the minutes do not say what, a sum of eleven does."""
    for number in range(FEWEST):
        cast(store, opened, f"bfm-{number}", 5, "neutral", source=BFM)
        cast(store, opened, f"rmc-{number}", 5, "neutral", source=RMC)
        cast(store, opened, f"too-{number}", 7, "neutral", source=RMC)
    cast(store, opened, "nora", 5, "agree", source=LES_ECHOS)
    cast(store, opened, "nora", 7, "disagree", source=LES_ECHOS)
    closing(store, settings).turn()
    found = drawn_up(store, opened)
    assert found["voters"] == {"total": 31, "sources": {"rmc": 20, OTHERS.name: 11}}
    assert found["folded"] == {"below": 10, "sources": ["direct", "bfm", "les-echos"]}
    assert sources(found) == {"rmc", OTHERS.name}
    assert {vote: c["count"] for vote, c in found["totals"].items()} == {
        "agree": 1, "disagree": 1, "neutral": 30,
    }  # fmt: skip
    assert found["checksum"] == checksum(found["rows"])
    document = parse(content(store, opened))
    assert signed_by(document, public())
    assert list(faults(document)) == []
    # Nothing is lost for staff: the tallies, and what the central platform is sent, are exact.
    assert store.tallies.histograms(opened, [7])[7].keys() == {RMC, LES_ECHOS}
    assert store.tallies.voters_by_source(opened)[LES_ECHOS] == 1


@pytest.mark.parametrize(
    ("voters", "shown", "folded"),
    [
        ({RMC: 10, BFM: 10, LES_ECHOS: 10, DIRECT: 10}, {"rmc", "bfm", "les-echos", "direct"}, []),
        ({RMC: 30, BFM: 5, LES_ECHOS: 5}, {"rmc", "~others"}, ["direct", "bfm", "les-echos"]),
        ({RMC: 30, BFM: 20, LES_ECHOS: 9}, {"rmc", "~others"}, ["direct", "bfm", "les-echos"]),
        ({RMC: 30, LES_ECHOS: 1}, {"~others"}, ["direct", "rmc", "bfm", "les-echos"]),
        ({RMC: 5, LES_ECHOS: 4}, {"~others"}, ["direct", "rmc", "bfm", "les-echos"]),
        # A visitor, at home elsewhere, cast the only ballot through les-echos.
        ({RMC: 30, BFM: 20, LES_ECHOS: 0}, {"rmc", "~others"}, ["direct", "bfm", "les-echos"]),
    ],
)
def test_small_sources_are_one_that_is_not_small(
    voters: dict[int, int], shown: set[str], folded: list[str]
) -> None:
    found = drawn(voters)
    assert sources(found) == shown
    assert found["folded"]["sources"] == folded
    assert found["voters"]["total"] == sum(voters.values())
    assert found["totals"]["agree"]["count"] == sum(number or 1 for number in voters.values())
    assert list(faults(parse(compact(found)))) == []


def test_voters_whom_nobody_believes_hide_nobody() -> None:
    """Nine throwaway voters join the one reader of les-echos: it is folded all the same."""
    doubtful = encode(Ballot(Vote.NEUTRAL), Trust.UNVERIFIED)
    both = {RMC: {LIKED: 30}, BFM: {LIKED: 20}, LES_ECHOS: {LIKED: 1, doubtful: 9}}
    voters = {RMC: 30, BFM: 20, LES_ECHOS: 10}
    found = minutes(voters=voters, histograms={1: both, 2: {LES_ECHOS: {LIKED: 1}}})
    assert sources(found) == {"rmc", "~others"}
    assert found["folded"]["sources"] == ["direct", "bfm", "les-echos"]


def test_verify_says_which_titles_are_one(tmp_path: Path) -> None:
    file = tmp_path / "minutes.json"
    file.write_bytes(compact(drawn({RMC: 30, BFM: 6, LES_ECHOS: 5})))
    key = f"whpk_{public().base64}"
    done = Shell(tmp_path / "no-data").run("minutes", "verify", file, "--key", key)
    assert done.returncode == 0
    said = "Says: counted as one, for some have fewer than 10 voters: direct, bfm, les-echos."
    assert said in done.stdout.splitlines()


def test_a_source_without_any_vote_takes_no_other_with_it() -> None:
    found = drawn({RMC: 30, BFM: 20})
    assert found["folded"]["sources"] == []
    assert found["voters"]["sources"] == {"direct": 0, "rmc": 30, "bfm": 20, "les-echos": 0}


def test_numbers_that_were_wrong_are_listed_of_no_folded_source() -> None:
    wrong = [Difference(1, source, LIKED, 2, 1) for source in (RMC, LES_ECHOS)]
    found = drawn({RMC: 30, BFM: 20, LES_ECHOS: 1}, differences=(*wrong,))["recount"]
    assert found["differences"] == 2
    assert [one["source"] for one in found["listed"]] == ["rmc"]


def test_a_row_of_a_source_without_voters_of_its_own_is_a_contradiction() -> None:
    def named(document: Any) -> None:
        document["rows"][0]["source"] = "les-echos"

    told = list(faults(parse(changed(named, compact(drawn({RMC: 30, LES_ECHOS: 1}))))))
    assert "A row is of a source that the voters do not name." in told
