"""The rules of axe, and a vote by keyboard, in every state and inside a real article.

What no machine can know, a person has to say: docs/editors/accessibility.md.
"""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from server.web.messages import written
from server.web.styleguide_states import STATES
from tests.browser import layout
from tests.browser.reading import Booth, Reader, booth_in
from tests.browser.service import Service
from tests.browser.test_styleguide import LANGUAGES, THEMES, answer, guide

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Of a whole page, that is of the article: a frame must not add a second main part or first heading.
OF_THE_ARTICLE = ("landmark-one-main", "page-has-heading-one")
# CSS pixels: axe does not scroll, and takes what lies under a bar that stays for lost.
TALL = 2400
RUN = """async (options) => {
  const { violations, incomplete } = await axe.run(document, options);
  const listed = [...violations, ...incomplete.filter((it) => it.id !== "color-contrast")];
  return listed.flatMap((it) => it.nodes.map((node) => `${it.id}: ${node.html.slice(0, 90)}`));
}"""
# Whether axe looks into frames: to find nothing there, it must have been there.
FRAMES = """async () => {
  const { passes } = await axe.run(document, { runOnly: ["button-name"] });
  return passes.some((it) => it.nodes.some((node) => node.target.length > 1));
}"""


def faults(page: Page | Frame, whole: bool = False) -> list[str]:
    """Return what axe finds, and what it asks a person to look at, but for contrast.

    There it cannot see through the invisible text that keeps the height; the ratios are computed
    by its `violations` all the same. `whole` is a page with its own main part.
    """
    rules = {} if whole else {name: {"enabled": False} for name in OF_THE_ARTICLE}
    options: dict[str, Any] = {"runOnly": {"type": "tag", "values": TAGS}, "rules": rules}
    if page.evaluate("() => !self.axe"):
        page.evaluate(AXE)
    found: list[str] = page.evaluate(RUN, options)
    return found


@pytest.fixture
def looker(browser: Browser) -> Iterator[Reader]:
    context = browser.new_context(locale="fr-FR", viewport={"width": 390, "height": TALL})
    context.route("**/api/v1/**", answer)
    found = Reader(context)
    yield found
    context.close()
    # Of what axe does to a page to see through it; test_styleguide.py looks for our own.
    assert [text for text in found.complaints if "inline style" not in text] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_axe_finds_no_fault_in_any_state(lang: str, looker: Reader, live: Service) -> None:
    page = looker.open(guide(live, STATES[0], lang))
    found = []
    for state in STATES:
        page.goto(guide(live, state, lang))
        whole = bool(state.fields.get("standalone"))
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            found += [(state.name, theme, fault) for fault in faults(page, whole)]
            summaries = page.locator("summary:visible").all()
            for summary in summaries:
                summary.click()
                found += [(state.name, theme, "opened", fault) for fault in faults(page, whole)]
            for summary in reversed(summaries):  # for the other theme begins with all closed
                summary.click()
    assert not found, "\n".join(map(str, found))


def test_axe_finds_no_fault_in_any_language(looker: Reader, live: Service) -> None:
    """One state of each screen, on a small phone, where long words are tightest."""
    one_of_each = {state.screen: state for state in reversed(STATES)}.values()
    page = looker.open(guide(live, STATES[0]))
    page.set_viewport_size({"width": 320, "height": TALL})
    found = []
    for lang in written():
        for state in one_of_each:
            page.goto(guide(live, state, lang))
            assert page.locator("html").get_attribute("lang") == lang
            found += [(lang, state.name, fault) for fault in faults(page) + layout.faults(page)]
    assert not found, "\n".join(map(str, found))


def test_axe_finds_no_fault_in_an_article_while_somebody_votes(
    reader: Reader, live: Service
) -> None:
    """The whole page of a news site, its frame included, from card to card."""
    page = reader.open(live.news.format(media="rmc") + "/")
    booth = booth_in(page)
    found = article_faults(page)
    for choice in ("agree", "disagree", "neutral"):
        booth.vote(choice)
        booth.counted()
        booth.find(f".chips.{choice} input").first.check(force=True)
        found += article_faults(page)
        booth.next()
        booth.screen("card")
    booth.find(".menu").click()
    expect(booth.find(".sheet .headline")).to_be_visible()
    found += article_faults(page, scrolls=True)
    assert not found, "\n".join(found)


def article_faults(page: Page, scrolls: bool = False) -> list[str]:
    """Run axe in the article and, by way of it, in its frame, which is of another site.

    In a menu that `scrolls` below its bar, the style guide's tests measure the targets.
    """
    for frame in page.frames:
        frame.evaluate(AXE)
        frame.evaluate("axe.configure({ allowedOrigins: ['<unsafe_all_origins>'] })")
    assert page.evaluate(FRAMES)
    rules = {"target-size": {"enabled": not scrolls}}
    options = {"runOnly": {"type": "tag", "values": TAGS}, "rules": rules}
    found: list[str] = page.evaluate(RUN, options)
    return found


def test_a_whole_vote_by_keyboard_alone(reader: Reader, live: Service) -> None:
    """Focus goes where the reader reads on, is never lost, and meets everything in its order."""
    page = reader.open(live.page(f"/script/{live.open()}"))
    booth = booth_in(page)
    for choice in ("agree", "disagree", "neutral"):
        tab_to(page, booth, f".vote.{choice}")
        page.keyboard.press("Enter")
        expect(booth.find(".own-vote")).to_be_focused()
        booth.counted()
        expect(booth.find(".result .next")).to_be_enabled()  # not under the finger that voted
        tab_to(page, booth, f".chips.{choice} input", lost=False)
        page.keyboard.press("Space")
        assert booth.find(f".chips.{choice} :checked").count() == 1
        tab_to(page, booth, ".result .next", lost=False)
        page.keyboard.press("Enter")
        last = choice == "neutral"
        expect(booth.find(".final .headline" if last else ".card .proposal")).to_be_focused()
        assert booth.find("[role=status], [aria-live]").count() == 1
    tab_to(page, booth, ".menu", lost=False)
    page.keyboard.press("Enter")
    expect(booth.find(".sheet .headline")).to_be_focused()
    tab_to(page, booth, ".sheet .revisit", lost=False)
    tab_to(page, booth, ".sheet > .next", lost=False)
    page.keyboard.press("Enter")
    expect(booth.find(".sheet")).to_be_hidden()
    assert booth.frame.evaluate("document.activeElement !== document.body")
    assert page.context.pages == [page]  # no window has opened by itself


def test_a_vote_is_changed_and_withdrawn_by_keyboard_alone(reader: Reader, live: Service) -> None:
    page = reader.open(live.page(f"/script/{live.open()}"))
    booth = booth_in(page)
    tab_to(page, booth, ".vote.agree")
    page.keyboard.press("Space")
    booth.counted()
    tab_to(page, booth, ".row.neutral", lost=False)
    page.keyboard.press("Enter")
    expect(booth.find(".row.neutral")).to_have_attribute("aria-pressed", "true")
    expect(booth.find(".own-vote")).to_be_focused()
    tab_to(page, booth, "button[value=withdraw]", lost=False)
    page.keyboard.press("Enter")
    expect(booth.find(".card .proposal")).to_be_focused()


def test_a_press_that_is_called_off_is_no_vote(reader: Reader, live: Service) -> None:
    """WCAG 2.5.2: who slides off the button before letting go has not voted."""
    page = reader.open(live.page(f"/script/{live.open()}"))
    booth = booth_in(page)
    booth.find(".vote.agree").hover()
    page.mouse.down()
    booth.find(".card .proposal").hover()
    page.mouse.up()
    booth.screen("card")
    booth.vote("disagree")
    booth.counted()
    assert [request.post_data_json["vote"] for request in reader.sent("PUT")] == ["disagree"]


def tab_to(page: Page, booth: Booth, selector: str, lost: bool = True) -> None:
    """Press Tab until this has focus. Unless `lost`, focus may be nowhere on the way."""
    for _ in range(30):
        page.keyboard.press("Tab")
        if booth.frame.evaluate("name => document.activeElement.matches(name)", selector):
            return
        assert lost or booth.frame.evaluate("document.activeElement !== document.body")
    raise AssertionError(f"Tab does not reach {selector}.")
