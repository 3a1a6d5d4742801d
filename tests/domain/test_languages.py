"""A text in another language is refused only where there is no doubt; a moderator is told sooner."""

import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

import tests.browser
from server.consultations.files import parse
from server.consultations.languages import LONG_ENOUGH, MEASURED, is_other, may_be_other
from server.web.messages import written

PREFIX = "Il faut"
READERS = Path(tests.browser.__file__).parent / "readers_proposals.txt"
FOREIGN = ("Es muss mehr Pausen geben", "We must give every worker")  # among the invented ones


def french() -> list[str]:
    lines = READERS.read_text().splitlines()
    sent = [line.split("\t")[1] for line in lines if "\t" in line]
    demo = parse((files("server.demo") / "reinventer-le-travail.yaml").read_bytes(), "demo")
    return [*sent, *(one.text for one in demo.proposals)]


def said(language: str) -> list[str]:
    """Return what the booth says in a language: real sentences that speakers wrote."""
    plain = (text for text in written()[language].catalogue.values() if isinstance(text, str))
    whole = (re.sub(r"[\u2066-\u2069]?\{\w+\}[\u2066-\u2069]?", "", text) for text in plain)
    return [text for text in whole if len(text) >= LONG_ENOUGH]


def test_of_french_proposals_only_those_in_another_language_are_refused() -> None:
    """130 of them, with the beginning that the consultation sets and without."""
    texts = french()
    assert len(texts) >= 130
    refused = [text for text in texts if is_other(text, "fr", PREFIX)]
    assert [text.startswith(FOREIGN) for text in refused] == [True, True]
    assert [text for text in texts if is_other(text, "fr")] == refused


def test_capitals_and_missing_accents_are_no_other_language() -> None:
    plain = str.maketrans("éèêëàâçùûôîï", "eeeeaacuuoii")
    texts = [text for text in french() if not text.startswith(FOREIGN)]
    careless = [form(text) for text in texts for form in (str.upper, str.lower)]
    careless += [text.lower().translate(plain) for text in texts]
    assert [text for text in careless if is_other(text, "fr")] == []


@pytest.mark.parametrize("language", sorted(MEASURED))
def test_no_sentence_of_ours_is_refused_in_its_own_language_and_most_are_in_another(
    language: str,
) -> None:
    texts = said(language)
    assert len(texts) >= 70
    assert [text for text in texts if is_other(text, language)] == []
    other = "en" if language != "en" else "fr"
    caught = [text for text in texts if is_other(text, other)]
    seen = [text for text in texts if may_be_other(text, other)]
    assert len(caught) >= 0.8 * len(texts)
    assert len(seen) >= 0.9 * len(texts)


def test_words_from_elsewhere_do_not_make_a_text_foreign() -> None:
    for text in (
        "Il faut moins de burn-out, plus de coworking et de feedback",
        "Il faut installer des bornes wifi open source dans chaque fablab",
        "Il faut planter 10 000 arbres à Montréal, Bruxelles, Genève et Dakar",
        "Il faut plus de sous pr les ecoles et les hopitaux svp",
    ):
        assert not is_other(text, "fr", PREFIX)
        assert not may_be_other(text, "fr", PREFIX)


def test_a_text_behind_the_prefix_is_judged_without_it() -> None:
    text = "Il faut give every worker a longer lunch break in the summer"
    assert is_other(text, "fr", PREFIX)
    assert is_other(text, "fr-CA", PREFIX)


def test_a_short_text_is_for_a_moderator_to_judge() -> None:
    assert not is_other("Il faut more night trains now!", "fr", PREFIX)
    assert may_be_other("Il faut more night trains now!", "fr", PREFIX)


def test_of_a_language_that_was_not_measured_nothing_is_said() -> None:
    text = "Rhaid plannu coed ar hyd y strydoedd ym mhob tref"
    assert not is_other(text, "cy")
    assert not may_be_other(text, "cy")


def test_the_model_is_read_at_the_first_question_only() -> None:
    """A process that meets no proposal does not pay for it."""
    program = "import server.consultations.languages as l; print(l._model.cache_info().currsize)"
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "0"


def test_where_the_model_s_library_is_missing_every_text_is_taken() -> None:
    """It has no wheel for some platforms: the service starts there, and leaves the check out."""
    asked = (
        "import sys; sys.modules['fasttext'] = None\n"
        "from server.consultations.languages import is_other, may_be_other\n"
        "text = 'Wir brauchen mehr Pausen für alle Menschen in diesem Land'\n"
        "print(is_other(text, 'fr'), may_be_other(text, 'fr'))"
    )
    ran = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert ran.stdout == "False False\n"
    assert ran.stderr.count("No text's language is checked") == 1
