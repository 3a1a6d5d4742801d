"""One messages file per language, complete, and written as its language is printed."""

import json
import re
from pathlib import Path

import pytest

import widget
from server.consultations import ballots
from server.web import messages

FOLDER = Path(widget.__file__).parent
FILES = sorted((FOLDER / "messages").glob("*.json"))
FRENCH = json.loads((FOLDER / "messages" / "fr.json").read_text())
SOURCES = [*(FOLDER / "src").glob("*.js"), *(FOLDER / "templates").rglob("*.html")]
SERVER = [Path(module.__file__) for module in (ballots, messages)]
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def forms(message: str | dict[str, str]) -> list[str]:
    return [message] if isinstance(message, str) else list(message.values())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_language_says_the_same_things(path: Path) -> None:
    said = json.loads(path.read_text())
    assert list(said) == list(FRENCH)
    for key, message in said.items():
        for form in forms(message):
            assert set(PLACEHOLDER.findall(form)) == set(PLACEHOLDER.findall(forms(FRENCH[key])[0]))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_plurals_have_a_form_for_every_other_number(path: Path) -> None:
    plurals = [m for m in json.loads(path.read_text()).values() if isinstance(m, dict)]
    assert plurals
    assert all("other" in message for message in plurals)


def test_french_has_narrow_spaces_and_typographic_apostrophes() -> None:
    """A line never breaks before « ? », and no typewriter's apostrophe is left."""
    for message in FRENCH.values():
        for form in forms(message):
            assert not re.search(r"(?<!\u202f)[;:?!%»]", form), form
            assert "'" not in form


def test_no_message_is_unused() -> None:
    """Every key is named by a template, the script or the server, or built from a screen's name."""
    text = "".join(path.read_text() for path in (*SOURCES, *SERVER))
    screens = ("upcoming", "closed", "unknown", "blocked", "error", "refused", "continue")
    built = {f"{screen}{part}" for screen in screens for part in ("Title", "Text")}
    assert {key for key in FRENCH if f'"{key}"' not in text and f"'{key}'" not in text} <= built
    assert built <= set(FRENCH)
