"""The proposals of a consultation's file: texts, ids, and what is said of them."""

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from server.central.receiver.schemas import RowSchema
from server.consultations import files, values
from server.consultations.records import Wrong
from tests.replay.good_file import GOOD, faults, parse, with_line


@pytest.mark.parametrize(
    "text",
    [
        "Il faut un",  # under 12
        "Il faut " + "x" * 133,  # 141
        "Il fautdormir davantage",
        "Dormir davantage la nuit",
        "Il faut <i>dormir</i> davantage",
        "Il faut dormir&nbsp;davantage",
        "Il faut écrire à zoe@example.org",
        "Il faut lire example.com au lit",
        "Il faut dormir \\u202Edavantage",
        "Il faut dormir\\ndavantage",
    ],
)
def test_a_text_that_cannot_be_shown_as_it_is_is_refused(text: str) -> None:
    """12 to 140 characters, the prefix, one line of plain text without links."""
    assert faults(with_line("  - text:", f'  - text: "{text}"')) == [(19, "proposals[1].text")]


@pytest.mark.parametrize("length", [12, 140])
def test_the_limits_of_a_text_are_allowed_and_measured_after_composing(length: int) -> None:
    """An e and its accent are one character, space around the text is none."""
    text = "Il faut " + "e\u0301" * (length - 8)
    found = parse(with_line("  - text:", f'  - text: "  {text} "'))
    assert found.proposals[0].text == "Il faut " + "é" * (length - 8)


@pytest.mark.parametrize(
    "central", ["a b", "é", "p\u00a077", "local:3", "a.b-c~rehearsal:12", "x" * 101, "[p-77]"]
)
def test_an_id_that_the_central_platform_could_not_take_is_refused(central: str) -> None:
    """One of them would keep every count of the consultation back; `local:3` is as ours are."""
    assert faults(with_line("    central:", f"    central: {central}")) == [
        (25, "proposals[2].central")
    ]


def test_two_proposals_never_share_a_central_id() -> None:
    text = with_line("    age: 31", "    central: p-77")
    assert faults(text) == [(25, "proposals[2].central")]


@given(st.text(st.characters(min_codepoint=0x1F, max_codepoint=0x80), max_size=105))
@example("urn:make:12")
@example("local:3")
def test_every_central_id_that_is_taken_the_receiver_takes_too(central: str) -> None:
    """Both ends hold the same rule."""
    with suppress(Wrong):
        assert not RowSchema(only=["proposal"]).validate({"proposal": values.central(central)})


def test_a_rehearsal_takes_texts_as_they_stand() -> None:
    """Published statements keep their length, their spaces and their doubles."""
    text = with_line("prefix:", "rehearsal: true")
    text = text.replace("Il faut éteindre les écrans le soir", '" No. "').replace(
        "Il faut autoriser la sieste : vraiment", " No. "
    )
    assert [p.text for p in parse(text).proposals][::2] == [" No. ", " No. "]


def test_french_texts_are_stored_as_french_is_printed() -> None:
    """Question, prefix, proposals and authors; what another keyboard typed is no other text."""
    text = with_line("prefix:", "prefix: Il faut qu'on puisse").replace("Zoé", "Zoé d'Arc")
    text = (
        text.split("proposals:")[0]
        + """proposals:
  - {text: Il faut qu'on puisse dormir, author: Zoé d'Arc}
  - {text: Il faut qu'on puisse sleep, author: Zoé d'Arc, language: en}
"""
    )
    found = parse(text)
    assert found.consultation.prefix == "Il faut qu’on puisse"
    assert [(p.text, p.author) for p in found.proposals] == [
        ("Il faut qu’on puisse dormir", "Zoé d’Arc"),
        ("Il faut qu'on puisse sleep", "Zoé d'Arc"),
    ]
    assert parse(files.dump(found)).proposals == found.proposals
    twice = text.replace("Il faut qu'on puisse sleep", "Il faut qu’on puisse dormir")
    assert faults(twice.replace(", language: en", "")) == [(20, "proposals[2].text")]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ("reader: true", "reader"),
        ("state: accepted, reader: true", "reader"),
        ("state: pending, at: 2027-01-03 09:00", "at"),
        ("reason: off-topic", "reason"),
        ("state: pending, down: true", "down"),
        ("state: refused, into: 1", "into"),
        ("id: 9, state: refused, reason: duplicate, into: 9", "into"),
        ("state: pending, accepted: 2027-01-03 09:00", "accepted"),
        ("accepted: 2027-03-28 02:30", "accepted"),
        ("labels: [<b>]", "labels[1]"),
        ("former: [{text: Il faut rever, by: Nora}]", "former[1].at"),
        ("postponed: {until: 2027-01-03 09:00}", "postponed"),
        ("state: pending, reader: true, reason: off-topic", "reason"),
        ("state: refused, reader: true, reason: boring", "reason"),
        ("state: refused, reader: true, at: 2027-03-28 02:30", "at"),
    ],
)
def test_what_is_said_of_a_proposal_goes_with_its_state(given: str, field: str) -> None:
    text = f"{GOOD}  - {{text: Il faut rêver davantage, {given}}}\n"
    assert (27, f"proposals[4].{field}") in faults(text)
    assert {line for line, _ in faults(text)} == {27}
