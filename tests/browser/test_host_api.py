"""What a publisher's own script can do with a booth, and what it hears of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.partner import TITLE, path, script, tag
from tests.browser.reading import Booth, Reader, booth_in
from tests.browser.service import Service

SCHEME = "getComputedStyle(document.documentElement).colorScheme"
TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
FAR = "<div style='height:9000px'></div>"
LISTEN = """<script>window.heard = [];
for (const name of ["ready", "resize", "voted", "proposed", "closed", "error"])
  addEventListener("isoloir:" + name, (event) =>
    heard.push([event.type, JSON.parse(JSON.stringify(event.detail)),
      event.composedPath()[0].id, event.target.id]));
</script>"""


def opened(reader: Reader, live: Service, markup: str) -> Page:
    """Open an article with this markup and the loader; return it when the loader is there."""
    page = reader.open(live.page(path(markup + script(live.url))))
    page.wait_for_function("() => window.Isoloir")
    return page


def frames(page: Page) -> list[Frame]:
    """Return the booths' frames, in the order in which they began to load."""
    return [frame for frame in page.frames if "/e/" in frame.url]


def heard(page: Page, name: str) -> list[Any]:
    """Wait until the page has heard this; return what it heard in all."""
    page.wait_for_function("name => heard.some(([type]) => type === name)", arg=f"isoloir:{name}")
    said: list[Any] = page.evaluate("heard")
    return said


def test_a_booth_is_mounted_in_any_element(live: Service, reader: Reader) -> None:
    slug = live.open()
    page = opened(reader, live, "<div id=place></div>")
    page.evaluate(
        "slug => Isoloir.mount(place, {consultation: slug, source: 'rmc', lang: 'en', height: 640})",
        slug,
    )
    booth = booth_in(page)
    assert booth.find(".vote.disagree").inner_text() == "Disagree"
    assert booth.height() == 640
    booth.vote("agree")
    booth.counted()
    assert len(live.ballots(slug)) == 1


def test_mounted_again_with_other_options_it_shows_what_they_say(
    live: Service, reader: Reader
) -> None:
    page = opened(reader, live, tag(live.open(), id="place"))
    assert booth_in(page).find(".vote.agree").inner_text() == "D’accord"
    page.evaluate("slug => Isoloir.mount(place, {consultation: slug, lang: 'en'})", live.open())
    page.frame_locator("iframe").locator(".vote.agree").get_by_text("Agree").wait_for()
    assert page.locator("iframe").count() == 1


def test_a_destroyed_booth_leaves_the_link_and_can_come_back(live: Service, reader: Reader) -> None:
    page = opened(reader, live, tag(live.open(), id="place"))
    booth_in(page)
    expect(page.get_by_text(TITLE)).to_be_hidden()
    page.evaluate("Isoloir.destroy(place)")
    expect(page.get_by_text(TITLE)).to_be_visible()
    assert page.locator("iframe").count() == 0
    page.evaluate("Isoloir.mount(place)")
    booth = booth_in(page)
    booth.vote("agree")
    booth.counted()
    expect(page.get_by_text(TITLE)).to_be_hidden()


def test_scan_mounts_what_came_later_and_only_inside_its_root(
    live: Service, reader: Reader
) -> None:
    page = opened(reader, live, "<section id=one></section><section id=other></section>")
    page.evaluate(
        """slug => {
          for (const root of [one, other]) root.innerHTML =
            `<div data-isoloir data-consultation="${slug}" data-source="rmc"></div>`;
          Isoloir.scan(one);
        }""",
        live.open(),
    )
    booth_in(page)
    assert page.locator("#one iframe").count() == 1
    assert page.locator("#other iframe").count() == 0
    page.evaluate("Isoloir.scan()")
    assert page.locator("iframe").count() == 2


def test_a_theme_reaches_the_frame_without_loading_it_anew(live: Service, reader: Reader) -> None:
    page = opened(reader, live, tag(live.open(), id="place"))
    booth = booth_in(page)
    booth.vote("agree")
    booth.counted()
    for theme, scheme in (("dark", "dark"), ("light", "light"), ("auto", "light dark")):
        page.evaluate("theme => Isoloir.setTheme(theme)", theme)
        booth.frame.wait_for_function(f"() => {SCHEME} === '{scheme}'")
        assert page.locator("iframe").evaluate("frame => frame.style.colorScheme") == scheme
    page.evaluate("place.setAttribute('theme', 'dark')")
    booth.frame.wait_for_function(f"() => {SCHEME} === 'dark'")
    booth.screen("result")


@pytest.mark.parametrize("markup", ["element", "div"])
def test_one_booth_alone_can_change_its_theme(markup: str, live: Service, reader: Reader) -> None:
    both = [tag(live.open(), id=name, loading="eager") for name in ("one", "other")]
    if markup == "div":
        both = [
            f"<div id={name} data-isoloir data-consultation='{live.open()}' data-source='rmc' "
            "data-theme='light' data-loading='eager'></div>"
            for name in ("one", "other")
        ]
    page = opened(reader, live, LISTEN + "".join(both))
    page.wait_for_function("() => heard.length === 2")
    page.evaluate("Isoloir.setTheme('dark', other)")
    one, other = (frame_of(page, f"#{name}") for name in ("one", "other"))
    other.wait_for_function(f"() => {SCHEME} === 'dark'")
    assert one.evaluate(SCHEME) != "dark"


def frame_of(page: Page, selector: str) -> Frame:
    found = page.locator(f"{selector} iframe").element_handle().content_frame()
    assert found
    return found


def test_a_theme_set_before_the_booth_is_near_is_there_when_it_comes(
    live: Service, reader: Reader
) -> None:
    page = opened(reader, live, FAR + tag(live.open(), id="place"))
    assert frames(page) == []
    page.evaluate("Isoloir.setTheme('dark')")
    page.evaluate("place.scrollIntoView()")
    booth_in(page).frame.wait_for_function(f"() => {SCHEME} === 'dark'")


def test_the_page_around_it_is_the_only_one_whose_theme_the_booth_takes(
    live: Service, reader: Reader
) -> None:
    """Not a frame beside it, not our own, not itself, and not the page without the key.

    The frame lies open here, with a key that everyone knows: in the loader's shadow tree no other
    frame even finds it.
    """
    host, key = live.page("").rstrip("/"), "the-key"
    booth, other = (
        f"<iframe name={name} height=600 src='{live.url}/e/{live.open()}?source=rmc#k={key}&o={host}'>"
        "</iframe>"
        for name in ("booth", "other")
    )
    ad = f"<iframe name=ad src='{live.page('/page', 'tiers')}'></iframe>"
    page = reader.open(live.page(path(booth + other + ad)))
    frame = Booth(named(page, "booth")).frame
    frame.locator("[data-script]").wait_for()
    forged = {"ns": "isoloir", "v": 1, "k": key, "t": "theme", "theme": "dark"}
    for sibling in ("ad", "other"):
        named(page, sibling).evaluate("said => parent.frames[0].postMessage(said, '*')", forged)
    frame.evaluate("said => postMessage(said, '*')", forged)
    for odd in ({**forged, "k": "x"}, {**forged, "k": None}, {**forged, "t": "x"}, None, "theme"):
        page.evaluate("said => frames[0].postMessage(said, '*')", odd)
    # What each posts last is heard last.
    frame.evaluate("""void (window.last = new Promise((done) => {
      let left = 3;
      addEventListener("message", ({data}) => data === 1 && !--left && done());
    }))""")
    for poster in (named(page, "ad"), named(page, "other"), page.main_frame):
        poster.evaluate("top.frames[0].postMessage(1, '*')")
    frame.evaluate("window.last")
    assert frame.evaluate("document.documentElement.dataset.theme") == "auto"
    page.evaluate("said => frames[0].postMessage(said, '*')", forged)
    frame.wait_for_function(f"() => {SCHEME} === 'dark'")


def named(page: Page, name: str) -> Frame:
    found = page.frame(name)
    assert found
    return found


def test_an_attribute_that_names_another_place_loads_it_once(live: Service, reader: Reader) -> None:
    """Frameworks keep the element and change its attributes, one after the other."""
    page = opened(reader, live, tag(live.open(), id="place"))
    booth_in(page)
    before = len(reader.sent("GET", "/e/"))
    other = live.open()
    page.evaluate(
        """slug => {
          place.setAttribute("lang", "en");
          place.setAttribute("consultation", slug);
          place.setAttribute("results", "none");
        }""",
        other,
    )
    page.frame_locator("iframe").locator(".vote.agree").get_by_text("Agree").wait_for()
    asked = [request.url.partition("#")[0] for request in reader.sent("GET", "/e/")[before:]]
    assert asked == [f"{live.url}/e/{other}?source=rmc&lang=en&results=none"]
    page.evaluate("place.setAttribute('consultation', '')")
    expect(page.get_by_text(TITLE)).to_be_visible()
    assert page.locator("iframe").count() == 0


ODD = ("null", "undefined", "1", "'x'", "{}", "document", "new Image()", "[]", "Symbol()")


def test_no_function_throws_or_returns_anything(live: Service, reader: Reader) -> None:
    page = opened(reader, live, tag(live.open(), id="place"))
    names = page.evaluate("Object.keys(Isoloir)")
    assert names == ["scan", "mount", "destroy", "setTheme"]
    for name in names:
        for one in ODD:
            for other in ODD:
                assert page.evaluate(f"Isoloir.{name}({one}, {other}) === undefined")


def test_events_cross_shadow_trees_and_say_heights_and_codes_alone(
    live: Service, reader: Reader
) -> None:
    page = opened(reader, live, LISTEN + "<div id=host></div>")
    page.evaluate(
        """slug => {
          host.attachShadow({mode: "open"}).innerHTML =
            `<isoloir-vote id="inner" consultation="${slug}" source="rmc"></isoloir-vote>`;
        }""",
        live.open(),
    )
    heard(page, "ready")
    booth = Booth(frames(page)[0])
    booth.vote("disagree")
    booth.counted()
    ready, voted = heard(page, "voted")
    assert ready == ["isoloir:ready", {"height": ready[1]["height"]}, "inner", "host"]
    assert 40 <= ready[1]["height"] <= 600
    assert voted == ["isoloir:voted", {}, "inner", "host"]


def test_the_host_hears_when_there_is_nothing_to_vote_on(live: Service, reader: Reader) -> None:
    now = datetime.now(UTC)
    over = live.open(opens=now - timedelta(days=14), closes=now - timedelta(days=7))
    page = opened(reader, live, LISTEN + tag(over))
    assert heard(page, "closed")[-1][:2] == ["isoloir:closed", {"code": "closed"}]
    page = opened(reader, live, LISTEN + tag("inconnue"))
    assert heard(page, "error")[-1][:2] == ["isoloir:error", {"code": "unknown"}]
    reader.expect_complaint("404")
