"""What came of a consultation, recorded from a shell."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from server.cli.main import main
from server.consultations.ballots import Vote
from server.consultations.consultation import Consultation
from server.consultations.endorsements import Endorsement
from server.consultations.selection import Selected
from server.consultations.workshops import Workshop
from server.store.store import Store
from tests.replay.shell import Shell
from tests.store.casting import cast

SLUG = "reinventer-le-travail"
Run = Callable[..., tuple[object, str]]


@pytest.fixture
def run(shell: Shell, capsys: pytest.CaptureFixture[str]) -> Run:
    """Type a command in this process: return how it ended, and what it said."""

    def typed(*words: object) -> tuple[object, str]:
        with pytest.raises(SystemExit) as ended:
            main(["--data", str(shell.data), "consultation", *map(str, words)])
        return ended.value.code, capsys.readouterr().out

    return typed


@pytest.fixture
def closed(store: Store, opened: Consultation) -> Consultation:
    for n in range(20):
        cast(store, opened, f"v{n}", 3)
        cast(store, opened, f"v{n}", 5, Vote.AGREE if n < 12 else Vote.DISAGREE)
    ended = replace(opened, closes=datetime.now(UTC) - timedelta(hours=1))
    store.consultations.replace(ended)
    return ended


def test_what_the_votes_propose_is_listed_and_selected(
    run: Run, store: Store, closed: Consultation
) -> None:
    code, said = run("select", SLUG)
    assert (code, [line.split()[0] for line in said.splitlines()]) == (0, ["3", "5"])
    assert "1. consensus   100% of 20 asked agree, 20 votes" in said
    assert run("select", SLUG, 3, 5, "--reason", "Les plus soutenues")[0] == 0
    today = datetime.now(closed.opens.tzinfo).date()
    assert store.consultations.by_slug(SLUG).selected == tuple(
        Selected(number, today, "Les plus soutenues") for number in (3, 5)
    )
    assert run("select", SLUG)[1].splitlines()[0].startswith("*     3")
    assert run("unselect", SLUG, 3) == (0, f"{SLUG}: 1 selected.\n")
    assert run("unselect", SLUG, 3)[0] == f"No proposal 3 in {SLUG}."
    assert run("select", SLUG, 3, "--on", "hier")[0] == (
        "on must be a day such as 2027-01-31, not “hier”."
    )


def test_a_workshop_is_recorded_and_only_what_is_named_is_changed(
    run: Run, store: Store, closed: Consultation
) -> None:
    held = ("--title", "L'atelier", "--on", "2027-03-02", "--partner", "RMC", "--proposal", 3)
    assert run("workshop", SLUG, *held) == (0, "  1  2027-03-02  L’atelier\n")
    assert run("workshop", SLUG, 1, "--on", "2027-03-09")[0] == 0
    assert store.consultations.by_slug(SLUG).workshops == (
        Workshop(1, "L’atelier", date(2027, 3, 9), ("RMC",), (3,)),
    )
    assert run("workshop", SLUG, 9, "--on", "2027-03-09")[0] == "No workshop 9."
    assert run("workshop", SLUG, "--on", "2027-03-09")[0] == "title is missing."
    assert run("workshop", SLUG, 1, "--remove") == (0, "")


def test_an_endorsement_is_recorded_and_taken_back(
    run: Run, store: Store, closed: Consultation
) -> None:
    backed = ("endorse", SLUG, "--by", "Une ONG", "--on", "2027-03-02")
    assert run(*backed, "--proposal", 3) == (0, f"{SLUG}: 1 endorsements.\n")
    assert run(*backed)[0] == 0
    day = date(2027, 3, 2)
    assert store.consultations.by_slug(SLUG).endorsements == (
        Endorsement("Une ONG", day, 3),
        Endorsement("Une ONG", day),
    )
    assert run(*backed, "--remove") == (0, f"{SLUG}: 1 endorsements.\n")
    assert store.acts.latest()[0].act.detail == "endorsements: Une ONG 2027-03-02 → –"
