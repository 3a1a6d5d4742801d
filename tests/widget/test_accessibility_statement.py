"""The accessibility statement speaks of every criterion once, and of tests that exist."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
STATEMENT = (ROOT / "docs/editors/accessibility.md").read_text()
RGAA, WCAG = STATEMENT.split("## RGAA 4.1\n")[1].split("## WCAG 2.2")
# The number of criteria in each of the thirteen themes of RGAA 4.1.
THEMES = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)
WAYS = {"machine", "keyboard", "screen reader: not yet", "not yet", "does not apply"}
ROW = re.compile(r"^\| ([\d.]+) \| [^|]+ \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
WORD = re.compile(r"\*\*([\w ]+)\*\*")


def named_tests() -> dict[str, tuple[str, str]]:
    """Return the file and the function that each bold word stands for."""
    rows = re.findall(r"^\| \*\*([\w ]+)\*\* \| `([\w/.]+)::(\w+)` \|$", STATEMENT, re.MULTILINE)
    return {word: (path, name) for word, path, name in rows}


def test_each_of_the_106_criteria_of_rgaa_is_there_once() -> None:
    expected = [f"{t}.{c}" for t, number in enumerate(THEMES, 1) for c in range(1, number + 1)]
    assert len(expected) == 106
    assert [number for number, _, _ in ROW.findall(RGAA)] == expected


def test_each_of_the_55_criteria_of_wcag_is_there_once() -> None:
    found = re.findall(r"^\| (\d\.\d\.\d+) \|", WCAG, re.MULTILINE)
    assert len(found) == len(set(found)) == 55


def test_every_test_that_is_named_exists() -> None:
    for path, name in named_tests().values():
        assert f"\ndef {name}(" in (ROOT / path).read_text(), (path, name)


def test_every_word_in_the_tables_is_a_test_and_every_test_is_used() -> None:
    named = Counter(WORD.findall(RGAA + WCAG))
    assert set(named) | {"print"} == set(named_tests())


def test_what_is_tested_names_its_test_and_what_is_not_says_why() -> None:
    for number, ways, why in ROW.findall(RGAA):
        assert set(ways.split("; ")) <= WAYS, number
        assert why.strip(), number
        if "machine" in ways:
            assert set(WORD.findall(why)) & set(named_tests()), number


def test_nothing_is_claimed_of_screen_readers_or_in_percent() -> None:
    """Nobody has used one yet, and a percentage would say more than is known."""
    assert "Nobody has used the booth with a screen reader yet" in STATEMENT
    assert not re.search(r"\b(?:complete|fully|compliant)\b", STATEMENT)
    assert re.findall(r"\d+ ?%", STATEMENT) == ["500 %"]  # a zoom
