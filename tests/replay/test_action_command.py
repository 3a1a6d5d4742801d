"""`isoloir consultation action`, as staff type it; in this process, as nothing here outlives it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from server.cli.main import isoloir
from server.consultations.errors import ActionKept, ActionsNotYet, WordingRefused
from server.store.store import Store
from tests.conftest import SECRET, consultation, proposals
from tests.replay.shell import Shell

Typed = Callable[..., Result]


@pytest.fixture
def typed(shell: Shell, store: Store) -> Typed:
    """Type `isoloir consultation action …` at a service with a closed consultation."""
    now = datetime.now(UTC)
    asked = consultation("close", opens=now - timedelta(days=9), closes=now - timedelta(days=1))
    store.consultations.create(asked, proposals())

    def run(*arguments: str, said: str = "") -> Result:
        words = ["--data", str(shell.data), "consultation", "action", *arguments]
        return CliRunner(env={"ISOLOIR_SECRET_KEYS": SECRET}).invoke(isoloir, words, input=said)

    return run


def test_an_action_is_added_stated_told_of_and_linked(
    typed: Typed, store: Store, app: Flask
) -> None:
    add = ("add", "close", "--title", "Parrainer", "--partner", "Mentor", "--on", "2026-01-15")
    target = ("--amount", "1 000", "--unit", "jeunes", "--by", "2026-03-01", "--proposals", "3,12")
    made = typed(*add, *target, "--text-file", "-", said="Mille jeunes !\nEn un an.")
    assert made.output == "close: action 1, Parrainer.\n", made.exception
    assert "under-way" in typed("state", "close", "1", "under-way").output
    told = ("news", "close", "1", "--on", "2026-02-01", "--amount", "12,5", "--text-file", "-")
    assert typed(*told, said="Douze et demi.").exit_code == 0
    (action,) = store.consultations.by_slug("close").actions
    assert (action.promise, action.state) == ("Mille jeunes\u202f! En un an.", "under-way")
    listed = typed("list", "close").output
    assert listed.startswith("1  under-way  Parrainer (Mentor)  12.5 jeunes  overdue")
    link = typed("link", "close", "1").output.splitlines()[0]
    partner = app.test_client()
    assert partner.get(urlsplit(link).path).status_code == 200
    for _ in range(2):
        assert "has no link" in typed("link", "close", "1", "--end").output
    assert partner.get(urlsplit(link).path).status_code == 404
    typed("add", "close", "--title", "Erreur", *add[4:], "--text-file", "-", said="Rien.")
    assert typed("remove", "close", "2").output == "close: action 2 is removed.\n"
    assert isinstance(typed("remove", "close", "1").exception, ActionKept)
    ahead = typed(*told[:4], "2999-01-01", "--text-file", "-", said="Demain.")
    assert isinstance(ahead.exception, WordingRefused)
    store.consultations.create(consultation("open"), proposals())
    early = typed("add", "open", *add[2:], "--text-file", "-", said="Oui.")
    assert isinstance(early.exception, ActionsNotYet)
