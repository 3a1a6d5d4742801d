"""`isoloir operation`, as staff type it."""

from pathlib import Path

import pytest

from server.consultations.phases import Phase
from server.store.store import Store
from tests.domain.test_operations import SHARED, TABLE
from tests.replay.shell import Shell

MORE = "est;Comment mieux vivre dans l’Est ?;2027-01-12 09:00;2027-03-12 18:00;Il faut des trains."


@pytest.fixture
def sheets(tmp_path: Path) -> tuple[Path, str, Path]:
    table, shared = tmp_path / "debats.csv", tmp_path / "commun.yaml"
    table.write_text(TABLE, "utf-8")
    shared.write_text(SHARED, "utf-8")
    return table, "--like", shared


def test_an_operation_is_checked_created_and_opened(
    shell: Shell, store: Store, sheets: tuple[Path, str, Path]
) -> None:
    tried = shell.run("operation", "create", "debats", *sheets, "--dry-run")
    assert (tried.returncode, store.consultations.all()) == (0, ())
    assert tried.stderr == "debats: 2 would be created, 0 there already.\n"
    made = shell.run("operation", "create", "debats", *sheets)
    assert made.stderr == "debats: 2 created, 0 there already.\n"
    assert [one.slug for one in store.consultations.all()] == ["nord", "sud"]
    sheets[0].write_text(TABLE + MORE, "utf-8")
    again = shell.run("operation", "create", "debats", *sheets)
    assert again.stderr == "debats: 1 created, 2 there already.\n"
    listed = shell.run("operation", "list", "debats").stdout
    assert [line.split()[:2] for line in listed.splitlines()] == [
        ["est", "announced"], ["nord", "announced"], ["sud", "announced"],
    ]  # fmt: skip
    assert shell.run("operation", "open", "debats", "--dry-run").stderr.startswith(
        "debats: 3 would"
    )
    assert shell.run("operation", "open", "debats").stderr == "debats: 3 opened.\n"
    now = store.consultations.by_slug("nord").opens
    assert {one.phase(now) for one in store.consultations.all()} == {Phase.OPEN}


def test_nothing_is_created_where_a_slug_is_taken_or_a_row_is_wrong(
    shell: Shell, store: Store, sheets: tuple[Path, str, Path]
) -> None:
    shell.run("operation", "create", "autre", *sheets)
    taken = shell.run("operation", "create", "debats", *sheets)
    assert taken.returncode == 1
    assert "another consultation “nord”; nothing was created" in taken.stderr
    sheets[0].write_text(MORE.replace("12 09:00", "32 09:00").join([TABLE, "\n"]), "utf-8")
    wrong = shell.run("operation", "create", "autre", *sheets)
    assert "debats.csv:5: opens:" in wrong.stderr
    assert len(store.consultations.all()) == 2


def test_an_operation_that_is_not_there_is_told(shell: Shell, store: Store) -> None:
    assert "no operation “debats”" in shell.run("operation", "open", "debats").stderr
    assert shell.run("operation", "create", "Débats", "x.csv").returncode == 2
