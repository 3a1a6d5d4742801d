"""What goes wrong on the way to the count is mended without the reader, and counted once."""

import json
import os
import signal

from playwright.sync_api import Page, Route, expect

from server.consultations.ballots import Ballot, Vote
from tests.browser.reading import Booth, Reader, booth_in
from tests.browser.service import Service, until

RMC = 2
AGREED = [(RMC, Ballot(Vote.AGREE))]
BALLOT = "**/ballot"


def never_answered(_: Route) -> None:
    """Leave the service silent."""


def spoil_first(page: Page, field: str) -> None:
    """Let the first vote leave with a token that nobody signed."""

    def spoil(route: Route) -> None:
        body = route.request.post_data_json
        route.continue_(post_data=json.dumps({**body, field: "forged.token.x"}))

    page.route(BALLOT, spoil, times=1)


def vote_spoiled(live: Service, reader: Reader, field: str) -> tuple[str, Booth]:
    slug = live.open()
    page = reader.open(live.page(f"/script/{slug}"))
    spoil_first(page, field)
    booth = booth_in(page)
    booth.vote("agree")
    booth.counted()
    return slug, booth


def test_a_refused_credential_is_replaced_and_the_vote_sent_again_once(
    live: Service, reader: Reader
) -> None:
    slug, booth = vote_spoiled(live, reader, "credential")
    assert live.ballots(slug) == AGREED
    assert live.voters(slug) == 1
    assert len(reader.sent("PUT")) == 2
    assert booth.find(".status:not([data-quiet])").count() == 0, "the reader was not told"
    reader.expect_complaint("401")


def test_a_refused_ticket_is_replaced_and_the_vote_sent_again_once(
    live: Service, reader: Reader
) -> None:
    slug, _ = vote_spoiled(live, reader, "ticket")
    assert live.ballots(slug) == AGREED
    assert len(reader.sent("PUT")) == 2
    reader.expect_complaint("403")


def test_a_credential_refused_twice_is_not_sent_a_third_time(live: Service, reader: Reader) -> None:
    """The reader gets a fresh page instead of a loop."""
    slug = live.open()
    page = reader.open(live.page(f"/script/{slug}"))
    body = {"type": "about:blank", "title": "", "status": 401, "code": "credential-invalid"}
    page.route(BALLOT, lambda route: route.fulfill(status=401, json=body))
    booth = booth_in(page)
    booth.vote("agree")
    page.wait_for_event("framenavigated")
    booth.screen("card")
    assert len(reader.sent("PUT")) == 2
    assert live.ballots(slug) == []
    reader.expect_complaint("401")


def test_a_vote_whose_answer_was_lost_is_sent_again_and_counted_once(
    live: Service, reader: Reader
) -> None:
    slug = live.open()
    page = reader.open(live.page(f"/script/{slug}"))

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route(BALLOT, lose, times=1)
    booth = booth_in(page)
    booth.vote("agree")
    booth.counted()
    first, again = (request.post_data_json for request in reader.sent("PUT"))
    assert first["credential"] == again["credential"]
    assert first["number"] < again["number"]
    assert live.ballots(slug) == AGREED
    assert live.voters(slug) == 1
    reader.expect_complaint("ERR_FAILED")


def test_while_the_store_is_away_votes_are_kept_and_sent_when_it_is_back(
    live: Service, reader: Reader
) -> None:
    """The reader is told kindly, goes on voting, and no vote is lost."""
    slug = live.open()
    booth = reader.booth(live.page(f"/script/{slug}"))
    assert live.server.pid
    os.kill(live.server.pid, signal.SIGKILL)
    until(lambda: not live.server.alive())
    try:
        booth.vote("agree")
        booth.screen("result")
        booth.find(".status").get_by_text("vote gardé").wait_for()
        booth.next()
        booth.vote("agree")
        booth.screen("result")
    finally:
        live.server.start()
        live.server.wait_ready()
    booth.find(".status").get_by_text("Votre vote est bien compté").wait_for()
    assert live.ballots(slug) == AGREED * 2
    assert live.voters(slug) == 1
    reader.expect_complaint("503")


def test_a_brake_keeps_the_vote_for_as_long_as_it_asks(live: Service, reader: Reader) -> None:
    slug = live.open()
    page = reader.open(live.page(f"/script/{slug}"))
    wait = {"Retry-After": "2"}
    page.route(BALLOT, lambda r: r.fulfill(status=429, headers=wait, json={}), times=1)
    booth = booth_in(page)
    booth.vote("agree")
    booth.find(".status").get_by_text("vote gardé").wait_for()
    booth.counted()
    first, again = (request.post_data_json["number"] for request in reader.sent("PUT"))
    assert again - first >= 2_000, "numbers are the milliseconds of sending"
    assert live.ballots(slug) == AGREED
    reader.expect_complaint("429")


def test_a_newer_wish_replaces_the_one_that_waits(live: Service, reader: Reader) -> None:
    slug = live.open()
    page = reader.open(live.page(f"/script/{slug}"))
    booth = booth_in(page)
    held: list[Route] = []
    page.route(BALLOT, lambda route: held.append(route), times=1)
    with page.expect_request(BALLOT):
        booth.vote("disagree")
    for choice in ("neutral", "disagree", "agree"):
        booth.change(choice)
    held[0].continue_()
    booth.counted()
    until(lambda: live.ballots(slug) == AGREED)
    votes = [request.post_data_json["vote"] for request in reader.sent("PUT")]
    assert votes == ["disagree", "agree"]


def test_a_vote_at_the_close_meets_a_friendly_screen(live: Service, reader: Reader) -> None:
    slug = live.open()
    page = reader.open(live.page(f"/script/{slug}"))
    booth = booth_in(page)
    live.close(slug)
    booth.vote("agree")
    booth.find(".notice").get_by_text("Le vote est clos").wait_for()
    assert live.ballots(slug) == []
    reader.expect_complaint("409")


def test_a_vote_cast_as_the_page_goes_is_counted(live: Service, reader: Reader) -> None:
    """Votes are sent after the press is painted, and this press never is."""
    slug = live.open()
    booth = reader.booth(live.page(f"/script/{slug}"))
    booth.vote("agree")
    booth.counted()
    booth.next()
    vote = ".card .vote.neutral"
    expect(booth.find(vote)).to_be_enabled()
    booth.frame.evaluate(
        f"""requestAnimationFrame = setTimeout = () => 0;
        document.querySelector('{vote}').click();
        location = 'about:blank'"""
    )
    until(lambda: len(live.ballots(slug)) == 2)


def test_a_vote_behind_one_on_its_way_is_kept_at_once(live: Service, reader: Reader) -> None:
    """A phone may end a page without a word: nothing is left for its last moment."""
    slug = live.open()
    page = reader.open(live.page(f"/script/{slug}"))
    booth = booth_in(page)
    page.route(BALLOT, never_answered, times=1)
    with page.expect_request(BALLOT):
        booth.vote("agree")
    booth.next()
    booth.vote("neutral")
    booth.screen("result")
    kept = f"JSON.parse(localStorage['isoloir:rmc-bfmleft:{slug}'] ?? '[]')"
    booth.frame.wait_for_function(f"() => {kept}.length === 2")


def test_a_page_that_comes_back_does_not_say_again_what_was_changed_elsewhere(
    live: Service, reader: Reader
) -> None:
    """Browsers keep whole pages, frozen, and show them again with what they could not send."""
    slug = live.open()
    page = reader.open(live.page(f"/script/{slug}"))
    booth = booth_in(page)
    page.route(BALLOT, never_answered)  # frozen pages hear no answer
    page.route(BALLOT, lambda route: route.abort(), times=1)
    booth.vote("agree")
    booth.find(".status").get_by_text("vote gardé").wait_for()
    booth.frame.evaluate(
        """() => {
          dispatchEvent(new PageTransitionEvent("pagehide", {persisted: true}));
          for (let timer = setTimeout(() => {}); timer; timer--) clearTimeout(timer);
        }"""
    )
    other = reader.booth(live.page(f"/script/{slug}"))
    until(lambda: live.ballots(slug) == AGREED)
    other.find("a.menu").click()
    other.find(".revisit").click()
    other.change("neutral")
    changed = [(RMC, Ballot(Vote.NEUTRAL))]
    until(lambda: live.ballots(slug) == changed)
    booth.frame.wait_for_function(f"() => !localStorage['isoloir:rmc-bfmleft:{slug}']")
    with page.expect_event("framenavigated"):
        booth.frame.evaluate(
            "() => void dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))"
        )
    expect(booth.find(".progress")).to_have_text("Proposition 2 sur 3")
    assert live.ballots(slug) == changed
    assert [request.post_data_json["vote"] for request in reader.sent("PUT")][-1] == "neutral"
    reader.expect_complaint("ERR_FAILED")
