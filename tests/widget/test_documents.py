"""The documents lead nowhere that does not exist, and show every state as it was photographed."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.web.styleguide_states import STATES

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("widget/*.md")])
LINK = re.compile(r'(?:\]\(|(?:src|srcset|href)=")([^)"\s]+)')
FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)


def links(text: str) -> Iterator[tuple[str, str]]:
    """Yield the file and the heading of each link into this project."""
    for target in LINK.findall(FENCED.sub("", text)):
        if not re.match(r"[a-z]+:", target):
            path, _, heading = target.partition("#")
            yield path, heading


def headings(text: str) -> set[str]:
    """Return the anchors that GitHub gives the headings."""
    titles = re.findall(r"^#+ (.+)$", FENCED.sub("", text), re.MULTILINE)
    plain = (re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", title).lower() for title in titles)
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in plain}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    for path, heading in links(document.read_text()):
        target = document.parent / path if path else document
        assert target.exists(), path
        if heading:
            assert heading in headings(target.read_text()), f"{path}#{heading}"


def test_every_state_has_its_picture_and_every_picture_its_state() -> None:
    pictures = {path.stem for path in (ROOT / "docs/pictures/states").glob("*.webp")}
    assert pictures == {state.name for state in STATES}
