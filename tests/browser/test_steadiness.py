"""The article never moves: one height, no shift, focus where the reader is."""

import pytest
from playwright.sync_api import expect

from tests.browser.reading import VOTES, Booth, Reader, booth_in
from tests.browser.service import LONG, TEXTS, Service, until

RESERVE = 600  # px, in the snippets
SHIFTS = """window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) shifted += entry.value;
}).observe({type: "layout-shift", buffered: true});"""
# A proposal as long as the rules allow, so that the reserve is seen to hold for it.
FULL = f"{LONG[:-1]}, sans délai."


@pytest.mark.parametrize("width", [320, 390, 640])
def test_the_booth_keeps_its_reserved_height_from_the_first_card_to_the_last(
    width: int, live: Service, reader: Reader
) -> None:
    slug = live.open((*TEXTS[1:], FULL))
    page = reader.context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.add_init_script(SHIFTS)
    page.goto(live.page(f"/script/{slug}"))
    booth = booth_in(page)
    heights = set()
    for choice in VOTES:
        heights.add((booth.height(), natural(booth)))
        booth.vote(choice)
        booth.counted()
        heights.add((booth.height(), natural(booth)))
        booth.next()
    booth.screen("final")
    heights.add((booth.height(), natural(booth)))
    assert len(heights) == 1
    assert heights.pop()[0] == RESERVE
    assert page.evaluate("shifted") == 0


def natural(booth: Booth) -> int:
    """Return what the booth's contents need, whatever the frame gives them."""
    height: int = booth.frame.evaluate(
        """() => {
          document.documentElement.dataset.measuring = "";
          const { height } = document.querySelector(".booth").getBoundingClientRect();
          delete document.documentElement.dataset.measuring;
          return height;
        }"""
    )
    return height


def test_a_booth_higher_than_its_reserve_gets_the_room_it_asks_for(
    live: Service, reader: Reader
) -> None:
    slug = live.open((" ".join([LONG] * 4),))
    page = reader.context.new_page()
    page.set_viewport_size({"width": 320, "height": 900})
    page.goto(live.page(f"/script/{slug}"))
    booth = booth_in(page)
    until(lambda: booth.height() > RESERVE)
    assert booth.frame.evaluate("document.documentElement.scrollHeight") <= booth.height()


def test_next_lies_where_the_vote_buttons_were(live: Service, reader: Reader) -> None:
    booth = reader.booth(live.page(f"/script/{live.open()}"))
    before = booth.find(".votes").bounding_box()
    vote = booth.find(".vote.agree").bounding_box()
    booth.vote("agree")
    booth.counted()
    after = booth.find(".result .next").bounding_box()
    assert before
    assert vote
    assert after
    assert after["y"] == pytest.approx(vote["y"], abs=1)
    assert after["width"] == pytest.approx(before["width"], abs=1)


def test_focus_goes_to_what_comes_next_and_the_article_does_not_scroll(
    live: Service, reader: Reader
) -> None:
    slug = live.open()
    page = reader.open(live.page(f"/script/{slug}"))
    booth = booth_in(page)
    where = "scrollY"
    booth.find(".vote.agree").focus()
    before = page.evaluate(where)
    page.keyboard.press("Enter")
    booth.counted()
    assert focused(booth) == "own-vote"
    expect(booth.find(".result .next")).to_be_enabled()
    booth.find(".result .next").focus()
    page.keyboard.press("Enter")
    booth.screen("card")
    assert focused(booth) == "proposal"
    assert page.evaluate(where) == before


def focused(booth: Booth) -> str:
    name: str = booth.frame.evaluate("document.activeElement.className")
    return name


def test_results_are_announced_once_in_the_one_status(live: Service, reader: Reader) -> None:
    slug = live.open(TEXTS[:1])
    live.fill(slug, (50, 30, 19))
    booth = reader.booth(live.page(f"/script/{slug}"))
    assert booth.find("[role=status]").count() == 1
    booth.vote("neutral")
    booth.counted()
    said = booth.find("[role=status]").text_content()
    assert said == "D’accord 50\u202f%, Pas d’accord 30\u202f%, Neutre 20\u202f%"


def test_an_article_left_and_come_back_to_is_restored_as_it_was(
    live: Service, reader: Reader
) -> None:
    """No unload handler: the publisher's page stays in the back/forward cache."""
    slug = live.open()
    page = reader.context.new_page()
    page.add_init_script("addEventListener('pageshow', (e) => { window.restored = e.persisted })")
    page.goto(live.page(f"/script/{slug}"))
    booth = booth_in(page)
    booth.vote("agree")
    booth.counted()
    page.goto(live.page("/page?put=ailleurs"))
    page.go_back(wait_until="commit")
    page.wait_for_function("() => window.restored === true")
