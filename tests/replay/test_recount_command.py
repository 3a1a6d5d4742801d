"""`isoloir recount`, as staff and their scripts type it."""

import os
import pty
import subprocess
from datetime import UTC, datetime

import pytest

from server.consultations.consultation import Consultation
from server.store import keys
from server.store.keys import Box
from server.store.store import Store
from tests.conftest import consultation, proposals
from tests.replay.shell import Shell
from tests.store.casting import cast

EQUAL, TROUBLE, USAGE, DIFFERENT, FIXED = range(5)  # exit codes, for scripts


@pytest.fixture
def sleep(store: Store) -> Consultation:
    """A consultation with one vote for proposal 5."""
    made = store.consultations.create(consultation("sommeil", boxes=1), proposals())
    cast(store, made, "nora")
    return made


def damage(store: Store, found: Consultation) -> None:
    """Two votes too many, a tally that no ballot could have made, and a voter too many."""
    box = Box(found.id, 0)
    (field,) = store.redis.hkeys(box.tally(5))
    store.redis.hincrby(box.tally(5), field, 2)
    store.redis.hincrby(box.tally(2), "9.255", 1)
    store.redis.hincrby(box.voters, "2", 1)


DAMAGE = [
    "sommeil: voters, rmc: 2 tallied, 1 counted",
    "sommeil: proposal 2, source 9, code 255: 1 tallied, 0 counted",
    "sommeil: proposal 5, rmc, agree (sequence): 3 tallied, 1 counted",
]


def test_honest_tallies_are_confirmed(shell: Shell, sleep: Consultation) -> None:
    done = shell.run("recount", "sommeil")
    assert (done.returncode, done.stderr) == (EQUAL, "")
    assert done.stdout == "sommeil: the tallies are what the ballots say (voters: 1).\n"


def test_every_number_that_the_ballots_deny_is_named(
    shell: Shell, store: Store, sleep: Consultation
) -> None:
    damage(store, sleep)
    done = shell.run("recount", "sommeil")
    assert (done.returncode, done.stdout.splitlines()) == (DIFFERENT, DAMAGE)
    assert done.stderr == "sommeil: numbers that differ from the ballots: 3.\n"
    assert shell.run("recount", "sommeil").returncode == DIFFERENT


def test_a_fix_says_what_it_put_right_and_has_an_exit_code_of_its_own(
    shell: Shell, store: Store, sleep: Consultation
) -> None:
    damage(store, sleep)
    done = shell.run("recount", "sommeil", "--fix")
    assert (done.returncode, done.stdout.splitlines()) == (FIXED, DAMAGE)
    assert done.stderr == (
        "sommeil: numbers that differ from the ballots: 3. All of them are put right.\n"
    )
    again = shell.run("recount", "sommeil", "--fix")
    assert (again.returncode, again.stderr) == (EQUAL, "")


def test_all_consultations_are_recounted_and_the_worst_is_told(
    shell: Shell, store: Store, sleep: Consultation
) -> None:
    """One whose ballots have been destroyed is no trouble: that was meant."""
    damage(store, sleep)
    store.consultations.create(consultation("travail", boxes=1), proposals())
    gone = store.consultations.create(consultation("vieux", boxes=1), proposals())
    store.redis.hset(
        keys.purge(gone.id), "begun", int(datetime(2026, 1, 2, tzinfo=UTC).timestamp() * 1000)
    )
    done = shell.run("recount", "--all")
    assert done.returncode == DIFFERENT
    assert done.stdout.splitlines() == [
        *DAMAGE,
        "travail: the tallies are what the ballots say (voters: 0).",
        "The ballots of vieux were destroyed on 2026-01-02.",
    ]
    assert shell.run("recount", "--all", "--fix").returncode == FIXED
    assert shell.run("recount", "--all").returncode == EQUAL
    assert shell.run("recount", "vieux").returncode == TROUBLE


def test_a_fix_that_would_wipe_every_tally_out_is_refused(
    shell: Shell, store: Store, sleep: Consultation
) -> None:
    """If no ballot is found at all, the tallies are the last that tells of them."""
    store.redis.unlink(Box(sleep.id, 0).voter("nora"))
    before = store.tallies.histograms(sleep, [5])
    done = shell.run("recount", "sommeil", "--fix")
    assert (done.returncode, done.stdout) == (TROUBLE, "")
    assert done.stderr == "No ballot of sommeil was found at all: nothing was fixed.\n"
    assert store.tallies.histograms(sleep, [5]) == before
    assert shell.run("recount", "sommeil").returncode == DIFFERENT
    every = shell.run("recount", "--all", "--fix")
    assert (every.returncode, every.stderr) == (TROUBLE, done.stderr)


@pytest.mark.parametrize(
    ("arguments", "outcome"),
    [([], USAGE), (["sommeil", "--all"], USAGE), (["nowhere"], TROUBLE)],
)
def test_what_cannot_be_recounted_is_neither_equal_nor_different(
    shell: Shell, sleep: Consultation, arguments: list[str], outcome: int
) -> None:
    done = shell.run("recount", *arguments)
    assert (done.returncode, done.stdout) == (outcome, "")
    assert done.stderr


def test_a_terminal_sees_how_far_it_is(shell: Shell, sleep: Consultation) -> None:
    ours, theirs = pty.openpty()
    with open(ours, "rb", buffering=0) as screen:
        done = subprocess.run(
            shell._command("recount", "sommeil"), stdout=subprocess.PIPE, stderr=theirs
        )
        os.close(theirs)
        seen = screen.read(10_000).decode()
    assert done.returncode == EQUAL
    assert "sommeil: voters 1 of about 1" in seen
    assert seen.endswith("\x1b[K")
