"""Nothing moves, in the article or in the booth, while it loads and while somebody votes."""

from time import sleep
from typing import Any

import pytest
from playwright.sync_api import Frame, Page, Route, expect

from tests.browser.reading import VOTES, Booth, Reader, booth_in
from tests.browser.service import LONG, TEXTS, Service

STEADY = 0.01  # of what browsers count as a shift; 0.1 is called good
WIDTHS = (320, 390, 1200)  # px
LOADS = 4  # of which half showed what is tested, when it was wrong
FORGIVEN = 0.5  # seconds after a press in which a browser forgives what moves
# Runs in every frame.
SHIFTS = """window.shifts = [];
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput, sources } of list.getEntries()) {
    const moved = sources.map(({ node }) => node?.className ?? node?.nodeName);
    shifts.push({ value, hadRecentInput, moved });
  }
}).observe({ type: "layout-shift", buffered: true });"""
# Entries come after the frame that they tell of.
SETTLED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
PUSH = "document.body.prepend(Object.assign(document.createElement('hr'), {style: 'height: 90px'}))"


def opened(reader: Reader, address: str, width: int) -> tuple[Page, Booth]:
    page = reader.context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.add_init_script(SHIFTS)
    page.goto(address)
    return page, booth_in(page)


def shifted(frame: Frame) -> float:
    """Return the sum of all shifts that no press excuses, as browsers count."""
    return sum(s["value"] for s in shifts(frame) if not s["hadRecentInput"])


def moved(page: Page) -> float:
    """Return the sum of all shifts of the article: in it no press excuses any."""
    return sum(s["value"] for s in shifts(page.main_frame))


def shifts(frame: Frame) -> list[dict[str, Any]]:
    """Return each shift and what it moved, which a failed test prints."""
    frame.evaluate(SETTLED)
    found: list[dict[str, Any]] = frame.evaluate("shifts")
    print(found)
    return found


def vote_on_everything(booth: Booth) -> None:
    """Vote, add a nuance, go on, to the last card."""
    for choice in VOTES:
        booth.screen("card")
        booth.vote(choice)
        booth.counted()
        booth.find(f".chips.{choice} input").first.check(force=True)
        expect(booth.find(".result .next")).to_be_enabled()
        booth.next()
    booth.screen("final")


def look_around(booth: Booth) -> None:
    """Go back, change the vote, open the menu and the form for one's own proposal, and leave them."""
    booth.find(".go[value='-1']").click()
    booth.screen("result")
    booth.change("agree")
    booth.menu()
    booth.find(".sheet .propose").click()
    booth.find("#p-text").fill("rendre les bibliothèques gratuites.")
    booth.find(".form .leave").click()
    booth.screen("result")
    booth.menu()
    booth.find("a.menu").click()
    booth.screen("result")


def shifted_while_used(booth: Booth) -> float:
    before = shifted(booth.frame)
    vote_on_everything(booth)
    look_around(booth)
    return shifted(booth.frame) - before


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("snippet", ["script", "iframe"])
def test_nothing_moves_while_somebody_votes(
    snippet: str, width: int, live: Service, reader: Reader
) -> None:
    slug = live.open((*TEXTS[1:], LONG), proposing=True)
    page, booth = opened(reader, live.page(f"/{snippet}/{slug}"), width)
    assert shifted_while_used(booth) < STEADY
    assert moved(page) < STEADY


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("snippet", ["script", "iframe"])
def test_nothing_moves_while_the_booth_loads(
    snippet: str, width: int, live: Service, reader: Reader
) -> None:
    """Not even what is laid out before the style sheet is there: browsers count that too."""
    slug = live.open((*TEXTS[1:], LONG))
    for _ in range(LOADS):
        page, booth = opened(reader, live.page(f"/{snippet}/{slug}"), width)
        booth.find("html[data-script]").wait_for(state="attached")
        assert moved(page) == 0
        assert shifts(booth.frame) == []
        page.close()


def test_an_answer_that_comes_late_moves_nothing(live: Service, reader: Reader) -> None:
    """Each comes when no press excuses a shift any more."""

    def late(route: Route) -> None:
        sleep(1.2 * FORGIVEN)  # this is the network, not the test
        route.continue_()

    slug = live.open((*TEXTS[1:], LONG), proposing=True)
    page, booth = opened(reader, live.page(f"/script/{slug}"), 390)
    for part in ("**/api/**", "**/menu?*", "**/propose?*"):
        page.route(part, late)
    assert shifted_while_used(booth) < STEADY
    assert moved(page) < STEADY


def test_the_counter_counts_in_the_article_and_in_the_frame(live: Service, reader: Reader) -> None:
    """What is pushed down is counted: the other tests can fail."""
    page, booth = opened(reader, live.page(f"/script/{live.open()}"), 390)
    for frame in (page.main_frame, booth.frame):
        frame.evaluate(PUSH)
        assert shifted(frame) > STEADY
