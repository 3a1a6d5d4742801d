"""Pages that change after they loaded: applications, tabs, and the script pasted twice."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.partner import TITLE, path, script, tag
from tests.browser.reading import Reader, booth_in
from tests.browser.service import LONG, Service, until
from tests.browser.test_host_api import LISTEN, TWO_FRAMES, frames, heard, opened
from tests.browser.test_steadiness import RESERVE, SHIFTS

# The loader as it was before it had functions: another version on the same page.
FORMER = (Path(__file__).parent / "former" / "loader.js").read_text()
KEY = "new URL(place.shadowRoot.querySelector('iframe').src).hash"
DIV = "<div id=place data-isoloir data-consultation='{}' data-source='rmc'></div>"


def loads(page: Page) -> int:
    """Return how often the page heard that a booth was ready."""
    number: int = page.evaluate("heard.filter(([type]) => type === 'isoloir:ready').length")
    return number


def test_an_element_made_by_a_script_is_a_booth_loaded_once(live: Service, reader: Reader) -> None:
    """As frameworks do it: made, put into the page, and only then given its attributes."""
    slug = live.open()
    page = opened(reader, live, LISTEN)
    page.evaluate(
        """slug => {
          const made = document.createElement("isoloir-vote");
          document.body.append(made);
          made.setAttribute("source", "rmc");
          made.setAttribute("consultation", slug);
          made.setAttribute("lang", "en");
          made.textContent = "Vote here";
        }""",
        slug,
    )
    heard(page, "ready")
    asked = [request.url.partition("#")[0] for request in reader.sent("GET", "/e/")]
    assert asked == [f"{live.url}/e/{slug}?source=rmc&lang=en"]
    assert page.locator("iframe").get_attribute("title") == "Vote here"


def test_a_booth_removed_and_put_back_is_a_new_frame_with_a_new_key(
    live: Service, reader: Reader
) -> None:
    slug = live.open()
    page = opened(reader, live, LISTEN + tag(slug, id="place"))
    booth_in(page)
    heard(page, "ready")
    first = page.evaluate(KEY)
    page.evaluate("{ window.kept = place; place.remove(); }")
    until(lambda: page.evaluate("frames.length") == 0 and not frames(page))
    page.evaluate("document.body.append(kept)")
    assert page.get_by_text(TITLE).is_visible(), "until the frame is ready again"
    booth = booth_in(page)
    page.wait_for_function("() => heard.length === 2")
    expect(page.get_by_text(TITLE)).to_be_hidden()
    assert page.evaluate(KEY) != first
    booth.vote("agree")
    booth.counted()
    page.wait_for_function("() => heard.length > 2")
    assert [said[0] for said in page.evaluate("heard")] == [
        *["isoloir:ready"] * 2,
        "isoloir:voted",
    ], "each heard once"


def test_a_div_taken_out_and_put_back_is_still_heard(live: Service, reader: Reader) -> None:
    """Nobody tells the loader of it: the frame loads again by itself, with the same key."""
    page = opened(reader, live, LISTEN + DIV.format(live.open()))
    heard(page, "ready")
    page.evaluate("{ window.kept = place; place.remove(); }")
    page.evaluate("document.body.append(kept)")
    page.wait_for_function("() => heard.length === 2")
    page.evaluate("Isoloir.scan()")
    booth = booth_in(page)
    booth.vote("agree")
    booth.counted()
    page.wait_for_function("() => heard.some(([type]) => type === 'isoloir:voted')")
    page.evaluate("Isoloir.setTheme('dark')")
    scheme = "getComputedStyle(document.documentElement).colorScheme"
    booth.frame.wait_for_function(f"() => {scheme} === 'dark'")


def test_a_booth_moved_with_its_state_keeps_it(live: Service, reader: Reader) -> None:
    page = opened(reader, live, LISTEN + tag(live.open(), id="place") + "<div id=new></div>")
    booth = booth_in(page)
    booth.vote("neutral")
    booth.counted()
    page.evaluate("document.getElementById('new').moveBefore(place, null)")
    booth.screen("result")
    booth.next()
    booth.screen("card")
    assert loads(page) == 1


@pytest.mark.parametrize("kind", ["element", "div"])
def test_what_the_page_throws_away_is_not_kept(kind: str, live: Service, reader: Reader) -> None:
    """Listeners, observers and lists hold no booth that nobody can see any more."""
    slug = live.open()
    page = opened(reader, live, "<main></main>")
    page.evaluate(
        """([markup, number]) => {
          window.thrown = [];
          for (let i = 0; i < number; i++) {
            const main = document.querySelector("main");
            main.innerHTML = markup;
            Isoloir.scan();
            thrown.push(new WeakRef(main.firstChild));
            main.textContent = "";
          }
        }""",
        [tag(slug) if kind == "element" else DIV.format(slug), 40],
    )
    collector = page.context.new_cdp_session(page)

    def gone() -> bool:
        collector.send("HeapProfiler.collectGarbage")
        return bool(page.evaluate("thrown.every((ref) => !ref.deref())"))

    until(gone)


def test_a_listener_is_added_once_for_any_number_of_booths(live: Service, reader: Reader) -> None:
    page = reader.context.new_page()
    page.add_init_script(
        """window.added = [];
        const add = EventTarget.prototype.addEventListener;
        EventTarget.prototype.addEventListener = function (type, ...more) {
          added.push(type);
          return add.call(this, type, ...more);
        };"""
    )
    slugs = [live.open(), live.open()]
    page.goto(
        live.page(path((tag(slugs[0]) + script(live.url)) + (tag(slugs[1]) + script(live.url))))
    )
    page.wait_for_function(
        "() => document.querySelectorAll('isoloir-vote').length === 2 && window.Isoloir"
    )
    page.wait_for_load_state()
    page.evaluate("document.body.append(document.querySelector('isoloir-vote'))")
    assert page.evaluate("added").count("message") == 1


@pytest.mark.parametrize("order", ["former first", "former last"])
def test_two_versions_on_one_page_show_each_booth_once(
    order: str, live: Service, reader: Reader
) -> None:
    one, other = live.open(), live.open()
    page = reader.open(live.page("/page"))
    former = f"{live.url}/embed/former.js"
    page.route(former, lambda r: r.fulfill(body=FORMER, content_type="text/javascript"))
    sources = [former, f"{live.url}/embed/v1.js"]
    if order == "former last":
        sources.reverse()
    div = DIV.format(other).replace("id=place", "id=div")
    tags = "".join(f"<script src='{source}'></script>" for source in sources)
    page.goto(live.page(path(LISTEN + tag(one, id="place") + div + tags)))
    page.wait_for_function("() => heard.length === 2")
    assert page.locator("iframe").count() == 2
    booth = booth_in(page)
    booth.vote("agree")
    booth.counted()
    heard(page, "voted")
    page.evaluate("Isoloir.scan()")
    assert [said[0] for said in page.evaluate("heard")].count("isoloir:voted") == 1
    assert len(live.ballots(one)) == 1


# What fits the reserve, and what needs more room than was reserved.
CARDS = {"short": ("Il faut des jours sans écran.",), "tall": (" ".join([LONG] * 4),)}


@pytest.mark.parametrize("loading", ["lazy", "eager"])
@pytest.mark.parametrize("cards", CARDS)
def test_in_a_panel_shown_later_the_booth_has_its_height_and_nothing_jumps(
    cards: str, loading: str, live: Service, reader: Reader
) -> None:
    slug = live.open(CARDS[cards])
    page = reader.context.new_page()
    page.set_viewport_size({"width": 320, "height": 900})
    page.add_init_script(SHIFTS)
    panel = f"<div id=panel style='display:none'>{tag(slug, loading=loading)}</div>"
    page.goto(live.page(path(LISTEN + panel + script(live.url))))
    page.wait_for_function("() => window.Isoloir")
    if loading == "eager":
        heard(page, "ready")
    # That the panel comes is the page's doing; nothing may move after it.
    page.evaluate(f"{{ panel.style.display = ''; }} {TWO_FRAMES}.then(() => {{ shifted = 0 }})")
    booth = booth_in(page)
    booth.find(".votes").wait_for()
    page.wait_for_function("() => heard.some(([, {height}]) => height)")
    if cards == "short":
        assert booth.height() == RESERVE
        assert page.evaluate("shifted") == 0
    else:
        until(lambda: booth.height() > RESERVE)
    assert booth.frame.evaluate("document.documentElement.scrollHeight") <= booth.height()
    before = booth.height()
    said = page.evaluate("heard.length")
    page.evaluate("panel.style.display = 'none'")
    page.evaluate(TWO_FRAMES)
    page.evaluate("panel.style.display = ''")
    booth.vote("agree")
    booth.counted()
    page.wait_for_function("() => heard.some(([type]) => type === 'isoloir:voted')")
    assert booth.height() == before
    more = page.evaluate("heard")[said:]
    assert all(detail["height"] for name, detail, *_ in more if name == "isoloir:resize")
