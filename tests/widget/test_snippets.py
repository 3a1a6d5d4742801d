"""The snippets that editors paste: real files, shown in the documentation as they are."""

import re
from pathlib import Path
from string import Template

import pytest

import embed

FOLDER = Path(embed.__file__).parent
SNIPPETS = sorted((FOLDER / "snippets").glob("*.html"))
PAGE = Path(embed.__file__).parents[1] / "docs" / "editors" / "embedding.md"
NAMES = {"service", "consultation", "source", "title"}
EXAMPLE = {
    "service": "https://vote.example.org",
    "consultation": "reinventer-le-travail",
    "source": "rmc",
    "title": "Votez : comment réinventer le travail ?",
}


def reserved(text: str) -> str:
    found = re.search(r'min-height:(\d+)px|height="(\d+)"', text)
    assert found
    return found[1] or found[2]


@pytest.mark.parametrize("path", SNIPPETS, ids=lambda path: path.stem)
def test_a_snippet_asks_for_the_four_names_and_no_other(path: Path) -> None:
    template = Template(path.read_text())
    assert template.is_valid()
    assert set(template.get_identifiers()) == NAMES


@pytest.mark.parametrize("path", SNIPPETS, ids=lambda path: path.stem)
def test_the_documentation_shows_the_very_snippet(path: Path) -> None:
    shown = f"```html\n{Template(path.read_text()).substitute(EXAMPLE)}```"
    assert shown in PAGE.read_text()


def test_loader_and_snippets_reserve_the_same_height() -> None:
    """Otherwise the article would move when the loader arrives."""
    found = re.search(r"RESERVE = (\d+)", (FOLDER / "loader.js").read_text())
    assert found
    assert {reserved(path.read_text()) for path in SNIPPETS} == {found[1]}


def test_the_documentation_names_every_attribute_and_event_of_the_loader() -> None:
    source = (FOLDER / "loader.js").read_text()
    attributes = set(re.findall(r'attribute\(element, "(\w+)"\)', source))
    listed = re.search(r'\[("source".*?)\]', source)
    events = re.search(r"EVENTS = /\^\((.*?)\)", source)
    assert listed
    assert events
    text = PAGE.read_text()
    for name in attributes | set(re.findall(r"\w+", listed[1])):
        assert f"| `{name}` |" in text
    for name in events[1].split("|"):
        assert f"| `isoloir:{name}` |" in text
