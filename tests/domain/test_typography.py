"""French as it is printed: narrow spaces and apostrophes, and never another word."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from server.consultations.typography import french, printed

TYPED = st.text("aéŒ1' \u00a0\u2009\u202f’«»;:?!%.\t\u0301/wh" + '"', max_size=40)
LINKS = st.sampled_from(["https://a.fr/l'x?y=1:2", "www.l'a.fr/ok!", "HTTP://A.FR/d'x"])


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Comment mieux dormir ?", "Comment mieux dormir\u202f?"),
        ("L'école : c'est « bien » !", "L’école\u202f: c’est «\u202fbien\u202f»\u202f!"),
        ("Quoi\u00a0?!", "Quoi\u202f?!"),
        ("Il faut 50 % d'élus ; vite", "Il faut 50\u202f% d’élus\u202f; vite"),
        ("aujourd'hui, l'« école » d'1 an", "aujourd’hui, l’«\u202fécole\u202f» d’1 an"),
    ],
)
def test_what_a_keyboard_gives_is_printed_properly(typed: str, shown: str) -> None:
    assert french(typed) == shown


@pytest.mark.parametrize(
    "text",
    [
        "De 10:30 à 12:00",
        "Pourquoi? Parce que!",  # no space was typed: none is added
        "Un 'mot' entre guillemets, 6'30 de course, le rock 'n' roll",
        "Voir https://exemple.fr/l'eau?a=1 et www.exemple.fr/d'ici",
        "10 000 habitants",
    ],
)
def test_times_addresses_and_quotes_are_left_alone(text: str) -> None:
    assert french(text) == text


@given(TYPED)
@example("«  ?")
def test_only_spaces_and_apostrophes_change(text: str) -> None:
    assert bare(french(text)) == bare(text)
    assert len(french(text)) <= len(text)


@given(TYPED)
def test_printing_twice_changes_nothing_more(text: str) -> None:
    assert french(french(text)) == french(text)


@given(TYPED)
def test_no_line_can_break_before_a_mark(text: str) -> None:
    assert not re.search(r"(?<=\S)[ \u2009\u00a0]+[;:?!%»]", french(text))


@given(TYPED, LINKS, TYPED)
def test_an_address_survives_whatever_stands_around_it(left: str, link: str, right: str) -> None:
    assert link in french(f"{left} {link} {right}")


@pytest.mark.parametrize("language", ["en", "frr", "", None])
def test_other_languages_are_not_touched(language: str | None) -> None:
    assert printed("It's so ?", language) == "It's so ?"


@pytest.mark.parametrize("language", ["fr", "fr-CH"])
def test_french_is_french_everywhere(language: str) -> None:
    assert printed("L'eau ?", language) == "L’eau\u202f?"


def bare(text: str) -> str:
    return re.sub(r"\s", "", text).replace("'", "’")
