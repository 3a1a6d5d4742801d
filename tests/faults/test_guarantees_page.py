"""The page of guarantees: every promise names a test, and every test that it names exists."""

import re
from pathlib import Path

from server.store.connection import COMMAND_TIMEOUT, CONNECT_TIMEOUT
from tests.faults.bounds import TURNS, VOTE

PAGE = Path(__file__).parents[2] / "docs/operators/guarantees.md"
TEXT = PAGE.read_text("utf-8")
SHOWN = re.compile(r"\[`(test_\w+)`\]\((\S+?)\)")


def promises() -> list[str]:
    """Return the items of the page's lists, those apart that promise nothing."""
    promised, _, _ = TEXT.partition("## What is not promised")
    return re.findall(r"^- .*(?:\n  .*)*", promised, re.MULTILINE)


def test_every_promise_names_the_test_that_shows_it() -> None:
    assert [promise for promise in promises() if not SHOWN.search(promise)] == []


def test_every_test_that_is_named_exists() -> None:
    named = SHOWN.findall(TEXT)
    assert len(named) >= len(promises())
    missing = [
        name
        for name, path in named
        if f"\ndef {name}(" not in (PAGE.parent / path).resolve().read_text("utf-8")
    ]
    assert missing == []


def test_every_test_of_faults_is_named() -> None:
    """What is shown here is promised there, but for the rules of a part or of the page itself."""
    there = {
        name
        for path in Path(__file__).parent.glob("test_*.py")
        if path != Path(__file__)
        for name in re.findall(r"^def (test_\w+)\(", path.read_text("utf-8"), re.MULTILINE)
    }
    assert there - {name for name, _ in SHOWN.findall(TEXT)} == set()


def test_the_bounds_are_those_of_the_code() -> None:
    said = " ".join(TEXT.split())
    assert f"{CONNECT_TIMEOUT} s to connect and {COMMAND_TIMEOUT:.0f} s for an answer" in said
    assert f"for up to {TURNS} turns" in said
    assert f"and {VOTE:.1f} s at the very most" in said
