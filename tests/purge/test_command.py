"""`isoloir consultation purge` and `list`, as staff type them."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ORIGIN, SECRET
from tests.purge.conftest import House
from tests.replay.shell import Shell

A_YEAR_AHEAD = """
import sys
from datetime import UTC, datetime, timedelta
from server.cli import consultation, main
consultation.now = lambda: datetime.now(UTC) + timedelta(days=365)
main.main(sys.argv[1:])
"""
PURGE = ("consultation", "purge", "reinventer-le-travail")


@pytest.fixture
def shell(house: House, tmp_path: Path) -> Shell:
    environment = {
        "REDIS_URL": house.server.url, "ISOLOIR_URL": ORIGIN, "ISOLOIR_SECRET_KEYS": SECRET,
    }  # fmt: skip
    return Shell(tmp_path, environment)


def answering(shell: Shell, typed: str, *more: str) -> "subprocess.CompletedProcess[str]":
    """Type the command, and then what it asks for."""
    begun = subprocess.Popen(
        shell._command(*PURGE, *more), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, env=shell._environ,
    )  # fmt: skip
    out, err = begun.communicate(typed)
    return subprocess.CompletedProcess(begun.args, begun.returncode, out, err)


def test_before_its_date_it_needs_to_be_told_so(shell: Shell, house: House) -> None:
    done = shell.run(*PURGE, "--yes")
    until = house.over().strftime("%Y-%m-%d %H:%M")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"reinventer-le-travail keeps its ballots until {until} (UTC).\n"
    done = shell.run(*PURGE, "--yes", "--early")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == (
        "The ballots of reinventer-le-travail are destroyed (voters: 12); all counts stay."
    )
    assert house.left() == set()


@pytest.mark.parametrize("typed", ["y\n", "reinventer\n", "\n", ""])
def test_it_asks_for_the_slug_and_takes_nothing_else_for_yes(
    shell: Shell, house: House, typed: str
) -> None:
    done = answering(shell, typed, "--early")
    assert done.returncode != 0
    assert "Type its slug to go on" in done.stdout
    assert "Nothing was destroyed." in done.stderr
    assert house.store.purge.state(house.consultation) is None


def test_the_slug_is_a_yes(shell: Shell, house: House) -> None:
    done = answering(shell, "reinventer-le-travail\n", "--early")
    assert done.returncode == 0, done.stderr
    assert house.left() == set()


def test_the_list_says_until_when_ballots_are_kept_and_since_when_not(
    shell: Shell, house: House
) -> None:
    until = house.over().strftime("%Y-%m-%d %H:%M")
    assert shell.run("consultation", "list").stdout.endswith(f"  ballots until {until}\n")
    house.store.purge.run(house.consultation, house.over())
    assert shell.run("consultation", "list").stdout.endswith(f"  ballots destroyed {until}\n")


@pytest.mark.parametrize("more", [(), ("--early",)])
def test_by_a_clock_that_is_wrong_nothing_is_destroyed(
    shell: Shell, house: House, more: tuple[str, ...]
) -> None:
    arguments = shell._command(*PURGE, "--yes", *more)[3:]
    done = subprocess.run(
        [sys.executable, "-c", A_YEAR_AHEAD, *arguments],
        capture_output=True, text=True, env=shell._environ, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "The clock of this machine is 31536000 s ahead of the store's. Set both by a time service.\n"
    )
    assert house.store.purge.state(house.consultation) is None
