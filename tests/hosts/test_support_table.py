"""The table of browsers says what the tests of the engines see."""

from pathlib import Path

import pytest

from tests.hosts.engines import ENGINES, Engine

PAGE = Path(__file__).parents[2] / "docs/developers/browsers.md"


def documented(engine: Engine) -> dict[str, str]:
    """Return an engine's column."""
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    column = rows[0].index(engine.name)
    return {row[0]: row[column] for row in rows}


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
def test_the_table_says_what_becomes_of_the_cookie(engine: Engine) -> None:
    """What the other tests expect of an engine is what the page promises."""
    told = documented(engine)
    cookie, presses, forgets = (
        ("kept", "one press", "no") if engine.cookies else ("refused", "two presses", "yes")
    )
    assert told["the booth's cookie in an article"] == cookie
    assert told["without JavaScript, a vote takes"] == presses
    assert told["without JavaScript, a reload makes another voter"] == forgets
