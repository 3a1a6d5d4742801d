"""What a whole vote tells the page around it: the same, byte for byte, whatever was voted."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import widget
from server.consultations.ballots import QUALIFICATIONS, Vote
from tests.browser.partner import path, script, tag
from tests.browser.reading import VOTES, Booth, Reader, booth_in
from tests.browser.service import LONG, TEXTS, Service, until
from tests.browser.test_host_api import TWO_FRAMES, frame_of, opened
from tests.browser.test_steadiness import natural

LANGUAGES = sorted(file.stem for file in (Path(widget.__file__).parent / "messages").glob("*.json"))
WIDTHS = (256, 320, 640)
# A proposal as long as the rules allow, and shorter ones.
CARDS = (f"{LONG[:-1]}, sans délai.", *TEXTS[1:])
# Every message as it came, with the booth it came from in place of the key.
RECORD = """<script>window.said = [];
addEventListener("message", ({data, source}) => {
  for (const place of document.querySelectorAll("isoloir-vote")) {
    const {contentWindow} = place.shadowRoot.querySelector("iframe");
    if (source !== contentWindow) continue;
    said.push([place.id, JSON.stringify(data).replace(data.k, "key")]);
  }
});</script>"""


SPY = """address => new Promise((told) => {
  const spy = document.createElement("iframe");
  const said = [];
  addEventListener("message", ({data}) => data.k === "spy" && said.push(data));
  spy.src = address;
  spy.width = 90;
  spy.onload = () => setTimeout(told, 1500, said);
  document.body.append(spy);
})"""


@contextmanager
def stranger(browser: Browser) -> Iterator[Reader]:
    context = browser.new_context(locale="fr-FR")
    yield Reader(context)
    context.close()


def said(page: Page, place: str) -> list[str]:
    """Return what this booth has said until now."""
    messages: list[list[str]] = page.evaluate("said")
    return [message for name, message in messages if name == place]


def said_of_votes(page: Page, place: str) -> list[str]:
    """Return what it has said since it was ready: a busy browser may size its frame only then."""
    messages = said(page, place)
    ready = next(i for i, message in enumerate(messages) if message.startswith("ready:"))
    return messages[ready:]


def heard_voted(page: Page, place: str, times: int) -> None:
    """Wait until the booth has said so often that a vote was counted."""
    until(lambda: len([said_so for said_so in said(page, place) if '"voted"' in said_so]) == times)


def vote_again(booth: Booth, choice: str) -> None:
    """Press until it is seen: a browser busy with nine frames may lose a press on one just moved.

    It did so once in some thousand: the frame got no event and the service no request.
    """
    booth.vote(choice)
    try:
        expect(booth.root).to_have_attribute("data-screen", "result", timeout=5_000)
    except AssertionError:
        booth.vote(choice)


def whole_vote(page: Page, place: str, choice: str) -> None:
    """Vote, qualify, change, withdraw, vote again and go on; mark each step among the messages."""
    booth = Booth(frame_of(page, f"#{place}"))
    other = VOTES[(VOTES.index(choice) + 1) % 3]
    nuance = QUALIFICATIONS[Vote(choice)][0]
    # A frame out of sight is not drawn, and says nothing of its height.
    page.locator(f"#{place}").scroll_into_view_if_needed()

    def done(step: str, voted: int) -> None:
        heard_voted(page, place, voted)
        # What was said about the step is said in its next two frames.
        booth.frame.evaluate(TWO_FRAMES)
        mark = f"{step}: {booth.height()} px, of which {natural(booth)} are needed"
        page.evaluate("([place, mark]) => void said.push([place, mark])", [place, mark])

    done("ready", 0)
    booth.vote(choice)
    booth.counted()
    done("voted", 1)
    booth.find(f"input[value={nuance}]").check(force=True)
    done("qualified", 2)
    booth.change(other)
    done("changed", 3)
    booth.find("[value=withdraw]").click()
    booth.screen("card")
    done("withdrawn", 3)
    vote_again(booth, choice)
    booth.counted()
    done("voted again", 4)
    booth.next()
    booth.screen("card")
    done("gone on", 4)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_messages_and_heights_are_the_same_for_every_vote(
    lang: str, live: Service, reader: Reader
) -> None:
    slugs = {f"w{width}-{choice}": live.open(CARDS) for width in WIDTHS for choice in VOTES}
    booths = [
        f"<div style='width:{width}px'>"
        + tag(slugs[place], id=place, lang=lang, loading="eager")
        + "</div>"
        for width in WIDTHS
        for place in (f"w{width}-{choice}" for choice in VOTES)
    ]
    page = opened(reader, live, RECORD + "".join(booths))
    page.wait_for_function(f"() => new Set(said.map(([place]) => place)).size === {len(slugs)}")
    different = {}
    for width in WIDTHS:
        for choice in VOTES:
            whole_vote(page, f"w{width}-{choice}", choice)
        # After all three, so that nothing said late is missed.
        heard = {choice: said_of_votes(page, f"w{width}-{choice}") for choice in VOTES}
        assert sum('"t":"voted"' in line for line in heard["agree"]) == 4
        if not heard["agree"] == heard["disagree"] == heard["neutral"]:
            different[width] = heard
    assert different == {}


def test_a_frame_without_a_width_tells_no_height_before_it_has_one(
    live: Service, reader: Reader
) -> None:
    """Measured there, every word stands in a line of its own; a busy browser begins a frame so."""
    slug = live.open(CARDS)
    two = "".join(tag(slug, id=place, loading="eager") for place in ("wide", "none"))
    page = opened(reader, live, RECORD + "<style>#none { display: none }</style>" + two)
    page.wait_for_function("() => said.length === 2")
    (wide,) = said(page, "wide")
    height = json.loads(wide)["height"]
    assert [json.loads(message)["height"] for message in said(page, "none")] == [0]
    page.evaluate("document.querySelector('#none').style.display = 'block'")
    page.wait_for_function("() => said.length === 3")
    assert [json.loads(message)["height"] for message in said(page, "none")] == [0, height]


def test_one_booth_cannot_speak_for_another(live: Service, reader: Reader) -> None:
    """The right origin and the right key, from the wrong window: our own other frame, or an ad."""
    pair = tag(live.open(), id="one", loading="eager") + tag(
        live.open(), id="other", loading="eager"
    )
    ad = f"<iframe id=ad src='{live.page('/page', 'tiers')}'></iframe>"
    page = opened(reader, live, RECORD + pair + ad)
    page.wait_for_function("() => said.length === 2")
    page.evaluate("window.events = 0; for (const name of ['resize', 'voted', 'error'])"
                  "addEventListener('isoloir:' + name, () => events++)")  # fmt: skip
    key = page.evaluate(
        """new URLSearchParams(new URL(
          one.shadowRoot.querySelector("iframe").src).hash.slice(1)).get("k")"""
    )
    before = Booth(frame_of(page, "#one")).height()
    for t in ("resize", "voted", "error"):
        forged = {"ns": "isoloir", "v": 1, "k": key, "t": t, "height": 4000}
        for sender in (
            frame_of(page, "#other"),
            page.locator("#ad").element_handle().content_frame(),
        ):
            assert sender
            sender.evaluate("forged => parent.postMessage(forged, '*')", forged)
    for sender in (frame_of(page, "#other"), page.locator("#ad").element_handle().content_frame()):
        assert sender
        page.evaluate("void (window.last = new Promise((done) => addEventListener('message',"
                      "({data}) => data === 1 && done())))")  # fmt: skip
        sender.evaluate("parent.postMessage(1, '*')")
        page.evaluate("window.last")
    assert page.evaluate("events") == 0
    assert Booth(frame_of(page, "#one")).height() == before


def test_the_page_that_opened_the_article_cannot_speak_for_its_booth(
    live: Service, reader: Reader
) -> None:
    """Even from our own origin, and with the key."""
    opener = reader.open(f"{live.url}/c/{live.open()}")
    address = live.page(path(RECORD + tag(live.open(), id="one") + script(live.url)))
    with opener.expect_popup() as popup:
        opener.evaluate("address => void (window.article = open(address))", address)
    page = popup.value
    page.wait_for_function("() => said.length === 1")
    key = page.evaluate(
        """new URLSearchParams(new URL(
          one.shadowRoot.querySelector("iframe").src).hash.slice(1)).get("k")"""
    )
    before = Booth(frame_of(page, "#one")).height()
    page.evaluate(
        """void (window.last = new Promise((done) => addEventListener("message", ({data, origin}) =>
          data.t === "resize" && done(origin))))"""
    )
    opener.evaluate(
        "k => article.postMessage({ns: 'isoloir', v: 1, k, t: 'resize', height: 4000}, '*')", key
    )
    assert page.evaluate("window.last") == live.url
    assert Booth(frame_of(page, "#one")).height() == before


def test_no_page_of_the_reader_s_own_tells_its_height(live: Service, reader: Reader) -> None:
    """A host may frame any page of the booth, and choose a width at which words wrap."""
    slug = live.open(CARDS)
    page = opened(reader, live, RECORD + tag(slug, id="booth"))
    booth = Booth(frame_of(page, "#booth"))
    booth.vote("agree")
    booth.counted()
    address = f"{live.url}/e/{slug}"
    query = f"source=rmc#k=spy&o={page.evaluate('origin')}"
    number = booth.find(".card [name=proposal]").input_value()
    for page_of in (f"menu?{query}", f"next?after={number}&{query}"):
        said_so: list[dict[str, object]] = page.evaluate(SPY, f"{address}/{page_of}")
        assert [message["t"] for message in said_so] == ["ready"]
        assert "height" not in said_so[0]


def test_the_outcome_is_as_high_for_voters_as_for_strangers(
    live: Service, reader: Reader, browser: Browser
) -> None:
    slug = live.open(CARDS)
    booth = reader.booth(live.page(f"/script/{slug}"))
    for choice in VOTES:
        booth.screen("card")
        booth.vote(choice)
        booth.counted()
        booth.next()
    live.wait_for(live.store.consultations.by_slug(slug), len(CARDS))
    live.close(slug)
    with stranger(browser) as other:
        for width in (240, 320, 640):
            heights = set()
            for who in (reader, other):
                page = who.context.new_page()
                page.set_viewport_size({"width": width, "height": 900})
                page.goto(live.page(f"/script/{slug}"))
                closed = booth_in(page)
                closed.find(".best").wait_for()
                expect(closed.find(".story")).to_contain_text(
                    "Vous souteniez" if who is reader else ""
                )
                heights.add(natural(closed))
            assert len(heights) == 1, width
