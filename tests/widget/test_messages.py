"""One messages file per language, complete, and written as its language is printed."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from babel import Locale
from flask import Flask

import widget
from server.consultations import ballots
from server.consultations.actions import ActionState
from server.consultations.consultation import ProposalState
from server.consultations.partners import Role
from server.consultations.phases import STATED
from server.consultations.proposing import RefusalReason
from server.settings import SettingsError
from server.web import (
    calendars,
    charter,
    dossiers,
    feeds,
    followup,
    home,
    home_feeds,
    messages,
    results_charts,
    stages,
)
from server.web import surroundings as around
from server.web.messages import REVIEW, Messages, Speech, written

FOLDER = Path(widget.__file__).parent
ROOT = FOLDER.parent
NAMES = sorted(path.stem for path in (FOLDER / "messages").glob("*.json"))
FRENCH = written()["fr"].catalogue
SOURCES = [*(FOLDER / "src").glob("*.js"), *(FOLDER / "templates").rglob("*.html")]
SERVER = [
    Path(module.__file__)
    for module in (
        around,
        ballots,
        calendars,
        charter,
        dossiers,
        feeds,
        followup,
        home,
        home_feeds,
        messages,
        results_charts,
    )
]
PLACEHOLDER = re.compile(r"\{(\w+)\}")
# What nobody may take a vote for: the word for a survey of a sample, in every language.
SURVEY = re.compile(
    r"sondage|\b(?:opinion )?polls?\b|\bsurveys?\b|umfrage|encuesta|sondeo|sondaggi|peiling|enquête"
    r"|sondagem|استطلاع",
    re.IGNORECASE,
)
FOR_READERS = [
    *FOLDER.rglob("*.html"),
    *(FOLDER / "src").glob("*.js"),
    *(ROOT / "embed").rglob("*.html"),
    *(ROOT / "embed").rglob("*.js"),
    *(ROOT / "server").rglob("*.html"),
    *(ROOT / "server").rglob("*.yaml"),
]
FOR_PARTNERS = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]


def forms(message: str | dict[str, str]) -> list[str]:
    return [message] if isinstance(message, str) else list(message.values())


def read(lang: str) -> dict[str, str | dict[str, str]]:
    return written()[lang].catalogue


def plurals(lang: str) -> Iterator[dict[str, str]]:
    return (message for message in read(lang).values() if isinstance(message, dict))


def alone(lang: str, category: str) -> bool:
    """Whether a plural category is of one number only: “two votes” then needs no digit."""
    rule = Locale.parse(lang, sep="-").plural_form
    return sum(rule(number) == category for number in range(2_000)) == 1


@pytest.mark.parametrize("lang", NAMES)
def test_a_file_begins_with_who_read_it(lang: str) -> None:
    """A draft says why it is one; who signs says so in the file itself."""
    said = json.loads((FOLDER / "messages" / f"{lang}.json").read_text())
    assert next(iter(said)) == REVIEW
    head = said[REVIEW]
    assert set(head) <= {"signed", "note"}
    assert head["signed"] or head["note"]


@pytest.mark.parametrize("lang", NAMES)
def test_every_language_says_the_same_things_in_the_same_order(lang: str) -> None:
    """What is missing or left over is named: this test is the list of what to translate."""
    said = read(lang)
    assert [key for key in FRENCH if key not in said] == []
    assert [key for key in said if key not in FRENCH] == []
    assert list(said) == list(FRENCH)


@pytest.mark.parametrize("lang", NAMES)
def test_no_message_loses_or_invents_what_is_filled_in(lang: str) -> None:
    for key, message in read(lang).items():
        wanted = set(PLACEHOLDER.findall(forms(FRENCH[key])[0]))
        for category, form in (
            {"": message}.items() if isinstance(message, str) else message.items()
        ):
            spared = {"count"} if category and alone(lang, category) else set()
            assert set(PLACEHOLDER.findall(form)) | spared == wanted | spared, (key, form)
            assert form == form.strip() != "", key


@pytest.mark.parametrize("lang", NAMES)
def test_plurals_have_exactly_the_forms_of_the_language(lang: str) -> None:
    """Those of CLDR, which the server and the browser choose from."""
    categories = Locale.parse(lang, sep="-").plural_form.tags | {"other"}
    found = list(plurals(lang))
    assert found
    assert [set(message) for message in found] == [categories] * len(found)


def test_french_has_narrow_spaces_and_typographic_apostrophes() -> None:
    """A line never breaks before « ? », and no typewriter's apostrophe is left."""
    for message in FRENCH.values():
        for form in forms(message):
            assert not re.search(r"(?<!\u202f)[;:?!%»]|«(?!\u202f)", form), form
            assert "'" not in form


@pytest.mark.parametrize("lang", NAMES)
def test_no_language_takes_the_vote_for_a_survey(lang: str) -> None:
    for message in read(lang).values():
        assert not any(SURVEY.search(form) for form in forms(message)), message


@pytest.mark.parametrize("path", FOR_READERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_page_takes_the_vote_for_a_survey(path: Path) -> None:
    assert "sondage" not in path.read_text().lower()


@pytest.mark.parametrize("path", FOR_PARTNERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_text_for_editors_takes_the_vote_for_a_survey(path: Path) -> None:
    assert "sondage" not in path.read_text().lower()


def test_no_message_is_unused() -> None:
    """Every key is named by a template, the script or the server, or built from a name of theirs."""
    text = "".join(path.read_text() for path in (*SOURCES, *SERVER))
    screens = ("upcoming", "closed", "unknown", "blocked", "error", "refused", "continue")
    built = {f"{screen}{part}" for screen in screens for part in ("Title", "Text")}
    built |= {f"{role}Role" for role in Role} | {f"{phase}Stage" for phase in STATED}
    built |= {f"{name}Section" for name in ("featured", "open", "upcoming", "past")}
    built |= {f"{state}Action" for state in ActionState}
    built |= {f"{stage}Step" for stage in (*stages.ROAD, *stages.QUESTIONS)}
    built |= {f"{state}Idea" for state in (*ProposalState, "merged", "down")} | set(RefusalReason)
    assert {key for key in FRENCH if f'"{key}"' not in text and f"'{key}'" not in text} <= built
    assert built <= set(FRENCH)


def test_readers_are_spoken_to_in_signed_languages_only() -> None:
    """A draft stays off until it is signed, unless a trial asks for it by name."""
    signed = {lang for lang, speech in written().items() if speech.signed}
    assert {lang for lang in NAMES if Messages.load().known(lang)} == signed
    assert signed >= {"fr", "en"}
    draft = next(lang for lang in NAMES if lang not in signed)
    assert Messages.load([draft]).known(draft) == draft
    assert Messages.load([draft]).speech(draft).lang == draft
    assert Messages.load().speech(draft, "en").lang == "en"


def test_a_draft_that_nobody_wrote_stops_the_start() -> None:
    with pytest.raises(SettingsError, match=r"ISOLOIR_DRAFT_LANGUAGES.* xx"):
        Messages.load(["xx"])


def test_a_reader_who_asks_for_a_draft_gets_the_consultation_s_language(app: Flask) -> None:
    page = app.test_client().get("/e/nowhere?lang=ar").get_data(as_text=True)
    assert '<html lang="fr"' in page


def test_arabic_has_six_plurals_and_runs_from_the_right() -> None:
    arabic = written()["ar"]
    said = [arabic.t("votes", count=count) for count in (0, 1, 2, 3, 11, 100, 1234)]
    assert said == [
        "لا أصوات",
        "صوت واحد",
        "صوتان",
        "3 أصوات",
        "11 صوتًا",
        "100 صوت",
        "1,234 صوتًا",
    ]
    assert (arabic.direction, written()["fr"].direction) == ("rtl", "ltr")


def test_a_language_of_a_region_is_a_file_like_any_other() -> None:
    """Such as `pt-PT.json`: the name is the tag that HTML and the browser use."""
    speech = Speech.parse("pt-PT", json.dumps({REVIEW: {"signed": None}, "share": "{share}%"}))
    assert (speech.n(1_234_567), speech.direction) == ("1\u00a0234\u00a0567", "ltr")


def test_the_first_of_a_month_is_said_as_french_says_it() -> None:
    speech = written()["fr"]
    first, eleventh = datetime(2027, 3, 1, 9, tzinfo=UTC), datetime(2027, 3, 11, 9, tzinfo=UTC)
    assert (speech.day(first), speech.date(first)) == ("1er mars", "1er mars 2027")
    assert (speech.day(eleventh), speech.date(eleventh)) == ("11 mars", "11 mars 2027")
    assert speech.moment(first) == "1er mars 2027 à 09:00"
    assert written()["en"].day(first) == "1 March"


@pytest.mark.parametrize(
    ("distance", "said"),
    [
        (timedelta(days=9), "dans 9 jours"),
        (timedelta(days=21), "dans 3 semaines"),
        (timedelta(hours=30), "dans 30 heures"),
        (timedelta(minutes=90), "dans 90 minutes"),
    ],
)
def test_a_wait_is_not_rounded_to_less_than_two_of_anything(distance: timedelta, said: str) -> None:
    """Nine days are no week, a day and a quarter no day."""
    assert written()["fr"].wait(distance) == said
