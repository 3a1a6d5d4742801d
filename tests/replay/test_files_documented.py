"""The manual names every key of a consultation's file."""

import re
from pathlib import Path

import pytest

from server.consultations import file_keys
from server.consultations.records import Key
from tests.replay.good_file import parse

DOCS = (Path(__file__).parents[2] / "docs" / "staff" / "importing.md").read_text("utf-8")


def test_the_file_in_the_docs_can_be_copied() -> None:
    """The example under “A whole file” reads without a fault."""
    example = DOCS.split("```yaml\n")[1].split("```")[0]
    assert len(parse(example).proposals) == 2


def keys_in_docs(heading: str) -> dict[str, str]:
    """Return key -> “required” or “optional” of the table under a heading of the docs."""
    section = DOCS.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = re.findall(r"(?m)^\| `([\w-]+)` \| (required|optional)", section)
    return dict(rows)


@pytest.mark.parametrize(
    ("heading", "keys"),
    [
        ("The consultation", file_keys.CONSULTATION_KEYS),
        ("A source", file_keys.SOURCE_KEYS),
        ("A proposal", file_keys.PROPOSAL_KEYS),
        ("A partner", file_keys.PARTNER_KEYS),
        ("An answer", file_keys.ANSWER_KEYS),
        ("An answer before it was corrected", file_keys.TOLD_FORMER_KEYS),
        ("A selected proposal", file_keys.SELECTED_KEYS),
        ("A workshop", file_keys.WORKSHOP_KEYS),
        ("An action", file_keys.ACTION_KEYS),
        ("The target of an action", file_keys.TARGET_KEYS),
        ("News of an action", file_keys.NEWS_KEYS),
        ("An endorsement", file_keys.ENDORSEMENT_KEYS),
        ("The decks", file_keys.DECK_KEYS),
        ("What staff have stated", file_keys.REACHED_KEYS),
        ("A text before it was mended", file_keys.FORMER_KEYS),
        ("A postponement", file_keys.POSTPONED_KEYS),
    ],
)
def test_the_docs_name_every_key(heading: str, keys: dict[str, Key]) -> None:
    """The tables in docs/staff/importing.md are those of the parser."""
    assert keys_in_docs(heading) == {
        name: "required" if key.required else "optional" for name, key in keys.items()
    }
