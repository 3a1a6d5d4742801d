"""What the first pages say is so."""

import configparser
import dataclasses
import inspect
import re
from pathlib import Path
from string import Template

import pytest

from server.settings import Listening, ReceiverSettings, Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
SETTINGS_PAGE = (ROOT / "docs/operators/settings.md").read_text()
VARIABLE = re.compile(r"\b(REDIS_URL|PORT|WEB_CONCURRENCY|ISOLOIR_[A-Z_]+)\b")
TEXTS = [
    *ROOT.glob("*.md"),
    *(ROOT / "docs").rglob("*.md"),
]


def declared(kind: type) -> dict[str, str]:
    """Return the variables of a settings class with their defaults, as the page writes them."""
    found = {}
    for field in dataclasses.fields(kind):
        line = next(
            line for line in inspect.getsource(kind).splitlines() if f" {field.name}:" in line
        )
        default = "required" if field.default is dataclasses.MISSING else str(field.default)
        found[VARIABLE.findall(line)[0]] = default.replace("None", "none")
    return found


def documented(heading: str) -> dict[str, str]:
    """Return the table below a heading: variable and default."""
    section = SETTINGS_PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| `?([^|`]+?)`? \|", section, re.MULTILINE)
    return dict(rows)


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("The service", Settings),
        ("Where the processes listen", Listening),
        ("The receiver", ReceiverSettings),
    ],
)
def test_the_settings_page_lists_every_setting_with_its_default(heading: str, kind: type) -> None:
    """An operator can trust the page."""
    assert documented(heading) == declared(kind)


@pytest.mark.parametrize("page", TEXTS, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_make_command_that_a_page_shows_exists(page: Path) -> None:
    """Nobody types a command that is not there."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    shown = re.findall(r"(?:^|`)make ([a-z-]+)", page.read_text(), re.MULTILINE)
    assert set(shown) <= targets


@pytest.mark.parametrize("page", TEXTS, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    """Links and pictures between the pages hold."""
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)#\s]+)|src(?:set)?=\"([^\"]+)\"", text)
    local = [a or b for a, b in links if not (a or b).startswith(("http", "mailto"))]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_the_readme_shows_the_snippet_that_editors_paste() -> None:
    """The first thing that is copied from the page is the file that browser tests load."""
    text = (ROOT / "embed/snippets/script.html").read_text()
    values = {
        "service": "https://vote.example",
        "consultation": "reinventer-le-travail",
        "source": "bfm",
        "title": "Comment réinventer le travail\u202f?",
    }
    assert Template(text).substitute(values) in README


def test_every_library_has_its_reason() -> None:
    """The table of libraries names exactly what `setup.cfg` asks for."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    extras = parser["options.extras_require"]
    asked = "\n".join([parser["options"]["install_requires"], *extras.values()])
    names = {line.split(";")[0].strip() for line in asked.splitlines() if line.strip()}
    page = (ROOT / "docs/decisions/0004-libraries.md").read_text()
    assert set(re.findall(r"^\| ([\w\[\]-]+) \| \d", page, re.MULTILINE)) == names


def test_every_decision_stands_in_the_index() -> None:
    """A record that is not listed is not found."""
    folder = ROOT / "docs/decisions"
    index = (folder / "README.md").read_text()
    for record in folder.glob("[0-9]*.md"):
        title = record.read_text().splitlines()[0].removeprefix("# ")
        assert f"- [{title}]({record.name})" in index


def test_every_file_that_is_not_python_ships_in_the_wheel() -> None:
    """A template in a new folder must not be missing only where it is installed."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    for package, patterns in parser["options.package_data"].items():
        folder = ROOT / package
        shipped = {path for pattern in patterns.split(", ") for path in folder.glob(pattern)}
        there = {path for path in folder.rglob("*") if path.is_file()}
        unshipped = {path for path in there - shipped if path.suffix not in {".py", ".pyc", ".md"}}
        assert unshipped == set()
