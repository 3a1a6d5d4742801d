"""A press is answered by the next frame that is painted, whatever the network does."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page, Route, expect

from server.consultations.ballots import Vote
from server.consultations.deck_rules import DeckRules
from server.consultations.decks import SHARED
from tests.browser.reading import VOTES, Booth, Reader, booth_in
from tests.browser.service import Service, until

TEXTS = tuple(f"Il faut essayer la mesure numéro {n} avant l’été." for n in range(1, 21))
DECK = DeckRules().size
INVITED = 4  # votes until a reader is asked for an idea
UNNOTICED = 300  # ms
SLOW = 3_000  # ms without any answer
# What the frame painted first after each click shows. Its callback runs just before that paint.
WATCH = """() => {
  window.painted = [];
  window.said = [];
  const booth = document.querySelector(".booth");
  const status = booth.querySelector(".status");
  const shown = (selector) => [...booth.querySelectorAll(selector)]
    .filter((it) => it.checkVisibility({ visibilityProperty: true }));
  const look = () => painted.push({
    screen: booth.dataset.screen,
    proposal: shown(".proposal").map((it) => it.textContent).join(),
    own: shown(".own-vote span").map((it) => it.textContent).join(),
    pressed: shown(".row[aria-pressed=true]").map((it) => it.value).join(),
    nuances: shown(".chip :checked").map((it) => it.value).join(),
    shares: shown(".share").map((it) => it.textContent).join(""),
  });
  addEventListener("click", () => {
    window.clicked = performance.now();
    requestAnimationFrame(look);
  }, true);
  new MutationObserver(() => {
    if (!status.textContent || status.hasAttribute("data-quiet")) return;
    window.saidAt = performance.now();
    said.push(status.textContent);
  }).observe(status, { childList: true });
}"""


@contextmanager
def held_back(page: Page, *parts: str) -> Iterator[None]:
    """Let no answer to these requests come until the end."""
    waiting: list[Route] = []
    held = True

    def hold(route: Route) -> None:
        if held:
            waiting.append(route)
        else:
            route.continue_()

    for part in parts:
        page.route(part, hold)
    yield
    held = False
    for route in waiting:
        route.continue_()
    for part in parts:
        page.unroute(part)


def watched(live: Service, reader: Reader, slug: str) -> tuple[Page, Booth]:
    """Open an article whose reader has touched the booth: what follows the vote is there."""
    page = reader.open(live.page(f"/script/{slug}"))
    booth = booth_in(page)
    booth.find(".card .proposal").click()
    booth.frame.wait_for_function("() => document.querySelector('script[src*=\"/more.\"]')")
    page.wait_for_load_state("networkidle")
    booth.frame.evaluate(WATCH)
    return page, booth


def painted(booth: Booth, number: int) -> dict[str, Any]:
    """Return what the frame painted after the click of this number shows."""
    booth.frame.wait_for_function("number => painted.length >= number", arg=number)
    frames: list[dict[str, Any]] = booth.frame.evaluate("painted")
    assert len(frames) == number, "one click, one look"
    return frames[-1]


def go_on(booth: Booth) -> None:
    """Press "next" as soon as it can be: not with the second tap of a double tap."""
    expect(booth.find(".result .next")).to_be_enabled()
    booth.next()


def test_a_vote_shows_in_the_next_frame_and_nothing_says_wait(
    live: Service, reader: Reader
) -> None:
    slug = live.open(TEXTS)
    page, booth = watched(live, reader, slug)
    voted_on = booth.proposal()
    with held_back(page, "**/api/**"):
        booth.vote("agree")
        seen = painted(booth, 1)
        booth.frame.wait_for_function("ms => performance.now() - clicked > ms", arg=SLOW)
        assert booth.frame.evaluate("[painted.length, said]") == [1, []]
    assert seen == {
        "screen": "result",
        "proposal": voted_on,
        "own": "Votre vote\u202f: d’accord",
        "pressed": "agree",
        "nuances": "",
        "shares": "",
    }
    booth.counted()
    assert booth.shares() == ["1 vote", "0 vote", "0 vote"]


def test_another_vote_a_nuance_and_a_withdrawal_show_in_the_next_frame(
    live: Service, reader: Reader
) -> None:
    slug = live.open(TEXTS)
    page, booth = watched(live, reader, slug)
    with held_back(page, "**/api/**"):
        booth.vote("agree")
        booth.change("neutral")
        seen = painted(booth, 2)
        assert (seen["own"], seen["pressed"]) == ("Votre vote\u202f: neutre", "neutral")
        booth.find(".chips.neutral [value=noOpinion]").check(force=True)
        assert painted(booth, 3)["nuances"] == "noOpinion"
        booth.find("[value=withdraw]").click()
        assert painted(booth, 4)["screen"] == "card"
        expect(booth.find(".vote.agree")).to_be_enabled()
        booth.vote("agree")
        assert painted(booth, 5)["screen"] == "result"
        expect(booth.find(".note")).to_be_empty()
        booth.find("[value=withdraw]").click()
        assert painted(booth, 6)["screen"] == "card"
    until(lambda: live.voters(slug) == 1 and live.ballots(slug) == [])


def test_a_refusal_that_comes_late_corrects_what_was_shown(live: Service, reader: Reader) -> None:
    slug = live.open(TEXTS)
    page, booth = watched(live, reader, slug)
    with held_back(page, "**/ballot"):
        booth.vote("agree")
        assert painted(booth, 1)["screen"] == "result"
        live.close(slug)
    booth.find(".notice").get_by_text("Le vote est clos").wait_for()
    assert live.ballots(slug) == []
    reader.expect_complaint("409")


def test_next_shows_the_next_card_at_once_through_the_shared_deck(
    live: Service, reader: Reader
) -> None:
    """Not a single answer of the service is needed for the cards that came with the page."""
    slug = live.open(TEXTS)
    page, booth = watched(live, reader, slug)
    with held_back(page, "**/api/**"):
        met = vote_through(booth, SHARED)
    assert len(set(met)) == SHARED
    until(lambda: len(live.ballots(slug)) == SHARED)


def test_next_shows_the_next_card_at_once_through_a_whole_personal_deck(
    live: Service, reader: Reader
) -> None:
    """The first vote brings it; from then on the reader may be off line altogether."""
    slug = live.open(TEXTS)
    page, booth = watched(live, reader, slug)
    booth.vote("agree")
    booth.counted()
    go_on(booth)
    painted(booth, 2)
    with held_back(page, "**/*"):
        met = vote_through(booth, DECK, clicks=2)
    assert len(set(met)) == DECK
    until(lambda: len(live.ballots(slug)) == DECK + 1)
    assert {ballot.vote for _, ballot in live.ballots(slug)} == set(Vote)


def test_an_invitation_that_is_late_does_not_hold_up_the_next_card(
    live: Service, reader: Reader
) -> None:
    slug = live.open(TEXTS, proposing=True)
    page, booth = watched(live, reader, slug)
    with held_back(page, "**/propose?*"):
        vote_through(booth, INVITED + 2)
    page.wait_for_load_state("networkidle")
    go_on(booth)
    expect(booth.find(".invite")).to_be_visible()


def test_a_deck_that_is_late_is_not_spoken_of_before_it_is_noticed(
    live: Service, reader: Reader
) -> None:
    slug = live.open(TEXTS)
    page, booth = watched(live, reader, slug)
    with held_back(page, "**/api/**"):
        vote_through(booth, SHARED)
        go_on(booth)
        booth.find(".status").get_by_text("La suite arrive").wait_for()
        said = booth.frame.evaluate("saidAt - clicked")
        assert said > UNNOTICED
    booth.screen("card")
    expect(booth.find(".status")).to_be_empty()


def vote_through(booth: Booth, cards: int, clicks: int = 0) -> list[str]:
    """Vote on so many cards; return their texts. Every press must show in the next frame."""
    met = [booth.proposal()]
    for number in range(cards):
        booth.vote(VOTES[number % 3])
        clicks += 1
        assert painted(booth, clicks)["screen"] == "result"
        if number == cards - 1:
            break
        go_on(booth)
        clicks += 1
        seen = painted(booth, clicks)
        assert seen["screen"] == "card"
        met.append(seen["proposal"])
    # That votes are kept may be said, when they have waited long; to wait, never.
    assert "La suite arrive…" not in booth.frame.evaluate("said")
    return met
