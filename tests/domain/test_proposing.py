"""What a reader may propose: every rule by its word, and nothing unseen gets through."""

import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.consultations.ages import CHOICES, Band, band_of
from server.consultations.errors import WordingRefused
from server.consultations.proposing import UNSEEN_KINDS, RefusalReason, draft, sentence
from tests.conftest import consultation

FREE = consultation(prefix=None)
HERE = consultation(prefix="Il faut")
GOOD = "Il faut planter des arbres dans chaque rue"


def faults(
    text: str = GOOD,
    name: str | None = None,
    prefix: str | None = "Il faut",
    age: str | None = None,
) -> set[str]:
    """Return `field code` of everything that is refused."""
    try:
        draft(consultation(prefix=prefix), text, name, age)
    except WordingRefused as refused:
        return {f"{fault['field']} {fault['code']}" for fault in refused.extra["errors"]}
    return set()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Il faut agi", "too-short"),
        ("Il faut " + "a" * 133, "too-long"),
        ("", "too-short"),
        ("Planter des arbres dans chaque rue", "no-prefix"),
        ("Il fautplanter des arbres", "no-prefix"),
        ("Il faut <b>planter</b> des arbres", "markup"),
        ("Il faut planter &lt;des arbres", "markup"),
        ("Il faut lire https://exemple.test/x", "link"),
        ("Il faut écrire à nora@exemple.test", "link"),
        ("Il faut lire ｗｗｗ．exemple．com vite", "link"),  # letters of double width
        ("Il faut planter\ndes arbres", "odd-characters"),
        ("Il faut planter\x00 des arbres", "odd-characters"),
        ("Il faut planter\u202e des arbres", "odd-characters"),
        ("Il faut plan\u200bter des arbres", "odd-characters"),
        ("Il faut planter\u2066 des\u2069 arbres", "odd-characters"),
        ("Il faut planter\ufeff des arbres", "odd-characters"),
        ("Il faut planter\U000e0041 des arbres", "odd-characters"),
        ("Il faut planter\ufffe des arbres", "odd-characters"),
        ("Il faut planter\ufdd0 des arbres", "odd-characters"),
        ("Il faut planter\u3164 des arbres", "odd-characters"),
        ("Il faut planter d" + "\u0336" * 9 + "es arbres", "odd-characters"),
    ],
)
def test_each_rule_has_a_word_of_its_own(text: str, code: str) -> None:
    assert f"text {code}" in faults(text)


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "Il faut 2 fois plus d’arbres, non\u202f?",
        "Il faut « planter » 🌳 partout",
        "Il faut ❤\ufe0f les arbres",  # as a telephone writes it
        "Il faut " + "a" * 132,
    ],
)
def test_what_people_write_is_taken(text: str) -> None:
    assert faults(text) == set()


def test_other_scripts_are_taken_too() -> None:
    for language, text in (
        ("hi", "हमें हर गली में पेड़ लगाने चाहिए"),
        ("ar", "يجب زرع الأشجار في كل شارع"),
        ("ja", "すべての通りに木を植えるべきです"),
    ):
        draft(replace(FREE, language=language), text)


def test_a_text_in_another_language_is_refused() -> None:
    assert faults("Il faut give every worker a longer break in the summer") == {"text language"}
    assert faults("يجب زرع الأشجار في كل شارع", prefix=None) == {"text language"}


def test_spaces_are_single_and_letters_are_composed() -> None:
    """Also the two that French sets before a question mark stay, one at a time."""
    written = draft(HERE, "  Il   faut  e\u0301couter\u00ad \u2003 les gens\u202f?\n")
    assert written.text == "Il faut écouter les gens\u202f?"


def test_everything_wrong_is_told_at_once_and_the_first_is_named() -> None:
    with pytest.raises(WordingRefused) as refused:
        draft(HERE, "<b>", "R2D2")
    assert refused.value.field == "text"
    assert refused.value.extra["reason"] == "markup"
    found = {(fault["field"], fault["code"]) for fault in refused.value.extra["errors"]}
    assert found == {
        ("text", "markup"), ("text", "too-short"), ("text", "no-prefix"), ("name", "odd-characters"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "name",
    ["Zoé", "Jean-Pierre", "N’Golo", "O'Neil", "Anne Marie", "Ørjan", "李雷", "आरती", "Nguyễn"],
)
def test_first_names_of_all_scripts_are_taken(name: str) -> None:
    assert faults(name=name) == set()
    assert draft(HERE, GOOD, name, "25-34").author == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    "name",
    ["R2D2", "<b>", "-", "Zoé-", "a@b.fr", "Z\u200boé", "Zo\u202eé", "Zoé 🌳", "\u3164", "Z.", "́"],
)
def test_what_is_no_first_name_is_refused(name: str) -> None:
    assert faults(name=name) == {"name odd-characters"}


def test_a_name_has_forty_characters_at_the_most() -> None:
    assert faults(name="a" * 40) == set()
    assert faults(name="a" * 41) == {"name too-long"}


def test_of_a_child_neither_name_nor_age_is_kept() -> None:
    def kept(name: str | None, age: str | None) -> tuple[str | None, str | None]:
        made = draft(HERE, GOOD, name, age)
        return made.author, made.age

    assert kept("Zoé", "0-14") == (None, None)
    assert kept("Zoé", "15-24") == ("Zoé", "15-24")
    assert kept("Zoé", None) == ("Zoé", None)
    assert kept("Zoé", "") == ("Zoé", None)
    assert kept(" ", "25-34") == (None, "25-34")


@pytest.mark.parametrize("age", ["31", "15-25", "75", "0-14 ", "x" * 10])
def test_an_age_is_one_of_the_bands(age: str) -> None:
    with pytest.raises(WordingRefused) as refusal:
        draft(HERE, GOOD, "Zoé", age)
    assert [(one["field"], one["code"]) for one in refusal.value.extra["errors"]] == [
        ("age", "unknown")
    ]


def test_every_age_is_in_one_band_and_a_child_in_none() -> None:
    shown = [band_of(age) for age in range(121)]
    assert shown[:15] == [None] * 15
    assert [shown[age] for age in (15, 24, 25, 41, 64, 74, 75, 120)] == [
        "15-24", "15-24", "25-34", "35-44", "55-64", "65-74", "75+", "75+",
    ]  # fmt: skip
    assert band_of(None) is None
    assert band_of(Band.FROM_25) == "25-34"


@given(st.text(max_size=200), st.none() | st.text(max_size=60), st.sampled_from((None, *CHOICES)))
def test_whatever_is_kept_can_be_shown_as_it_is(
    text: str, name: str | None, age: str | None
) -> None:
    try:
        made = draft(FREE, text, name, age)
    except WordingRefused:
        return
    assert 12 <= len(made.text) <= 140
    for kept in filter(None, (made.text, made.author)):
        assert unicodedata.is_normalized("NFC", kept)
        assert not UNSEEN_KINDS & set(map(unicodedata.category, kept))
        assert kept == kept.strip()
        assert "  " not in kept


@given(st.text(max_size=60))
def test_what_is_kept_once_is_kept_as_it_is_the_second_time(text: str) -> None:
    """So a repeat after a lost reply, or a copy of one's own proposal, is known again."""
    try:
        made = draft(FREE, text)
    except WordingRefused:
        return
    assert draft(FREE, made.text) == made


def test_the_docs_name_every_reason_and_every_rule() -> None:
    docs = Path(__file__).parents[2] / "docs" / "staff"
    page, reasons = ((docs / name).read_text("utf-8") for name in ("proposals.md", "reasons.md"))
    assert re.findall(r"(?m)^\| `([\w-]+)` \|", reasons) == [*map(str, RefusalReason)]
    rules = page.split("## What is refused")[1].split("\n## ")[0]
    named = {
        f"{field} {word}"
        for field, words in re.findall(r"(?m)^\| `(\w+)` \| ([^|]*) \|", rules)
        for word in re.findall(r"`([\w-]+)`", words)
    }
    told = faults("<b> https://x \u200b", "1" * 41) | faults("a" * 141) | faults("a")
    told |= faults("Il faut give every worker a longer break in the summer") | faults(age="31")
    assert named == told


def test_a_text_far_too_long_is_not_read_to_its_end() -> None:
    """Looking for links in it would hold up every voter for seconds."""
    for text in ("a-" * 8000, "\ufdfa" * 8000, "a." * 8000):
        with pytest.raises(WordingRefused) as refused:
            draft(HERE, text, "b" * 8000)
        codes = {(fault["field"], fault["code"]) for fault in refused.value.extra["errors"]}
        assert {("text", "too-long"), ("name", "too-long")} <= codes


@pytest.mark.parametrize("stray", ["\ufffe", "\uffff", "\ufdd0"])
def test_what_is_no_character_is_refused(stray: str) -> None:
    with pytest.raises(WordingRefused):
        draft(HERE, f"Il faut planter des arbres{stray} partout")


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("dormir", "Il faut qu’on dormir"),
        ("il faut qu'on dorme", "Il faut qu’on dorme"),
        ("Il faut qu’onze dorment", "Il faut qu’on Il faut qu’onze dorment"),
        ("", "Il faut qu’on "),
    ],
)
def test_a_prefix_written_once_more_stands_once(typed: str, whole: str) -> None:
    assert sentence("Il faut qu’on", typed) == whole
    assert sentence(None, typed) == typed
