"""A reader votes in an article, by each of the snippets that editors paste."""

import pytest
from playwright.sync_api import expect

from server.consultations.ballots import Ballot, Trust, Vote
from server.consultations.consultation import ResultsRule
from server.demo.media import MEDIA
from tests.browser.reading import VOTES, Booth, Reader
from tests.browser.service import TEXTS, Service, until

SNIPPETS = ("script", "iframe", "oembed")
RMC = 2  # the source's number


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_a_vote_in_an_article_is_counted_under_its_source(
    snippet: str, live: Service, reader: Reader
) -> None:
    """Script and plain frame: the first vote on the first card earns sequence.

    In a sandboxed frame it earns trust alone: such a frame can be anybody's.
    """
    slug = live.open()
    booth = reader.booth(live.page(f"/{snippet}/{slug}"))
    booth.vote("disagree")
    booth.screen("result")
    booth.counted()
    assert live.ballots(slug) == [(RMC, Ballot(Vote.DISAGREE))]
    assert live.trust(slug) == [Trust.TRUSTED if snippet == "oembed" else Trust.SEQUENCE]


@pytest.mark.parametrize("media", MEDIA, ids=lambda media: media.name)
def test_the_demo_news_site_takes_votes_in_each_of_its_articles(
    media: object, live: Service, reader: Reader
) -> None:
    slug = "reinventer-le-travail"
    before = live.voters(slug)
    booth = reader.booth(live.news.format(media=media.name) + "/")  # type: ignore[attr-defined]
    booth.vote("agree")
    booth.counted()
    assert live.voters(slug) == before + 1


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_a_vote_can_be_changed_and_withdrawn(snippet: str, live: Service, reader: Reader) -> None:
    slug = live.open()
    booth = reader.booth(live.page(f"/{snippet}/{slug}"))
    booth.vote("agree")
    booth.counted()
    booth.change("neutral")
    until(lambda: live.ballots(slug) == [(RMC, Ballot(Vote.NEUTRAL))])
    booth.find(".own-vote").get_by_text("neutre").wait_for()
    booth.find("[value=withdraw]").click()
    booth.screen("card")
    until(lambda: live.ballots(slug) == [])
    booth.vote("agree")
    until(lambda: live.ballots(slug) == [(RMC, Ballot(Vote.AGREE))])


def test_every_proposal_is_met_once_until_the_final_card(live: Service, reader: Reader) -> None:
    slug = live.open()
    booth = reader.booth(live.page(f"/script/{slug}"))
    met = []
    for number, choice in enumerate(VOTES, 1):
        assert booth.find(".progress").inner_text() == f"Proposition {number} sur {len(TEXTS)}"
        met.append(booth.proposal())
        booth.vote(choice)
        booth.counted()
        booth.next()
        booth.screen("card" if number < len(TEXTS) else "final")
    assert sorted(met) == sorted(TEXTS)
    assert {ballot.vote for _, ballot in live.ballots(slug)} == set(Vote)
    assert live.voters(slug) == 1
    assert live.trust(slug) == [Trust.SEQUENCE] * len(TEXTS)


def test_a_nuance_is_toggled_on_and_off(live: Service, reader: Reader) -> None:
    slug = live.open()
    booth = reader.booth(live.page(f"/script/{slug}"))
    booth.vote("agree")
    booth.counted()
    booth.find("input[value=likeIt]").check(force=True)
    booth.find("input[value=doable]").check(force=True)
    until(lambda: live.ballots(slug) == [(RMC, Ballot(Vote.AGREE, ("likeIt", "doable")))])
    booth.find("input[value=likeIt]").uncheck(force=True)
    until(lambda: live.ballots(slug) == [(RMC, Ballot(Vote.AGREE, ("doable",)))])


def test_the_first_voters_see_plain_numbers(live: Service, reader: Reader) -> None:
    slug = live.open(TEXTS[:1])
    booth = reader.booth(live.page(f"/script/{slug}"))
    booth.vote("agree")
    booth.counted()
    assert booth.shares() == ["1 vote", "0 vote", "0 vote"]
    assert booth.find(".note").inner_text() == "Vous êtes parmi les premiers à voter."


def test_later_voters_see_shares_that_hold_their_own_vote(live: Service, reader: Reader) -> None:
    slug = live.open(TEXTS[:1])
    live.fill(slug, (50, 30, 19))
    booth = reader.booth(live.page(f"/script/{slug}"))
    booth.vote("neutral")
    booth.counted()
    assert booth.shares() == ["50\u202f%", "30\u202f%", "20\u202f%"]
    assert booth.find(".note").inner_text() == "100 votes"
    assert booth.find(".row.agree rect").get_attribute("width") == "50%"
    assert booth.find(".row.neutral").get_attribute("aria-pressed") == "true"


def test_results_that_the_rule_hides_are_not_shown(live: Service, reader: Reader) -> None:
    slug = live.open(results=ResultsRule.AT_CLOSE)
    booth = reader.booth(live.page(f"/script/{slug}"))
    booth.vote("agree")
    booth.find(".note").get_by_text("publiés à la clôture").wait_for()
    assert booth.shares() == ["", "", ""]


@pytest.mark.parametrize("visitor", ["reader", "scriptless"])
def test_an_article_may_ask_that_results_wait_for_the_close(
    visitor: str, live: Service, request: pytest.FixtureRequest
) -> None:
    who: Reader = request.getfixturevalue(visitor)
    page = who.open(f"{live.url}/c/{live.open()}?results=at-close")
    booth = Booth(page.main_frame)
    booth.vote("agree")
    booth.screen("result")
    expect(booth.find(".note")).to_have_text("Les résultats seront publiés à la clôture.")
    assert "".join(booth.find(".share").all_inner_texts()) == ""


def test_a_double_click_is_one_vote_and_does_not_go_on(live: Service, reader: Reader) -> None:
    slug = live.open()
    booth = reader.booth(live.page(f"/script/{slug}"))
    booth.find(".vote.disagree").dblclick()
    booth.counted()
    booth.screen("result")
    assert live.ballots(slug) == [(RMC, Ballot(Vote.DISAGREE))]


def test_the_page_of_the_consultation_takes_votes_too(live: Service, reader: Reader) -> None:
    slug = live.open()
    page = reader.open(f"{live.url}/c/{slug}?source=rmc&lang=en")
    page.get_by_role("button", name="Disagree").first.click()
    page.get_by_text("Your vote: disagree").wait_for()
    until(lambda: live.ballots(slug) == [(RMC, Ballot(Vote.DISAGREE))])
