"""Back and forth among the cards that were met, and what is always within reach."""

from playwright.sync_api import Route, expect

from server.consultations.ballots import Ballot, Vote
from tests.browser.reading import Booth, Reader, booth_in
from tests.browser.service import TEXTS, Service, until

RMC = 2
BACK, FORTH = ".go[value='-1']", ".go[value='1']"


def vote_twice(live: Service, reader: Reader) -> tuple[str, Booth]:
    slug = live.open()
    booth = reader.booth(live.page(f"/script/{slug}"))
    expect(booth.find(BACK)).to_be_disabled()
    for choice in ("agree", "disagree"):
        booth.vote(choice)
        booth.counted()
        booth.next()
        booth.screen("card")
    return slug, booth


def test_a_reader_goes_back_to_a_card_and_finds_their_vote_on_it(
    live: Service, reader: Reader
) -> None:
    _, booth = vote_twice(live, reader)
    third = booth.proposal()
    expect(booth.find(".progress")).to_have_text("Proposition 3 sur 3")
    booth.find(BACK).click()
    expect(booth.find(".own-vote")).to_have_text(
        "Votre vote\u202f: pas d’accord", use_inner_text=True
    )
    expect(booth.find(".progress")).to_have_text("Proposition 2 sur 3")
    booth.counted()
    booth.find(BACK).click()
    expect(booth.find(".own-vote")).to_have_text("Votre vote\u202f: d’accord", use_inner_text=True)
    expect(booth.find(BACK)).to_be_disabled()
    booth.next()
    expect(booth.find(".progress")).to_have_text("Proposition 2 sur 3")
    booth.find(FORTH).click()
    booth.screen("card")
    assert booth.proposal() == third


def test_a_vote_changed_on_an_earlier_card_is_counted_instead_of_the_first(
    live: Service, reader: Reader
) -> None:
    slug, booth = vote_twice(live, reader)
    booth.find(BACK).click()
    booth.change("neutral")
    wanted = {(RMC, Ballot(Vote.AGREE)), (RMC, Ballot(Vote.NEUTRAL))}
    until(lambda: set(live.ballots(slug)) == wanted)
    booth.find(BACK).click()
    booth.find("[value=withdraw]").click()
    until(lambda: live.ballots(slug) == [(RMC, Ballot(Vote.NEUTRAL))])
    booth.screen("card")


def test_the_menu_lists_the_reader_s_votes_and_leads_back_to_each(
    live: Service, reader: Reader
) -> None:
    slug, booth = vote_twice(live, reader)
    booth.menu()
    expect(booth.find(".own > p")).to_have_text("Vous avez voté sur 2 propositions sur 3.")
    booth.find(".revisit.disagree").click()
    booth.screen("result")
    booth.counted()
    assert "pas d’accord" in booth.find(".own-vote").first.inner_text()
    assert len(live.ballots(slug)) == 2


def test_the_menu_leaves_the_booth_s_height_as_it_is_and_escape_leaves_it(
    live: Service, reader: Reader
) -> None:
    _, booth = vote_twice(live, reader)
    before = booth.height()
    booth.menu()
    assert booth.height() == before
    booth.frame.page.keyboard.press("Escape")
    booth.screen("card")
    expect(booth.find(".menu")).to_be_focused()


def test_a_reader_has_their_votes_forgotten(live: Service, reader: Reader) -> None:
    slug, booth = vote_twice(live, reader)
    booth.menu()
    booth.find(".sheet summary").click()
    booth.find("button.forget").click()
    expect(booth.find(".forgotten")).to_contain_text("2 votes retirés")
    assert live.ballots(slug) == []
    assert booth.frame.evaluate("localStorage.length") == 0
    booth.find(".sheet .next").click()
    booth.screen("card")
    expect(booth.find(".progress")).to_have_text("Proposition 1 sur 3")


def test_a_vote_that_waits_is_forgotten_with_the_others(live: Service, reader: Reader) -> None:
    slug, booth = vote_twice(live, reader)
    page = booth.frame.page
    page.route("**/ballot", lambda route: route.abort())
    expect(booth.find(".vote.agree")).to_be_enabled()
    booth.vote("agree")
    booth.find(".status").get_by_text("vote gardé").wait_for()
    booth.menu()
    booth.find(".sheet summary").click()
    booth.find("button.forget").click()
    booth.find(".forgotten").wait_for()
    page.unroute("**/ballot")
    booth.find(".sheet .next").click()
    booth.screen("card")
    page.wait_for_load_state("networkidle")
    assert live.ballots(slug) == []
    assert booth.frame.evaluate("localStorage.length") == 0
    reader.expect_complaint("ERR_FAILED")


def test_a_vote_on_its_way_brings_nothing_back(live: Service, reader: Reader) -> None:
    """Its answer names the credential to keep, and may come after all was forgotten."""
    slug, booth = vote_twice(live, reader)
    page = booth.frame.page
    held: list[Route] = []
    page.route("**/ballot", lambda route: held.append(route))
    expect(booth.find(".vote.agree")).to_be_enabled()
    booth.vote("agree")
    booth.menu()
    answer = held[0].fetch()
    booth.find(".sheet summary").click()
    booth.find("button.forget").click()
    booth.find(".forgotten").wait_for()
    with page.expect_response("**/ballot"):
        held[0].fulfill(response=answer)
    page.wait_for_load_state("networkidle")
    booth.frame.wait_for_function("() => localStorage.length === 0")
    assert live.ballots(slug) == []


def test_without_script_the_menu_is_a_page_and_forgets_as_well(
    live: Service, scriptless: Reader
) -> None:
    slug = live.open()
    booth = scriptless.booth(live.page(f"/iframe/{slug}"))
    booth.vote("agree")
    booth.screen("result")
    booth.find("a.menu").click()
    booth.screen("menu")
    assert booth.find(".revisit").count() == 1
    booth.find(".sheet summary").click()
    booth.find("button.forget").click()
    expect(booth.find(".forgotten")).to_contain_text("1 vote retiré")
    assert live.ballots(slug) == []
    booth.find(".sheet .next").click()
    booth.screen("card")


def test_a_vote_that_could_not_leave_is_sent_by_the_next_page(
    live: Service, reader: Reader
) -> None:
    slug = live.open()
    page = reader.open(live.page(f"/script/{slug}"))
    page.route("**/ballot", lambda route: route.abort())
    booth = booth_in(page)
    booth.vote("agree")
    booth.find(".status").get_by_text("vote gardé").wait_for()
    page.unroute("**/ballot")
    page.reload()
    again = booth_in(page)
    until(lambda: live.ballots(slug) == [(RMC, Ballot(Vote.AGREE))])
    expect(again.find(".progress")).to_have_text("Proposition 2 sur 3")
    assert again.frame.evaluate("Object.keys(localStorage).length") == 1
    reader.expect_complaint("ERR_FAILED")


def test_links_are_copied_where_the_frame_may_not_use_the_clipboard(
    live: Service, reader: Reader
) -> None:
    slug, booth = vote_twice(live, reader)
    number = booth.frame.evaluate("JSON.parse(document.querySelector('#isoloir-page').textContent)")
    booth.menu()
    for row, ending in ((0, f"/c/{slug}?source=rmc"), (1, "&proposal=")):
        booth.find(".copy").nth(row).click()
        expect(booth.find(".status")).to_have_text("Lien copié.")
        copied = pasted(booth)
        assert ending in copied
    assert int(copied.rpartition("=")[2]) not in [card["id"] for card in number["cards"][:1]]


def pasted(booth: Booth) -> str:
    """Return what a paste into the article brings."""
    page = booth.frame.page
    page.evaluate("document.body.append(document.createElement('textarea'))")
    page.locator("textarea").last.focus()
    page.keyboard.press("Control+V")
    text: str = page.locator("textarea").last.input_value()
    return text


def test_an_address_shows_the_proposal_that_it_names_first(live: Service, reader: Reader) -> None:
    slug = live.open()
    for number in (2, 3):
        page = reader.open(f"{live.url}/c/{slug}?source=rmc&proposal={number}")
        booth = Booth(page.main_frame)
        assert booth.proposal() == TEXTS[number - 1]


def test_a_returning_reader_too_meets_the_proposal_of_an_address(
    live: Service, reader: Reader
) -> None:
    slug = live.open()
    address = f"{live.url}/c/{slug}?source=rmc&proposal="
    booth = Booth(reader.open(address + "1").main_frame)
    booth.vote("agree")
    booth.counted()
    for number in (2, 3):
        booth = Booth(reader.open(f"{address}{number}").main_frame)
        expect(booth.find(".booth")).not_to_have_attribute("inert", "")
        assert booth.proposal() == TEXTS[number - 1]
    # No card that they have voted on is met as new.
    booth = Booth(reader.open(address + "1").main_frame)
    expect(booth.find(".booth")).not_to_have_attribute("inert", "")
    assert booth.proposal() in TEXTS[1:3]


def test_after_the_close_readers_meet_their_own_story(live: Service, reader: Reader) -> None:
    slug = live.open(afterwards="Un atelier réunira les partenaires en mars.")
    page = reader.open(live.page(f"/script/{slug}"))
    booth = booth_in(page)
    for choice in ("agree", "agree", "disagree"):
        booth.screen("card")
        booth.vote(choice)
        booth.counted()
        booth.next()
    booth.screen("final")
    live.wait_for(live.store.consultations.by_slug(slug), 3)
    live.close(slug)
    page.reload()
    closed = booth_in(page)
    expect(closed.find(".story")).to_contain_text("Vous souteniez 2 des 2 propositions")
    assert closed.find(".best .own-vote").all_inner_texts().count("Votre vote\u202f: d’accord") == 2
    # What is theirs comes first, and what comes next last.
    told = closed.find(".notice").inner_text()
    order = ["Vous souteniez 2", "Les propositions les plus soutenues", "Un atelier réunira"]
    assert sorted(order, key=told.index) == order


def test_a_double_tap_on_next_is_no_vote(live: Service, reader: Reader) -> None:
    booth = reader.booth(live.page(f"/script/{live.open()}"))
    booth.vote("agree")
    booth.counted()
    booth.find(".result .next").dblclick()
    booth.screen("card")
    expect(booth.find(".vote.disagree")).to_be_enabled()
    booth.screen("card")


def test_off_line_the_menu_waits_and_the_booth_stays(live: Service, reader: Reader) -> None:
    _, booth = vote_twice(live, reader)
    reader.context.set_offline(True)
    booth.find("a.menu").click()
    expect(booth.find(".status")).to_contain_text("Pas de réponse pour l’instant")
    reader.context.set_offline(False)
    booth.menu()
    expect(booth.find("a.menu")).to_have_attribute("aria-expanded", "true")
    reader.expect_complaint("ERR_INTERNET_DISCONNECTED")


def test_what_was_forgotten_is_not_shown_again(live: Service, reader: Reader) -> None:
    _, booth = vote_twice(live, reader)
    booth.menu()
    booth.find(".sheet summary").click()
    booth.find("button.forget").click()
    booth.find(".forgotten").wait_for()
    booth.find("a.menu").click()
    expect(booth.find(".progress")).to_have_text("Proposition 1 sur 3")
    expect(booth.find(BACK)).to_be_disabled()


def test_a_reader_has_their_votes_forgotten_twice(live: Service, reader: Reader) -> None:
    """The page that begins anew has the address of the next one that does."""
    slug, booth = vote_twice(live, reader)
    for _ in range(2):
        booth.menu()
        booth.find(".sheet summary").click()
        booth.find("button.forget").click()
        booth.find(".forgotten").wait_for()
        booth.find(".sheet .next").click()
        booth.screen("card")
        expect(booth.find(".progress")).to_have_text("Proposition 1 sur 3")
        booth.vote("agree")
        booth.counted()
    assert live.ballots(slug) == [(RMC, Ballot(Vote.AGREE))]


def test_the_last_card_is_left_backwards_and_come_back_to(live: Service, reader: Reader) -> None:
    slug, booth = vote_twice(live, reader)
    last = booth.proposal()
    booth.vote("neutral")
    booth.counted()
    booth.next()
    booth.screen("final")
    expect(booth.find(".progress")).to_have_text("Proposition 3 sur 3")
    booth.menu()
    booth.find(".sheet .next").click()
    booth.screen("final")
    booth.find(BACK).click()
    booth.screen("result")
    assert booth.find(".recall .proposal").text_content() == last
    again = reader.booth(live.page(f"/script/{slug}"))
    again.screen("final")
    expect(again.find(".progress")).to_have_text("Proposition 3 sur 3")
