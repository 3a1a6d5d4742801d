"""Every language, drafts too: the same words on both sides, room for them, and the right way round."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from babel.dates import format_date, format_time
from playwright.sync_api import Locator, Page, expect

import widget
from server.consultations.consultation import Proposal
from server.consultations.results import shares
from server.web.messages import Speech, written
from tests.browser.reading import Booth, Reader
from tests.browser.service import LONG, TEXTS, Service

LANGUAGES = sorted(written())
VOTES = ("agree", "disagree", "neutral")
WORDS = (Path(widget.__file__).parent / "src" / "words.js").read_text()
NUMBERS = [*range(131), 200, 999, 1_000, 1_002, 1_011, 9_999, 10_000, 1_000_000, 1_234_567]
MOMENT = "2026-11-03T08:05:00Z"
ARABIC = "يجب أن تبدأ الدروس في وقت متأخر من الصباح."


def frame(live: Service, slug: str, lang: str, theme: str = "light") -> str:
    address = f"{live.url}/e/{slug}?source=rmc%26lang={lang}%26theme={theme}"
    # Of the width that a reader's browser has, as an article's column.
    return live.page(f"/page?put=<iframe height=620 style='width:100%25;border:0' src='{address}'>")


def said_by_the_server(speech: Speech) -> dict[str, list[str]]:
    """Return what the server says of every number, by message."""
    counted = [key for key, message in speech.catalogue.items() if isinstance(message, dict)]
    said = {key: [speech.t(key, count=n, of=n) for n in NUMBERS] for key in counted}
    said["share"] = [speech.t("share", share=number) for number in range(101)]
    said["progress"] = [speech.t("progress", number=n, of=n + 1) for n in NUMBERS]
    return said


SAY = """
const values = {
  share: [...Array(101).keys()].map((share) => ({ share })),
  progress: numbers_.map((number) => ({ number, of: number + 1 })),
};
return Object.fromEntries(keys.map((key) =>
  [key, (values[key] ?? numbers_.map((count) => ({ count, of: count }))).map((value) => say(key, value))]));
"""


def said_by_the_script(page: Page, speech: Speech, keys: list[str]) -> dict[str, list[str]]:
    """Return what the booth's own words.js says of them in a page of that language."""
    page.set_content(f'<!doctype html><html lang="{speech.lang}"><p>')
    messages = json.dumps({key: speech.catalogue[key] for key in keys})
    assert "const WORDS = {};" in WORDS
    source = WORDS.replace("const WORDS = {};", f"const WORDS = {messages};")
    script = source.replace("export function", "function") + SAY
    said: dict[str, list[str]] = page.evaluate(
        f"([keys, numbers_]) => {{ {script} }}", [keys, NUMBERS]
    )
    return said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_server_and_browser_say_the_same_of_every_number(lang: str, reader: Reader) -> None:
    """Plural forms, thousands, digits and percentages, to the last space."""
    speech = written()[lang]
    ours = said_by_the_server(speech)
    assert said_by_the_script(reader.context.new_page(), speech, list(ours)) == ours


DATES = """([lang, moment]) => ["dateStyle", "timeStyle"].map((style, i) =>
  new Intl.DateTimeFormat(lang, {
    [style]: i ? "short" : "long", timeZone: "UTC", numberingSystem: "latn", calendar: "gregory",
  }).format(new Date(moment)))"""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_dates_are_written_as_the_browser_would(lang: str, reader: Reader) -> None:
    """Only the server writes dates; beside a browser's own they must not look foreign."""
    moment, locale = datetime.fromisoformat(MOMENT), written()[lang].locale
    ours = [format_date(moment, "long", locale=locale), format_time(moment, "short", locale=locale)]
    theirs = reader.context.new_page().evaluate(DATES, [str(locale).replace("_", "-"), MOMENT])
    assert [text.replace("\u202f", " ") for text in ours] == [
        text.replace("\u202f", " ") for text in theirs
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_vote_is_answered_in_the_language_with_script_or_without(
    lang: str, live: Service, reader: Reader, scriptless: Reader
) -> None:
    """The whole way: the served script, its words, the real numbers."""
    slug, speech = live.open([LONG]), written()[lang]
    live.fill(slug, (3, 14, 8))
    own = speech.t("yourVote", vote=speech.t("agree").lower())
    booth = reader.booth(frame(live, slug, lang))
    booth.vote("agree")
    expect(booth.find(".note")).to_have_text(speech.t("votes", count=26))
    assert booth.find(".own-vote").inner_text() == own
    expected = [speech.t("share", share=share) for share in shares([4, 14, 8])]
    assert booth.find(".row .share").all_text_contents() == expected
    plain = scriptless.open(f"{live.url}/e/{slug}?source=rmc&lang={lang}")
    plain.locator(".vote.agree").click()
    expect(plain.locator(".own-vote")).to_have_text(own, use_inner_text=True)
    assert plain.locator("html").get_attribute("dir") == speech.direction


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_fits_the_narrowest_column(lang: str, live: Service, reader: Reader) -> None:
    """Nothing is wider than 320 pixels, and no word of a button is cut or laid over another."""
    booth = reader.booth(frame(live, live.open(), lang))
    page = booth.frame.page
    page.set_viewport_size({"width": 320, "height": 900})
    for vote in ("agree", "disagree", "neutral"):
        assert overflowing(booth) == []
        if vote == "agree":
            booth.vote(vote)
        else:
            booth.change(vote)
        booth.counted()
    assert overflowing(booth) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_menu_and_form_fit_the_narrowest_column(lang: str, live: Service, reader: Reader) -> None:
    """Neither reaches over the paper's edges, and no word in them is cut."""
    booth = reader.booth(frame(live, live.open(proposing=True), lang))
    booth.frame.page.set_viewport_size({"width": 320, "height": 900})
    booth.vote("agree")
    booth.counted()
    booth.menu()
    booth.find(".sheet summary").click()
    assert overflowing(booth) == outside(booth) == []
    booth.find(".sheet .propose").click()
    booth.find("#p-text").fill("www.exemple.fr")
    booth.find(".send").click()
    expect(booth.find("#f-link")).to_be_visible()
    assert overflowing(booth) == outside(booth) == []
    reader.expect_complaint("422")


def outside(booth: Booth) -> list[str]:
    """Return what of a sheet lies beyond the margins of the paper."""
    found: list[str] = booth.frame.evaluate(
        """() => [...document.querySelectorAll(".sheet *")]
        .filter((e) => e.checkVisibility({ visibilityProperty: true }))
        .filter((e) => !e.closest("svg"))
        .filter((e) => {
          const { left, right } = e.getBoundingClientRect();
          return left < 15 || right > document.documentElement.clientWidth - 15;
        })
        .map((e) => `${e.tagName}.${e.className} ${e.textContent.trim()}`)"""
    )
    return found


def overflowing(booth: Booth) -> list[str]:
    """Return the texts of what is wider than its place."""
    found: list[str] = booth.frame.evaluate(
        """() => [document.documentElement, ...document.querySelectorAll("button, span, p, summary")]
        .filter((e) => e.checkVisibility({ visibilityProperty: true }) && e.clientWidth)
        .filter((e) => !e.closest("[data-quiet]") && e.scrollWidth > e.clientWidth + 1)
        .map((e) => e.textContent.trim())"""
    )
    return found


def test_a_proposal_in_another_language_says_which(
    live: Service, reader: Reader, scriptless: Reader
) -> None:
    slug = live.open_with([
        Proposal(1, "We should pay for the time that commuting takes.", "en", "Sofia", 33),
        Proposal(2, "Wir sollten die Zeit der Fahrt bezahlen.", "de-CH"),
        Proposal(3, TEXTS[0], "fr", "Amine", 20),
    ])  # fmt: skip
    wanted = {1: "Sofia, 25-34 ans · anglais", 2: "allemand (Suisse)", 3: "Amine, 15-24 ans"}
    for number, byline in wanted.items():
        page = scriptless.open(f"{live.url}/c/{slug}?proposal={number}")
        expect(page.locator(".byline")).to_have_text(byline)
    booth = reader.booth(live.page(f"/iframe/{slug}"))
    seen = set()
    for _ in wanted:
        booth.screen("card")
        seen.add(booth.find(".byline").text_content())
        booth.vote("agree")
        booth.counted()
        booth.next()
    assert seen == set(wanted.values())


def test_arabic_runs_from_the_right(live: Service, reader: Reader) -> None:
    """Order, bars and the arrow are mirrored; the check mark and the cross are not."""
    slug = live.open([LONG])
    live.fill(slug, (3, 14, 8))
    booth = reader.booth(frame(live, slug, "ar"))
    assert booth.frame.locator("html").get_attribute("dir") == "rtl"
    agree, disagree, neutral = (left(booth.find(f".vote.{v}")) for v in VOTES)
    assert agree > disagree > neutral
    booth.vote("agree")
    booth.counted()
    bar, filled = box(booth.find(".row.agree .bar")), box(booth.find(".row.agree rect"))
    assert 0 < filled["width"] < bar["width"]
    assert filled["right"] == pytest.approx(bar["right"], abs=0.5)
    drawn = [".track", ".result .next .icon", ".row.agree .icon"]
    turned = [booth.find(one).evaluate("e => getComputedStyle(e).scale") for one in drawn]
    assert turned == ["-1 1", "-1 1", "none"]


def test_a_proposal_keeps_its_own_direction(live: Service, reader: Reader) -> None:
    """A French text in an Arabic booth runs from the left, an Arabic one from the right."""
    slug = live.open([LONG, ARABIC])
    for lang in ("ar", "fr"):
        booth = reader.booth(frame(live, slug, lang))
        seen: dict[str, str] = {}
        for _ in range(2):
            proposal = booth.find(".card .proposal")
            direction = proposal.evaluate("e => getComputedStyle(e).direction")
            seen[booth.proposal()] = direction
            assert booth.find(".question").evaluate("e => getComputedStyle(e).direction") == "ltr"
            booth.vote("agree")
            recalled = booth.find(".result .proposal")
            assert recalled.evaluate("e => getComputedStyle(e).direction") == direction
            booth.counted()  # a vote on its way would make the next page that of somebody known
            if len(seen) == 1:
                booth.next()
                booth.screen("card")
        assert seen == {LONG: "ltr", ARABIC: "rtl"}
        reader.context.clear_cookies()
        booth.frame.evaluate("localStorage.clear()")


def test_an_author_of_another_script_does_not_turn_an_arabic_line(
    live: Service, reader: Reader
) -> None:
    """The name comes first, on the right, and the age after it."""
    booth = reader.booth(frame(live, live.open(), "ar"))
    byline = booth.find(".card .byline")
    places = byline.evaluate(
        """(e) => ["Awa", "35"].map((part) => {
        const range = document.createRange(), node = e.firstChild;
        range.setStart(node, node.data.indexOf(part));
        range.setEnd(node, node.data.indexOf(part) + part.length);
        return range.getBoundingClientRect().left;
        })"""
    )
    assert places[0] > places[1]


def left(locator: Locator) -> float:
    return box(locator)["left"]


def box(locator: Locator) -> dict[str, float]:
    found: dict[str, float] = locator.evaluate("e => e.getBoundingClientRect().toJSON()")
    return found
