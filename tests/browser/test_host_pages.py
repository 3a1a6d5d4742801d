"""Articles and browsers of every kind: each shows a booth that works, or the link that does."""

import io
import struct
import zlib
from pathlib import Path
from time import sleep

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser import chromium
from tests.browser.partner import TITLE, path, script, tag
from tests.browser.reading import Reader, booth_in
from tests.browser.service import Service
from tests.browser.test_host_api import FAR, LISTEN, TWO_FRAMES, frames, heard, opened
from tests.browser.test_steadiness import RESERVE, SHIFTS

# Seconds that each answer takes on a bad network: long enough to look at the page meanwhile, and
# twice what a browser forgives after a press.
SLOW = 3.0
STEADY = 0.01  # the layout shift of a page that nobody sees moving
DARK = "<style>:root {{ color-scheme: {scheme} }} body {{ background: {paper} }}</style>"
RESERVED = {"style": "display:block;min-height:600px"}


def test_where_storage_and_cookies_are_refused_votes_count(
    live: Service, browser: Browser, tmp_path: Path
) -> None:
    """Scripts run, and every access to storage throws."""
    slug = live.open()
    context = chromium.without_cookies(browser.browser_type, tmp_path, scripts=True)
    reader = Reader(context)
    booth = booth_in(opened(reader, live, tag(slug)))
    assert booth.frame.evaluate("try { localStorage; 'open' } catch { 'refused' }") == "refused"
    for _ in range(2):
        booth.vote("agree")
        booth.counted()
        booth.next()
        booth.screen("card")
    assert live.voters(slug) == 1
    assert len(live.ballots(slug)) == 2
    assert context.cookies() == []
    context.close()
    assert reader.complaints == []


def test_on_a_page_isolated_from_other_origins_the_booth_works(
    live: Service, reader: Reader
) -> None:
    headers = {
        "Cross_Origin_Embedder_Policy": "require-corp",
        "Cross_Origin_Opener_Policy": "same-origin",
    }
    page = reader.open(live.page(path(tag(live.open()) + script(live.url), **headers)))
    assert page.evaluate("crossOriginIsolated")
    booth = booth_in(page)
    booth.vote("agree")
    booth.counted()


@pytest.mark.parametrize("width", [320, 390, 1200])
def test_on_a_slow_network_the_article_does_not_move(
    width: int, live: Service, reader: Reader
) -> None:
    def late(route: Route) -> None:
        sleep(SLOW)  # this is the network, not the test
        route.continue_()

    page = reader.context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.add_init_script(SHIFTS)
    for part in ("**/embed/v1.js", "**/e/**", "**/assets/*.css"):
        page.route(part, late)
    markup = LISTEN + tag(live.open(), **RESERVED) + "<p id=next>La suite.</p>"
    page.goto(live.page(path(markup + script(live.url))), wait_until="commit")
    place = page.locator("isoloir-vote")
    place.wait_for()
    heights = {place.bounding_box()["height"]}  # type: ignore[index]
    page.locator("iframe").wait_for(state="attached")
    assert page.get_by_text(TITLE).is_visible()
    heights.add(place.bounding_box()["height"])  # type: ignore[index]
    heard(page, "ready")
    heights.add(place.bounding_box()["height"])  # type: ignore[index]
    booth = booth_in(page)
    booth.vote("agree")
    booth.counted()
    booth.next()
    booth.screen("card")
    assert heights == {RESERVE}
    assert page.evaluate("shifted") < STEADY


def test_a_printed_article_has_the_link_or_the_booth_and_never_a_gap(
    live: Service, reader: Reader
) -> None:
    """A booth far below has not been loaded: the browser does so, or prints the link."""
    page = opened(reader, live, LISTEN + FAR + tag(live.open(), **RESERVED))
    assert frames(page) == []
    page.emulate_media(media="print")
    link, frame = page.get_by_text(TITLE), page.locator("iframe")
    assert link.is_visible() or frame.is_visible()
    page.pdf()
    page.emulate_media(media="screen")
    page.locator("isoloir-vote").scroll_into_view_if_needed()
    booth = booth_in(page)
    expect(frame).to_be_visible()
    page.emulate_media(media="print")
    assert booth.find(".card .proposal").is_visible()
    assert not link.is_visible()


def test_an_article_left_and_come_back_to_still_hears_its_booth(
    live: Service, reader: Reader
) -> None:
    page = reader.context.new_page()
    page.add_init_script("addEventListener('pageshow', (e) => { window.restored = e.persisted })")
    page.goto(live.page(path(LISTEN + tag(live.open()) + script(live.url))))
    booth_in(page)
    heard(page, "ready")
    page.goto(live.page("/page?put=ailleurs"))
    page.go_back(wait_until="commit")
    page.wait_for_function("() => window.restored === true")
    # A narrower column makes the booth taller: it says so, and the loader hears it.
    page.set_viewport_size({"width": 320, "height": 900})
    assert [said[0] for said in heard(page, "resize")] == ["isoloir:ready", "isoloir:resize"]


@pytest.mark.parametrize("system", ["light", "dark"])
@pytest.mark.parametrize("theme", ["", "light", "dark"])
@pytest.mark.parametrize("scheme", ["normal", "dark"])
def test_no_box_of_another_colour_shows_while_the_booth_loads(
    system: str, theme: str, scheme: str, live: Service, browser: Browser
) -> None:
    """A dark article would get a white box if the frame's scheme were not its contents'."""
    context = browser.new_context(color_scheme=system, viewport={"width": 400, "height": 700})
    page = context.new_page()
    scripts = "**/assets/*.js"
    page.route(scripts, lambda route: route.abort())
    markup = DARK.format(scheme=scheme, paper="rgb(10,120,60)")
    markup += tag(live.open(), id="place", theme=theme, **RESERVED) + script(live.url)
    with page.expect_event("requestfailed"):
        page.goto(live.page(path(markup)))
    page.evaluate(TWO_FRAMES)
    assert middle(page) == (10, 120, 60), "before the booth can be used the article shows through"
    page.unroute(scripts)
    page.evaluate("Isoloir.mount(place, {})")
    booth = booth_in(page)
    expect(page.locator("iframe")).to_be_visible()
    paper = booth.frame.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    shown = {"": system, "auto": system}.get(theme, theme)
    assert (sum(corner(page)) < 300) == (shown == "dark"), paper
    context.close()


def middle(page: Page) -> tuple[int, ...]:
    box = page.locator("isoloir-vote").bounding_box()
    assert box
    return pixel(page, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def corner(page: Page) -> tuple[int, ...]:
    """Return the colour of the paper, low in the booth's left margin."""
    box = page.locator("isoloir-vote").bounding_box()
    assert box
    return pixel(page, box["x"] + 5, box["y"] + box["height"] - 120)


def pixel(page: Page, x: float, y: float) -> tuple[int, ...]:
    """Return one pixel of what the reader sees: a picture of a single one, unpacked by hand."""
    picture = io.BytesIO(page.screenshot(clip={"x": int(x), "y": int(y), "width": 1, "height": 1}))
    picture.seek(8)
    data = b""
    while header := picture.read(8):
        length, kind = struct.unpack(">I4s", header)
        chunk = picture.read(length + 4)[:-4]
        data += chunk if kind == b"IDAT" else b""
    return tuple(zlib.decompress(data)[1:4])
