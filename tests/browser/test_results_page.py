"""Results as people look at them: whole on every screen, read without seeing, and in an article."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from server.consultations.ballots import Ballot, Trust, Vote
from server.consultations.consultation import Consultation, ResultsRule
from server.consultations.folding import FEWEST
from server.consultations.participation import HOUR, Curve, Point
from server.store.ballots import Wish
from tests.browser import layout
from tests.browser.reading import Reader
from tests.browser.service import TEXTS, Service, until
from tests.browser.test_axe import faults
from tests.browser.test_staff_console import signed_in

SEEN = ("agree", "neutral", "disagree")


@pytest.fixture(scope="module")
def told(live: Service) -> str:
    """A consultation whose results everybody sees: agreed, rejected and divided, by three sources."""
    slug = live.open(TEXTS, results=ResultsRule.ALWAYS)
    found, votes = live.store.consultations.by_slug(slug), list(Vote)
    for n in range(60):
        for proposal, vote in ((1, votes[n % 10 == 0]), (2, votes[n % 10 != 0]), (3, votes[n % 2])):
            wish = Wish(proposal, Ballot(vote), Trust.SEQUENCE, 2 + n % 3, braked=False)
            live.store.ballots.cast(found, 0, f"reader{n}", wish)
    live.wait_for(found, 180)
    until(lambda: (live.store.published.glance(found).lists or {}).get("top"))
    until(lambda: _told_apart(live, found) == 3)
    now = int(datetime.now(UTC).timestamp() * 1000)
    points = (Point(now - 9 * HOUR, {}), Point(now - 4 * HOUR, {2: 20, 3: 50, 4: 9}))
    live.store.participation.write(found, Curve(HOUR, points))
    return slug


def _told_apart(live: Service, found: Consultation) -> int:
    """Return of how many sources the teller knows that they are not one reader's."""
    (figures,) = live.store.figures.read([found])
    return sum(votes >= FEWEST for votes in figures.most.values()) if figures else 0


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab whose console must stay empty."""
    context = browser.new_context(locale="fr-FR")
    reader = Reader(context)
    yield reader.open("about:blank")
    context.close()
    assert [text for text in reader.complaints if "inline style" not in text] == []


@pytest.mark.parametrize(("lang", "theme"), [("fr", "light"), ("ar", "dark")])
def test_the_page_is_whole_on_every_screen(
    live: Service, page: Page, told: str, lang: str, theme: str
) -> None:
    """On phones and desktops, light and dark, from both sides, with all its tables open."""
    page.emulate_media(color_scheme=theme)
    page.goto(f"{live.url}/c/{told}/results?lang={lang}")
    expect(page.locator("svg[role=img]")).to_have_count(5)
    page.evaluate("for (const it of document.querySelectorAll('details')) it.open = true")
    found = []
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        found += [(width, fault) for fault in layout.faults(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append((width, "wider than the screen"))
    assert found == []
    assert faults(page, whole=True) == []


def test_what_a_chart_shows_is_said_and_stands_in_its_table(
    live: Service, page: Page, told: str
) -> None:
    page.goto(f"{live.url}/c/{told}/results?lang=fr")
    said = "D’accord\u202f: 90\u202f%, neutre\u202f: 0\u202f%, pas d’accord\u202f: 10\u202f%"
    expect(page.get_by_role("img", name=said)).to_be_visible()
    table = page.locator("#agreement-table")
    table.locator("summary").click()
    row = table.get_by_role("row", name=TEXTS[0])
    expect(row.get_by_role("cell").nth(1)).to_have_text("54 90\u202f% (80 à 95)")
    expect(row.get_by_role("cell").nth(4)).to_have_text("Consensus")
    widths = page.locator("#p1 rect").evaluate_all("all => all.map(it => it.getAttribute('width'))")
    assert widths == ["90%", "10%"]
    page.locator("#participation-table summary").click()
    expect(page.locator("#participation-table tbody tr").nth(1)).to_contain_text("50")
    page.get_by_role("link", name="Les plus rejetées").click()
    expect(page.locator(".rows .text").first).to_have_text(TEXTS[1])


def test_from_the_closed_booth_in_an_article_to_its_results_and_back(
    live: Service, reader: Reader
) -> None:
    slug = live.open(TEXTS)
    live.fill(slug, (20, 5, 5))
    live.close(slug)
    page = reader.open(live.page(f"/script/{slug}"))
    booth = page.frame_locator("iframe")
    booth.get_by_role("link", name="Tous les résultats").click()
    expect(booth.locator("[data-notice=results] .rows .text")).to_have_text(TEXTS[0])
    frame = page.frames[-1]
    assert layout.faults(frame) == []
    whole = frame.evaluate("document.documentElement.scrollHeight")
    until(lambda: page.locator("iframe").bounding_box()["height"] >= whole)  # type: ignore[index]
    booth.get_by_role("link", name="Retour").click()
    expect(booth.locator(".headline")).to_have_text("Le vote est clos")


def test_staff_see_them_live_and_keep_a_table_open(
    live: Service, reader: Reader, told: str
) -> None:
    page = signed_in(reader, live, "Lina")
    page.goto(f"{live.url}/staff/consultations/{told}/results")
    page.locator("#by-1 summary").click()
    expect(page.locator("#by-1")).to_contain_text("Les Echos")
    page.evaluate("renew()")
    expect(page.locator("#by-1[open]")).to_be_visible()
    page.set_viewport_size({"width": 320, "height": 900})
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert faults(page, whole=True) == []
