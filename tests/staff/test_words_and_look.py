"""The console's words in both languages, and its colours, which are the booth's."""

import json
import re
from pathlib import Path

import pytest

import server.staff
import widget
from server.consultations.actions import ActionState
from server.consultations.consultation import ResultsRule
from server.consultations.fault_codes import FaultCode
from server.consultations.hints import Kind
from server.consultations.kinds import Kind as ConsultationKind
from server.consultations.moderation import Act
from server.consultations.partners import Role as Partnership
from server.consultations.proposing import RefusalReason
from server.consultations.scores import Zone
from server.staff.roles import Permission, Role
from server.staff.standing import Alarm

STAFF = Path(server.staff.__file__).parent
FR, EN = (json.loads((STAFF / "messages" / f"{lang}.json").read_text()) for lang in ("fr", "en"))
SOURCES = "".join(path.read_text() for path in STAFF.rglob("*.html"))
SOURCES += "".join(path.read_text() for path in STAFF.rglob("*.py"))
# What is put together from a word: each has to have its message.
FAMILIES = {
    "role": [*Role],
    "may": [*Permission],
    "alarm": [*Alarm],
    "language": ["fr", "en"],
    "way": ["console", "api", "command"],
    "reason": [*RefusalReason],
    "hint": [*Kind],
    "did": [*Act],
    "first": ["already-decided", "undo-too-late", "decision-replaced"],
    "kind": [*ConsultationKind],
    "results": [*ResultsRule],
    "partner": [*Partnership],
    "wrong.file": [*FaultCode],
    "zone": [*Zone, "new"],
    "action.state": [*ActionState],
}


def is_said(key: str) -> bool:
    return f'"{key}"' in SOURCES or f"'{key}'" in SOURCES


TOKEN = re.compile(r"(--[\w-]+): (light-dark\([^)]+\)|[^;]+);")


def test_both_languages_have_the_same_keys_in_the_same_order() -> None:
    assert list(FR) == list(EN)
    for key in FR:
        assert type(FR[key]) is type(EN[key])
        names = [set(re.findall(r"{(\w+)}", json.dumps(said[key]))) for said in (FR, EN)]
        assert names[0] == names[1], key


def test_every_message_is_used_and_every_word_has_its_message() -> None:
    made = (
        "phase.",
        "act.",
        "refused.",
        "fault.",
        "state.",
        "wording.",
        "answers.",
        "field.",
        "wrong.",
        "part.",
        "followup.",
        *(f"{name}." for name in FAMILIES),
    )
    unused = [key for key in FR if not is_said(key) and not key.startswith(made)]
    assert unused == ["moment"]  # of what every language has
    for name, words in FAMILIES.items():
        assert {f"{name}.{word}" for word in words} == {k for k in FR if k.startswith(f"{name}.")}
    for key in re.findall(r'\bt\("([\w.-]+)"(?! ~)', SOURCES):
        assert key in FR, key


@pytest.mark.parametrize("text", [t for t in FR.values() if isinstance(t, str)])
def test_french_is_set_as_it_is_printed(text: str) -> None:
    typed = r"https://|\d\d:\d\d"  # as it is to be written in a file
    assert not re.search(r"[^\u202f][;:?!%»]", re.sub(typed, "", text))
    assert not re.search(r"«[^\u202f]", text)
    assert "'" not in text


def test_the_colours_are_the_booths() -> None:
    booth = dict(TOKEN.findall((Path(widget.__file__).parent / "booth.css").read_text()))
    mine = dict(TOKEN.findall((STAFF / "static" / "staff.css").read_text()))
    shared = booth.keys() & mine.keys() - {"--small"}
    assert {"--paper", "--ink", "--quiet", "--line", "--edge", "--agree", "--disagree"} <= shared
    assert {name: mine[name] for name in shared} == {name: booth[name] for name in shared}
