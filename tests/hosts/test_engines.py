"""Readers of other browsers vote in an article, and are known again as far as theirs lets us."""

import pytest
from selenium.webdriver.common.by import By

from server.consultations.ballots import Ballot, Trust, Vote
from tests.browser.service import LONG, TEXTS, Service, until
from tests.hosts.reading import Reader
from tests.minutes.conftest import public
from tests.minutes.writing import written

RMC = 2  # the source's number
RESERVE = 600  # px, in the snippets
# What a press does while the script is still on its way.
TOO_EARLY = """const button = document.querySelector(".vote.agree");
  button.form.requestSubmit(button);"""
AGREE, DISAGREE, NEUTRAL = Ballot(Vote.AGREE), Ballot(Vote.DISAGREE), Ballot(Vote.NEUTRAL)


@pytest.mark.parametrize("snippet", ["script", "iframe"])
def test_a_reader_votes_adds_a_nuance_changes_goes_on_and_withdraws(
    snippet: str, live: Service, reader: Reader
) -> None:
    slug = live.open()
    booth = reader.open(live.page(f"/{snippet}/{slug}"))
    assert booth.text(".progress") == f"Proposition 1 sur {len(TEXTS)}"
    first = booth.text(".card .proposal")
    booth.vote("agree")
    booth.counted()
    assert live.ballots(slug) == [(RMC, AGREE)]
    assert live.trust(slug) == [Trust.SEQUENCE]
    assert booth.text(".note") == "Vous êtes parmi les premiers à voter."
    booth.nuance("likeIt")
    until(lambda: live.ballots(slug) == [(RMC, Ballot(Vote.AGREE, ("likeIt",)))])
    booth.change("neutral")
    booth.sees(".own-vote", "neutre")
    until(lambda: live.ballots(slug) == [(RMC, NEUTRAL)])
    booth.next()
    booth.screen("card")
    assert booth.text(".card .proposal") != first
    booth.vote("disagree")
    booth.counted()
    assert sorted(live.ballots(slug), key=str) == [(RMC, DISAGREE), (RMC, NEUTRAL)]
    booth.withdraw()
    until(lambda: live.ballots(slug) == [(RMC, NEUTRAL)])
    assert live.voters(slug) == 1


def test_the_reserved_height_holds_from_card_to_result(live: Service, reader: Reader) -> None:
    slug = live.open((f"{LONG[:-1]}, sans délai.",))
    booth = reader.open(live.page(f"/page?put=<div style='width:390px'>{frame(live, slug)}</div>"))
    before = booth.natural_height()
    booth.vote("agree")
    booth.counted()
    assert booth.natural_height() == before <= RESERVE


def test_a_returning_reader_is_recognised_on_this_site_and_on_no_other(
    live: Service, reader: Reader
) -> None:
    slug = live.open()
    booth = reader.open(live.page(f"/script/{slug}"))
    assert booth.browser.execute_script("return isSecureContext")
    assert booth.kept() == []
    voted = booth.text(".card .proposal")
    booth.vote("agree")
    booth.counted()
    assert booth.kept() == ["isoloir:rmc-bfm"]
    booth.reload()
    booth.sees(".progress", "Proposition 2 sur 3")
    assert booth.text(".card .proposal") != voted
    assert booth.known_by_cookie(slug) == reader.engine.cookies
    booth.vote("agree")
    booth.counted()
    assert live.voters(slug) == 1
    elsewhere = reader.open(live.page(f"/page?put={frame(live, slug, 'les-echos')}", "les-echos"))
    assert elsewhere.kept() == []
    assert elsewhere.text(".progress") == "Proposition 1 sur 3"
    elsewhere.vote("agree")
    elsewhere.counted()
    assert live.voters(slug) == 2
    assert [ballot for _, ballot in live.ballots(slug)] == [AGREE] * 3


def frame(live: Service, slug: str, source: str = "rmc") -> str:
    return f"<iframe src='{live.url}/e/{slug}?source={source}' width='100%25' height=600></iframe>"


def test_what_a_frame_keeps_is_not_seen_by_its_own_site(live: Service, reader: Reader) -> None:
    """The control: a browser that let frames track readers would prove nothing above."""
    control = live.page("/control", "tiers")
    browser = reader.browser
    browser.get(live.page(f"/page?put=<iframe src='{control}'></iframe>", "presse"))
    browser.get(f"{control}/seen")
    assert reader.text("body") == "none"
    browser.get(control)
    browser.get(f"{control}/seen")
    assert reader.text("body") == "1", "as a first party it may set it"


def test_in_a_sandbox_votes_count_and_the_booth_says_that_it_forgets(
    live: Service, reader: Reader
) -> None:
    slug = live.open()
    booth = reader.open(live.page(f"/oembed/{slug}"))
    booth.vote("agree")
    booth.counted()
    assert live.ballots(slug) == [(RMC, AGREE)]
    booth.press("a.menu")
    booth.sees(".forgetful", "cette page ne vous reconnaîtra pas")
    booth.reload()
    assert booth.text(".progress") == "Proposition 1 sur 3"
    booth.vote("disagree")
    booth.counted()
    assert live.voters(slug) == 2


def test_without_script_forms_vote_nuance_change_and_withdraw(
    live: Service, scriptless: Reader
) -> None:
    slug = live.open()
    booth = scriptless.open(live.page(f"/iframe/{slug}"))
    vote_by_form(live, slug, booth)
    assert live.ballots(slug) == [(RMC, AGREE)]
    booth.nuance("doable")
    booth.press(".scriptless")
    until(lambda: live.ballots(slug) == [(RMC, Ballot(Vote.AGREE, ("doable",)))])
    booth.sees(".own-vote", "d’accord")
    booth.change("disagree")
    booth.sees(".own-vote", "pas d’accord")
    assert live.ballots(slug) == [(RMC, DISAGREE)]
    booth.next()
    booth.screen("card")
    booth.sees(".progress", "Proposition 2 sur 3")
    booth.vote("neutral")
    assert sorted(live.ballots(slug), key=str) == [(RMC, DISAGREE), (RMC, NEUTRAL)]
    booth.withdraw()
    assert live.ballots(slug) == [(RMC, DISAGREE)]
    assert live.voters(slug) == 1


def test_without_script_only_a_kept_cookie_tells_that_a_reader_is_back(
    live: Service, scriptless: Reader
) -> None:
    slug = live.open(TEXTS[:1])
    booth = scriptless.open(live.page(f"/iframe/{slug}"))
    vote_by_form(live, slug, booth)
    booth.reload()
    booth.screen("card")
    vote_by_form(live, slug, booth)
    assert live.voters(slug) == (1 if booth.engine.cookies else 2)


def test_a_vote_sent_before_the_script_ran_is_changed_as_the_same_voter(
    live: Service, reader: Reader
) -> None:
    slug = live.open()
    booth = reader.open(live.page(f"/iframe/{slug}"))
    booth.browser.execute_script(TOO_EARLY)
    if not booth.engine.cookies:
        booth.screen("notice")
        booth.press(".notice .next")
    booth.sees("[data-script] .own-vote", "d’accord")
    assert live.ballots(slug) == [(RMC, AGREE)]
    booth.change("disagree")
    until(lambda: live.ballots(slug) == [(RMC, DISAGREE)])
    booth.withdraw()
    until(lambda: live.ballots(slug) == [])
    assert live.voters(slug) == 1


def test_minutes_are_checked_by_every_engine(live: Service, reader: Reader) -> None:
    """Or else it says that it cannot: WebCrypto got Ed25519 late."""
    browser = reader.browser
    browser.get(f"{live.url}/verify?lang=fr")
    until(lambda: reader.there("#check[data-ready]"))
    browser.find_elements(By.TAG_NAME, "summary")[0].click()
    browser.find_elements(By.TAG_NAME, "summary")[1].click()
    browser.execute_script("given.value = arguments[0]", f"whpk_{public().base64}")
    for content, state in ((written(), "proven"), (written()[:-2], "refused")):
        browser.execute_script("pasted.value = arguments[0]", content.decode())
        reader.press("button.check")
        until(lambda state=state: reader.there(f".verdict[data-state={state}]"))


def vote_by_form(live: Service, slug: str, booth: Reader) -> None:
    """Vote; where the browser refuses the cookie, nothing counts until the reader confirms."""
    before = live.ballots(slug)
    booth.press(".card .vote.agree")
    if not booth.engine.cookies:
        booth.screen("notice")
        booth.sees(".notice", "Encore un geste")
        assert live.ballots(slug) == before
        booth.press(".notice .next")
    booth.screen("result")
    assert (RMC, AGREE) in live.ballots(slug)
