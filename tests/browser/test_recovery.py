"""What goes wrong on the way to the count is mended without the reader, and counted once."""

import json
import os
import signal

from playwright.sync_api import Page, Route

from server.consultations.ballots import Ballot, Vote
from tests.browser.reading import Booth, Reader, booth_in
from tests.browser.service import Service, until

RMC = 2
AGREED = [(RMC, Ballot(Vote.AGREE))]
BALLOT = "**/ballot"


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
        booth.find(".status").get_by_text("votre vote est gardé").wait_for()
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
    booth.find(".status").get_by_text("votre vote est gardé").wait_for()
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
