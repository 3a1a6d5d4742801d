"""From the first idea to the minutes: readers of two titles, a moderator, and the close."""

import json
import re
from typing import Any

import pytest
import urllib3
from playwright.sync_api import Page, expect

from server.consultations.consultation import Consultation
from server.consultations.kinds import Kind
from tests.browser.partner import path, script, tag
from tests.browser.reading import Booth, Reader, booth_in
from tests.browser.service import TEXTS, Service, until
from tests.browser.test_staff_console import link

GOOD = "Il faut ouvrir les bibliothèques le dimanche."
DOUBLE = "Il faut des jours entiers sans écran."
RUDE = "Il faut virer tous ces incapables."


@pytest.mark.parametrize("kind", Kind)
def test_what_readers_propose_is_judged_dealt_voted_on_and_stands_in_the_minutes(
    kind: Kind, live: Service, reader: Reader
) -> None:
    slug = live.open(TEXTS, proposing=True, prefix="Il faut", kind=kind)
    asked = live.store.consultations.by_slug(slug)
    author = reader.booth(article(live, slug, "rmc"))
    author.vote("agree")
    author.counted()
    numbers = [propose(live, author, asked, idea) for idea in (GOOD, DOUBLE, RUDE)]

    console = signed_in(reader, live)
    console.goto(f"{live.url}/staff/moderation?consultation={slug}")
    for number, keys in zip(numbers, ("a", "m", "4"), strict=True):
        judge(console, number, keys)
    until(lambda: not live.store.proposing.waiting(asked))
    until(lambda: numbers[0] in dealt(live, asked))
    author.menu()
    expect(author.find(".ideas .note")).to_have_text(
        [
            re.compile("Publiée"),
            re.compile("Réunie à celle-ci"),
            re.compile("sans attaquer personne"),
        ]
    )
    author.find(".sheet a.next").click()

    other = booth_in(reader.open(article(live, slug, "les-echos")))
    met = [vote(other) for _ in range(4)]
    assert sorted(met) == sorted([*TEXTS, GOOD]), "each once, and nothing that was not accepted"
    live.end_proposing(slug)
    other.menu()
    expect(other.find(".sheet")).to_be_visible()
    expect(other.find(".sheet .propose")).to_have_count(0)

    author.menu()
    expect(author.find(".ideas .note").first).to_have_text(
        re.compile(r"Publiée.* 1 lecteur a voté")
    )

    live.close(slug)
    record = minutes(live, slug, asked)
    texts = {one["text"] for one in record["proposals"]}
    assert texts == {*TEXTS, GOOD}
    assert record["totals"]["agree"]["count"] == 5
    assert record["recount"]["differences"] == 0


def article(live: Service, slug: str, media: str) -> str:
    """Return an article of this title with the booth in it."""
    return live.page(path(tag(slug, media) + script(live.url)), media)


def propose(live: Service, booth: Booth, asked: Consultation, idea: str) -> int:
    """Propose it, also if something similar is shown; return its number."""
    booth.menu()
    booth.find(".sheet .propose").click()
    booth.find("#p-text").fill(idea.removeprefix("Il faut "))
    booth.find(".send").click()
    shown = booth.find(".thanks .headline, .similar:not([hidden]) .note")
    expect(shown.first).to_be_focused()
    if booth.find(".similar .note").is_visible():
        booth.find(".send").click()
    expect(booth.find(".thanks .headline")).to_be_focused()
    booth.find(".thanks .next").click()
    waiting = live.store.proposing.waiting(asked)
    (number,) = [one.proposal.id for one in waiting if one.proposal.text == idea]
    return number


def signed_in(reader: Reader, live: Service) -> Page:
    page = reader.open(link(live, "Nora"))
    page.locator("main button").click()
    expect(page).to_have_url(f"{live.url}/staff")
    return page


def judge(console: Page, number: int, key: str) -> None:
    """Decide by one key on the proposal that is shown."""
    sheet = console.locator(f"[data-sheet$=':{number}']")
    expect(sheet).to_be_visible()
    console.keyboard.press(key)
    expect(sheet).to_have_count(0)


def dealt(live: Service, asked: Consultation) -> set[int]:
    return {number for deck in live.store.published.glance(asked).decks for number in deck}


def vote(booth: Booth) -> str:
    """Agree to the proposal that is shown, and go on; return its text."""
    booth.screen("card")
    text = booth.proposal()
    booth.vote("agree")
    booth.counted()
    booth.next()
    return text


def minutes(live: Service, slug: str, asked: Consultation) -> Any:
    until(lambda: live.store.minutes.versions(asked))
    address = f"{live.inside}/api/v1/consultations/{slug}/minutes"
    with urllib3.PoolManager() as http:
        return json.loads(http.request("GET", address).data)
