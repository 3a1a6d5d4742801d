"""`isoloir consultation`, as staff type it."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from server.consultations import files
from server.consultations.ballots import Ballot, Trust, Vote
from server.consultations.consultation import Consultation, Phase
from server.consultations.errors import Closed
from server.store.ballots import Wish
from server.store.store import Store
from tests.conftest import consultation, proposals
from tests.replay.shell import Shell

FILE = """\
slug: sommeil
question: Comment mieux dormir ?
language: fr
timezone: Europe/Paris
opens: '{opens}-01-01 09:00:00'
closes: '2049-02-01 18:30:00'
results: after-vote
boxes: 1
retention: 90
proposals:
- id: 1
  text: Il faut commencer les cours plus tard
- id: 2
  text: Il faut éteindre les écrans le soir
"""
AGREE = Wish(1, Ballot.of(Vote.AGREE, ["doable"]), Trust.SEQUENCE, source=1)


def imported(shell: Shell, tmp_path: Path, store: Store, opens: int = 2026) -> Consultation:
    """Import the file with that year of opening and return what the store keeps."""
    path = tmp_path / "sommeil.yaml"
    path.write_text(FILE.format(opens=opens), "utf-8")
    done = shell.run("consultation", "import", path)
    assert done.returncode == 0, done.stderr
    return store.consultations.by_slug("sommeil")


def test_an_imported_file_is_in_the_store_and_exports_as_the_same_file(
    shell: Shell, tmp_path: Path, store: Store
) -> None:
    found = imported(shell, tmp_path, store)
    assert found.id
    assert len(store.consultations.proposals(found)) == 2
    assert shell.run("consultation", "export", "sommeil").stdout == FILE.format(opens=2026)


def test_a_file_with_errors_is_refused_whole_with_every_line(
    shell: Shell, tmp_path: Path, store: Store
) -> None:
    """Exit code 1, every fault on its line, and nothing in the store."""
    path = tmp_path / "bad.yaml"
    path.write_text(FILE.format(opens="26") + "- text: court\n- text: Il faut\n", "utf-8")
    done = shell.run("consultation", "import", path)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"{path}:5: opens: must be a day and a time, such as 2027-01-31 09:00.",
        f"{path}:15: proposals[3].text: must have 12 to 140 characters; it has 5.",
        f"{path}:16: proposals[4].text: must have 12 to 140 characters; it has 7.",
    ]
    assert store.redis.dbsize() == 0


def test_a_slug_is_taken_once(shell: Shell, tmp_path: Path, store: Store) -> None:
    """A second import changes nothing and says so."""
    before = imported(shell, tmp_path, store)
    again = shell.run("consultation", "import", tmp_path / "sommeil.yaml")
    assert (again.returncode, "sommeil" in again.stderr) == (1, True)
    assert store.consultations.all() == (before,)


def test_the_list_says_what_takes_votes_by_its_own_clock(
    shell: Shell, tmp_path: Path, store: Store
) -> None:
    imported(shell, tmp_path, store)
    store.consultations.create(consultation("essai", rehearsal=True), proposals())
    essai, sommeil = shell.run("consultation", "list").stdout.splitlines()
    assert essai.split()[:2] == ["essai", "open"]
    assert essai.endswith("rehearsal")
    window = "2026-01-01 09:00 to 2049-02-01 18:30 (Europe/Paris)"
    assert sommeil.split(maxsplit=2) == ["sommeil", "open", window]


def test_opening_brings_the_beginning_forward(shell: Shell, tmp_path: Path, store: Store) -> None:
    imported(shell, tmp_path, store, opens=2048)
    assert shell.run("consultation", "open", "sommeil").returncode == 0
    found = store.consultations.by_slug("sommeil")
    assert found.phase(datetime.now(UTC)) is Phase.OPEN
    assert str(found.opens.tzinfo) == "Europe/Paris"
    again = shell.run("consultation", "open", "sommeil")
    assert (again.returncode, "sommeil is open" in again.stderr) == (1, True)


def test_closing_seals_the_ballot_boxes_for_good(
    shell: Shell, tmp_path: Path, store: Store
) -> None:
    """Even a process that still believes the consultation open cannot cast a vote."""
    before = imported(shell, tmp_path, store)
    assert shell.run("consultation", "close", "sommeil").returncode == 0
    assert store.consultations.by_slug("sommeil").phase(datetime.now(UTC)) is Phase.CLOSED
    with pytest.raises(Closed):
        store.ballots.cast(before, 0, "a-voter", AGREE)
    assert shell.run("consultation", "open", "sommeil").returncode == 1
    assert shell.run("consultation", "close", "sommeil").returncode == 1


def test_an_unknown_consultation_is_one_clear_line(shell: Shell) -> None:
    for command in ("export", "close"):
        done = shell.run("consultation", command, "nowhere")
        assert (done.returncode, done.stderr) == (1, "No consultation “nowhere”.\n")


def test_an_export_of_the_store_is_what_the_file_said(
    shell: Shell, tmp_path: Path, store: Store
) -> None:
    """The demo consultation goes in and comes out with everything in it. What it left to the
    store, the number of boxes, is said.
    """
    from server.demo.consultation import FILE as demo

    assert shell.run("consultation", "import", demo).returncode == 0
    written = shell.run("consultation", "export", "reinventer-le-travail").stdout
    out, given = files.parse(written.encode(), "out"), files.parse(demo.read_bytes(), "in")
    assert out.proposals == given.proposals
    assert out.consultation == replace(given.consultation, boxes=1)
