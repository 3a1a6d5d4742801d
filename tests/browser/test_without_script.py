"""A browser that runs no script votes too, with or without cookies."""

from pathlib import Path

from playwright.sync_api import Browser

from server.consultations.ballots import Ballot, Vote
from tests.browser import chromium
from tests.browser.reading import Booth, Reader, booth_in
from tests.browser.service import Service, until

RMC = 2


def test_a_vote_by_form_is_counted_changed_qualified_and_withdrawn(
    live: Service, scriptless: Reader
) -> None:
    slug = live.open()
    booth = scriptless.booth(live.page(f"/iframe/{slug}"))
    booth.vote("agree")
    booth.screen("result")
    assert live.ballots(slug) == [(RMC, Ballot(Vote.AGREE))]
    booth.find(".chips.agree .chip").nth(1).click()
    booth.find(".scriptless").click()
    until(lambda: live.ballots(slug) == [(RMC, Ballot(Vote.AGREE, ("doable",)))])
    booth.change("disagree")
    booth.find(".own-vote").get_by_text("pas d’accord").wait_for()
    assert live.ballots(slug) == [(RMC, Ballot(Vote.DISAGREE))]
    booth.find("[value=withdraw]").click()
    booth.screen("card")
    assert live.ballots(slug) == []


def test_forms_lead_through_all_proposals_to_the_final_card(
    live: Service, scriptless: Reader
) -> None:
    slug = live.open()
    booth = scriptless.booth(live.page(f"/iframe/{slug}"))
    vote_to_the_end(booth)
    assert live.voters(slug) == 1
    assert len(live.ballots(slug)) == 3


def test_without_cookies_a_reader_confirms_once_and_is_one_voter(
    live: Service, browser: Browser, tmp_path: Path
) -> None:
    slug = live.open()
    context = chromium.without_cookies(browser.browser_type, tmp_path)
    booth = booth_in(Reader(context).open(live.page(f"/iframe/{slug}")))
    booth.vote("disagree")
    booth.find(".notice").get_by_text("Encore un geste").wait_for()
    assert live.ballots(slug) == []
    booth.find(".notice .next").click()
    booth.screen("result")
    assert live.ballots(slug) == [(RMC, Ballot(Vote.DISAGREE))]
    booth.next()
    vote_to_the_end(booth, 2)
    assert live.voters(slug) == 1
    assert len(live.ballots(slug)) == 3
    assert context.cookies() == []
    context.close()


def vote_to_the_end(booth: Booth, number: int = 3) -> None:
    for left in reversed(range(number)):
        booth.screen("card")
        booth.vote("agree")
        booth.screen("result")
        booth.next()
        booth.screen("card" if left else "final")


def test_the_page_s_own_link_stands_in_where_no_script_runs(
    live: Service, scriptless: Reader
) -> None:
    slug = live.open()
    page = scriptless.open(live.page(f"/script/{slug}"))
    page.get_by_role("link", name="Votez dans cet article").click()
    page.get_by_role("button", name="Neutre").first.click()
    page.get_by_text("Votre vote\u202f: neutre").wait_for()
    assert live.ballots(slug) == [(RMC, Ballot(Vote.NEUTRAL))]
