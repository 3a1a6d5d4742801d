"""The style guide: every state of the booth, looked at as a person would."""

import inspect
import os
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import urllib3
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect

import widget
from server.consultations.colours import PAPER, luminance, shown_contrast
from server.web.pages import Page as BoothPage
from server.web.styleguide import WIDTHS
from server.web.styleguide_states import STATES, State
from tests.browser import layout
from tests.browser.reading import Reader
from tests.browser.service import Service

SHEET = (Path(widget.__file__).parent / "booth.css").read_text()
LANGUAGES = ("fr", "en")
THEMES = ("light", "dark")
PICTURES = "ISOLOIR_PICTURES"  # a folder: a picture costs more than the look itself
HEIGHT = 600  # CSS pixels: what the snippet reserves
PAINTED = """it => {
  const paint = new OffscreenCanvas(1, 1).getContext("2d");
  paint.fillStyle = getComputedStyle(it).fill;
  paint.fillRect(0, 0, 1, 1);
  const parts = [...paint.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  return "#" + parts.map((part) => part.toString(16).padStart(2, "0")).join("");
}"""
# What has focus: whether nothing, its markup, its box in the page, and whether it is what is seen
# there. A hidden box lies under its label's text, which is what is seen of it.
FOCUSED = """() => {
  const it = document.activeElement;
  if (it === document.body) return null;
  const { x, y, left, width, top, height } = it.getBoundingClientRect();
  const there = document.elementFromPoint(left + width / 2, top + height / 2);
  const seen = it.contains(there) || Boolean(it.closest("label")?.contains(there));
  return { markup: it.outerHTML, seen, box: { x, y: y + scrollY, width, height } };
}"""
# Of each bar that is shown: its colour, and that of its ground.
BARS = """() => [...document.querySelectorAll(".bar")]
  .filter((it) => it.checkVisibility({ visibilityProperty: true }))
  .map((it) => [getComputedStyle(it.querySelector("rect")).fill, getComputedStyle(it).backgroundColor])"""
# Every text on this screen. Not whether it is displayed: print might have taken it away.
TO_READ = """() => [...document.querySelectorAll(".question, .headline, .proposal, .word, .share, .note")]
  .filter((it) => getComputedStyle(it).visibility === "visible" && !it.closest("[hidden]"))
  .map((it) => it.textContent.trim())"""
SCREENS = {state.screen for state in STATES}


def guide(live: Service, state: State, lang: str = "fr", theme: str = "auto") -> str:
    return f"{live.url}/styleguide/{state.name}?lang={lang}&theme={theme}"


def answer(route: Route) -> None:
    """Stand for the service: a state has no consultation, and some ask for more all the same."""
    allowed = {"Access-Control-Allow-Origin": "*"}  # the sandboxed states are of another origin
    route.fulfill(json={"credential": "none"}, headers=allowed)


@pytest.fixture
def looker(browser: Browser) -> Iterator[Reader]:
    """Somebody who looks at one state after another, in one page."""
    context = browser.new_context(locale="fr-FR", reduced_motion="reduce")
    context.route("**/api/v1/**", answer)
    found = Reader(context)
    yield found
    context.close()
    assert found.complaints == []


@pytest.fixture
def page(looker: Reader, live: Service) -> Page:
    return looker.open(guide(live, STATES[0]))


def listed(faults: Iterable[tuple[object, ...]]) -> str:
    """Return each fault once, with the places where it is."""
    places: dict[object, list[str]] = {}
    for *place, fault in faults:
        places.setdefault(fault, []).append(" ".join(map(str, place)))
    return "\n".join(f"{fault}: {', '.join(where)}" for fault, where in places.items())


def named(path: Path, *parts: object) -> Path:
    return path / f"{'-'.join(map(str, parts))}.jpg"


def test_every_state_is_whole_and_can_be_used(page: Page, live: Service, tmp_path: Path) -> None:
    """In each language and theme, on a small phone, a phone and a tablet.

    With a picture of each that has a fault; of each at all, if somebody wants to look at them.
    """
    folder = Path(os.environ.get(PICTURES, tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    faults = []
    for state in STATES:
        for lang in LANGUAGES:
            page.goto(guide(live, state, lang))
            faults += [(state.name, lang, role) for role in layout.nameless(page)]
            for theme in THEMES:
                page.emulate_media(color_scheme=theme)
                for width in (320, 390, 640):
                    page.set_viewport_size({"width": width, "height": HEIGHT})
                    found = layout.faults(page)
                    if found or PICTURES in os.environ:
                        layout.picture(page, named(folder, state.name, lang, theme, width))
                    faults += [(state.name, lang, theme, width, fault) for fault in found]
    assert not faults, listed(faults)


def faults_at(widths: Iterable[int], page: Page, live: Service, spaced: bool = False) -> str:
    """Return what is wrong in any state at these widths, if asked for with room between letters."""
    faults = []
    for state in STATES:
        page.goto(guide(live, state))
        if spaced:
            layout.space_out(page)
        for width in widths:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            faults += [(state.name, width, fault) for fault in layout.faults(page)]
    return listed(faults)


def test_every_state_is_whole_at_the_outermost_widths(page: Page, live: Service) -> None:
    """256 px is a screen of 1280 px at a zoom of 500 %, more than WCAG asks for."""
    assert faults_at((256, 800), page, live) == ""


def test_every_state_bears_the_spacing_that_readers_may_ask_for(page: Page, live: Service) -> None:
    """WCAG 1.4.12, together with the zoom of 1.4.10."""
    assert faults_at((256, 320, 640), page, live, spaced=True) == ""


def test_forced_colours_lose_nothing(page: Page, live: Service) -> None:
    faults = []
    for state in STATES:
        page.goto(guide(live, state))
        for theme in THEMES:
            page.emulate_media(forced_colors="none", color_scheme=theme)
            before = layout.texts(page)
            page.emulate_media(forced_colors="active")
            faults += [(state.name, theme, fault) for fault in layout.faults(page)]
            assert layout.texts(page) == before
            for fill, background in page.evaluate(BARS):
                assert fill != background
    assert not faults, listed(faults)


def test_print_keeps_what_there_is_to_read(page: Page, live: Service) -> None:
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 640, "height": HEIGHT})
    for state in STATES:
        page.goto(guide(live, state))
        shown = " ".join(layout.texts(page))
        for text in page.evaluate(TO_READ):
            assert text in shown, (state.name, text)
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, state.name


def test_focus_goes_as_the_eye_does(page: Page, live: Service) -> None:
    """From each stop to one below it, or to one on its right in the same row, and never under cover.

    Where the page scrolls to a stop, places are those in the page.
    """
    page.set_viewport_size({"width": 390, "height": HEIGHT})
    for state in STATES:
        page.goto(guide(live, state))
        stops = list(tab_stops(page))
        if page.locator("button:visible, a:visible, summary:visible").count():
            assert stops, state.name
        for (name, box), (follower, after) in pairwise(stops):
            below = after["y"] >= box["y"] + box["height"] - 1
            beside = after["x"] >= box["x"] + box["width"] - 1
            assert below or beside, (state.name, name, follower)


def tab_stops(page: Page) -> Iterator[tuple[str, dict[str, float]]]:
    """Press Tab until focus leaves the page, or begins again; yield where it was."""
    first = ""
    for _ in range(40):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop is None or stop["markup"] == first:
            return
        first = first or stop["markup"]
        assert stop["seen"], f"Something lies over {stop['markup'][:80]}"
        yield stop["markup"][:80], stop["box"]
    raise AssertionError("Focus does not leave the booth.")


def test_every_state_says_one_thing_stands_still_and_needs_no_alternative(
    page: Page, live: Service
) -> None:
    """One status line, and no motion, also for those who did not ask for less of it.

    Every drawing only adorns a word and is hidden from screen readers; there are no others.
    """
    held = "svg:not([aria-hidden=true], svg *), img, picture, canvas, object, embed, audio, video, table"
    styled = "style, [style], font, center, b, i"
    assert len({state.name for state in STATES}) == len(STATES)
    page.emulate_media(reduced_motion="no-preference")
    for state in STATES:
        page.goto(guide(live, state))
        booth = page.locator(".booth")
        screen = booth.get_attribute("data-notice") or booth.get_attribute("data-screen")
        assert screen == {"propose": "menu"}.get(state.screen, state.screen)  # one sheet for both
        assert page.locator("[role=status], [aria-live]").count() == 1, state.name
        assert page.evaluate("document.getAnimations().length") == 0, state.name
        assert (page.evaluate("origin") == "null") == state.sandboxed
        assert page.locator(held).count() == 0, state.name
        assert page.locator(styled).count() == 0, state.name
        assert page.evaluate("document.doctype.name + document.compatMode") == "htmlCSS1Compat"


def test_every_screen_has_a_state() -> None:
    """Those that the page's type names, and those that the style sheet can show."""
    line = next(
        line for line in inspect.getsource(BoothPage).splitlines() if " screen: str  # " in line
    )
    documented = set(line.split("# ")[1].split(", "))
    assert documented <= SCREENS
    assert set(re.findall(r'\[data-screen="(\w+)"\]', SHEET)) - {"notice"} <= SCREENS


def test_the_guide_shows_every_state_at_every_width(looker: Reader, live: Service) -> None:
    page = looker.open(f"{live.url}/styleguide?theme=dark&lang=en")
    frames = page.locator("iframe")
    expect(frames).to_have_count(len(STATES) * len(WIDTHS))
    page.get_by_role("link", name="320").click()
    expect(frames).to_have_count(len(STATES))
    frames.first.scroll_into_view_if_needed()
    inner = frames.first.content_frame
    assert inner.locator("html").get_attribute("lang") == "en"
    assert inner.locator("html").get_attribute("data-theme") == "dark"


def test_no_search_engine_may_list_the_guide(live: Service) -> None:
    with urllib3.PoolManager() as http:
        for path in ("", "/card"):
            found = http.request("GET", f"{live.url}/styleguide{path}")
            assert "noindex" in found.headers["X-Robots-Tag"]
        assert http.request("GET", f"{live.url}/styleguide/nothing").status == 404


def test_without_its_setting_there_is_no_guide(app: Flask) -> None:
    for path in ("/styleguide", "/styleguide/card"):
        assert app.test_client().get(path).status_code == 404


@pytest.mark.parametrize("accent", ["#c4122f", "#0b4fa3", "#111111", "#00a000"])
def test_an_accent_is_drawn_as_the_server_reckons(accent: str, page: Page, live: Service) -> None:
    """The check on import mixes colours as the browser does."""
    page.emulate_media(color_scheme="dark")
    rule = page.locator("svg.rule")
    rule.evaluate("(it, accent) => it.setAttribute('color', accent)", accent)
    drawn = rule.evaluate(PAINTED)
    ratio = (luminance(drawn) + 0.05) / (luminance(PAPER["dark"]) + 0.05)
    assert ratio == pytest.approx(shown_contrast(accent, "dark"), rel=0.02)
