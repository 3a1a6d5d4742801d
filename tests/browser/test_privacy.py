"""What the booth keeps about a reader, when, and who can see it."""

from playwright.sync_api import Page

from server.consultations.ballots import Ballot, Vote
from tests.browser.reading import Booth, Reader, booth_in
from tests.browser.service import Service

COOKIES = "document.cookie"
KEPT = "Object.keys(localStorage)"


def test_the_browser_of_these_tests_drops_third_party_cookies(
    live: Service, reader: Reader
) -> None:
    """The control: without it, everything below could be true for a wrong reason."""
    tiers = live.page("/control", "tiers")
    page = reader.open(live.page(f"/page?put=<iframe src='{tiers}'></iframe>", "presse"))
    frame = page.frames[1]
    frame.goto(f"{tiers}/seen")
    assert frame.inner_text("body") == "none"
    page.goto(tiers)
    page.goto(f"{tiers}/seen")
    assert page.inner_text("body") == "1", "as a first party it may set it"


def test_nothing_is_kept_before_the_reader_votes(live: Service, reader: Reader) -> None:
    slug = live.open()
    booth = reader.booth(live.page(f"/script/{slug}"))
    with booth.frame.page.expect_request("**/credential"):
        booth.find(".card .proposal").click()
    assert reader.context.cookies() == []
    assert booth.frame.evaluate(KEPT) == []
    booth.vote("agree")
    booth.counted()
    assert [cookie["name"] for cookie in reader.context.cookies()] == ["__Host-isoloir-rmc-bfm"]
    assert booth.frame.evaluate(KEPT) == ["isoloir:rmc-bfm"]


def test_a_credential_is_asked_for_at_the_first_touch_only(live: Service, reader: Reader) -> None:
    """A page view costs the service nothing that a cache could not answer."""
    slug = live.open()
    booth = reader.booth(live.page(f"/script/{slug}"))
    assert reader.sent("POST") == []
    booth.vote("agree")
    booth.counted()
    assert len(reader.sent("POST")) == 1


def test_a_returning_reader_is_recognised_before_they_can_press(
    live: Service, reader: Reader
) -> None:
    slug = live.open()
    address = live.page(f"/script/{slug}")
    page = reader.open(address)
    booth = booth_in(page)
    voted = booth.proposal()
    booth.vote("agree")
    booth.counted()
    page.reload()
    back = booth_in(page)
    back.find(".progress").get_by_text("Proposition 2 sur 3").wait_for()
    assert back.proposal() != voted
    back.vote("agree")
    back.counted()
    assert live.voters(slug) == 1
    assert {ballot for _, ballot in live.ballots(slug)} == {Ballot(Vote.AGREE)}


def test_two_publishers_cannot_tell_that_a_reader_is_the_same(
    live: Service, reader: Reader
) -> None:
    slug = live.open()
    for media in ("rmc", "les-echos"):
        snippet = f"<iframe src='{live.url}/e/{slug}?source={media}'></iframe>"
        booth = booth_in(reader.open(live.page(f"/page?put={snippet}", media)))
        assert booth.frame.evaluate(KEPT) == []
        booth.find(".progress").get_by_text("Proposition 1").wait_for()
        booth.vote("agree")
        booth.counted()
    assert live.voters(slug) == 2


def test_a_sandboxed_booth_says_that_it_will_not_recognise_the_reader(
    live: Service, reader: Reader
) -> None:
    slug = live.open()
    booth = reader.booth(live.page(f"/oembed/{slug}"))
    booth.vote("agree")
    booth.counted()
    booth.menu()
    booth.find(".forgetful").wait_for()
    assert reader.context.cookies() == []


def heard(page: Page) -> list[str]:
    names: list[str] = page.evaluate("window.heard")
    return names


LISTEN = """window.heard = [];
for (const name of ["ready", "resize", "voted", "closed", "error"])
  addEventListener("isoloir:" + name, (event) => heard.push(JSON.stringify([name, event.detail])));
"""


def test_the_host_hears_that_a_vote_was_cast_and_never_which(live: Service, reader: Reader) -> None:
    said = []
    for choice in ("agree", "disagree", "neutral"):
        page = reader.context.new_page()
        page.add_init_script(LISTEN)
        page.goto(live.page(f"/script/{live.open()}"))
        booth = booth_in(page)
        booth.vote(choice)
        booth.counted()
        page.wait_for_function("() => heard.length > 1")
        said.append(heard(page))
        page.close()
        reader.context.clear_cookies()
    assert said[0] == said[1] == said[2]
    assert [message.split('"')[1] for message in said[0]] == ["ready", "voted"]


def test_messages_of_others_are_ignored(live: Service, reader: Reader) -> None:
    """Window, origin and key must all match: an advertisement has none of them."""
    page = reader.context.new_page()
    page.add_init_script(LISTEN)
    page.goto(live.page(f"/script/{live.open()}"))
    booth: Booth = booth_in(page)
    page.wait_for_function("() => heard.length === 1")
    before = booth.height()
    page.evaluate(
        """() => {
          const { src } = document.querySelector("isoloir-vote").shadowRoot.querySelector("iframe");
          const key = new URLSearchParams(new URL(src).hash.slice(1)).get("k");
          const forged = {ns: "isoloir", v: 1, k: key, t: "resize", height: 4000};
          postMessage(forged, "*");
          for (const message of [null, 1, "isoloir", {}, {ns: "isoloir"}, {...forged, k: ""}])
            postMessage(message, "*");
        }"""
    )
    # From the right window and origin, but without the key.
    booth.frame.evaluate(
        "parent.postMessage({ns: 'isoloir', v: 1, k: 'x', t: 'resize', height: 4000}, '*')"
    )
    page.evaluate("new Promise((done) => { onmessage = done; postMessage('last', '*') })")
    assert len(heard(page)) == 1
    assert booth.height() == before


def test_a_booth_without_a_key_tells_its_host_nothing(live: Service, reader: Reader) -> None:
    page = reader.context.new_page()
    page.add_init_script("window.said = []; addEventListener('message', (e) => said.push(e.data))")
    page.goto(live.page(f"/iframe/{live.open()}"))
    booth = booth_in(page)
    booth.vote("agree")
    booth.counted()
    assert page.evaluate("said") == []
