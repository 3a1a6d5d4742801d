"""The snippets that editors paste: real files, shown in the documentation as they are."""

import configparser
import re
from pathlib import Path
from string import Template

import pytest

import embed
import widget

FOLDER = Path(embed.__file__).parent
SNIPPETS = sorted((FOLDER / "snippets").glob("*.html"))
LOADER = FOLDER / "loader.js"
TYPES = FOLDER / "isoloir.d.ts"
WIDGET = Path(widget.__file__).parent
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


def rows(name: str) -> set[str]:
    """Return what stands first in each row of the documentation's table with this first title."""
    table = PAGE.read_text().partition(f"| {name} |")[2].partition("\n\n")[0]
    return set(re.findall(r"^\| `([\w:.]+)", table, re.MULTILINE))


def typed(interface: str) -> set[str]:
    """Return the names that an interface of the types has."""
    body = re.search(
        rf"interface {interface} {{(.*?)^}}", TYPES.read_text(), re.DOTALL | re.MULTILINE
    )
    assert body
    return set(re.findall(r'^  "?([\w:]+)"?[?(:]', body[1], re.MULTILINE))


def test_loader_documentation_and_types_have_the_same_attributes() -> None:
    source = LOADER.read_text()
    listed = re.search(r"QUERY = \[(.*?)\]", source)
    assert listed
    read = set(re.findall(r'wish\("(\w+)"\)', source)) | set(re.findall(r"\w+", listed[1]))
    assert read == rows("attribute") == typed("IsoloirOptions")


def test_loader_documentation_and_types_have_the_same_functions() -> None:
    api = re.search(r"const api = {(.*?)^  };", LOADER.read_text(), re.DOTALL | re.MULTILINE)
    assert api
    made = set(re.findall(r"^    (\w+)\(", api[1], re.MULTILINE))
    assert made == {name.removeprefix("Isoloir.") for name in rows("function")}
    assert made == typed("IsoloirApi")


def test_documentation_and_types_have_every_event_that_the_booth_can_send() -> None:
    modules = "".join(path.read_text() for path in (WIDGET / "src").glob("*.js"))
    sent = {f"isoloir:{name}" for name in re.findall(r'tellHost\("(\w+)"', modules)}
    assert rows("event") == typed("IsoloirEvents")
    assert {"isoloir:ready", "isoloir:voted"} <= sent <= rows("event")


def test_the_types_are_shipped_with_the_loader() -> None:
    settings = configparser.ConfigParser()
    settings.read(FOLDER.parent / "setup.cfg")
    assert "*.ts" in settings["options.package_data"]["embed"].split(", ")
