"""Years later: the booth in an old article goes on telling what became of its readers' votes."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import urllib3
from playwright.sync_api import Page, expect

from server.consultations.actions import Action, ActionState, News, Target
from server.consultations.answers import Answer, Former
from server.consultations.endorsements import Endorsement
from server.consultations.kinds import Kind
from server.consultations.phases import Phase, Reached
from server.consultations.selection import Selected
from server.consultations.workshops import Workshop
from tests.browser import layout
from tests.browser.reading import Booth, Reader, booth_in
from tests.browser.service import TEXTS, Service, until
from tests.browser.test_axe import faults

TODAY = datetime.now(UTC).date()
ALL = re.compile("Tout voir")
# The height that the host is told, with and without what is the reader's own.
AS_STRANGERS = """() => {
  const booth = document.querySelector(".booth");
  const own = [...document.querySelectorAll(".story, .own-vote")];
  const measured = () => {
    document.documentElement.dataset.measuring = "";
    const { height } = booth.getBoundingClientRect();
    delete document.documentElement.dataset.measuring;
    return height;
  };
  const before = measured();
  const kept = own.map((it) => [...it.childNodes]);
  own.forEach((it) => it.replaceChildren());
  const after = measured();
  own.forEach((it, at) => it.replaceChildren(...kept[at]));
  return before === after;
}"""


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


MENTORS = Action(
    1, "Mille mentors dans les lycées", "RMC", "Former mille mentors.", ago(200),
    Target(Decimal(1000), "personnes accompagnées", TODAY + timedelta(days=200)),
    ActionState.UNDER_WAY, (1,), (News(ago(30), "Déjà trois cents.", Decimal(312)),),
)  # fmt: skip
ASLEEP = Action(2, "Un jour sans écran", "Les Amis", "Un jour par mois.", ago(300), proposals=(2,))


def voted_and_closed(
    live: Service, reader: Reader, others: Sequence[int] = (0, 0, 0), **fields: Any
) -> tuple[str, Page]:
    """Have a reader agree to the first card of an article, and end the vote; return the article.

    So many `others` agree to it, disagree and stay neutral before.
    """
    slug = live.open(TEXTS, **fields)
    live.fill(slug, others)
    page = reader.open(live.page(f"/script/{slug}"))
    booth = booth_in(page)
    for _ in TEXTS:
        booth.screen("card")
        booth.vote("agree" if booth.proposal() == TEXTS[0] else "disagree")
        booth.counted()
        booth.next()
    live.wait_for(live.store.consultations.by_slug(slug), 3 + sum(others))
    live.close(slug)
    return slug, page


def record(live: Service, slug: str, told: str, **fields: Any) -> None:
    """Let staff write down what followed; return when articles tell it."""
    found = live.store.consultations.by_slug(slug)
    live.store.consultations.replace(replace(found, **fields))
    with urllib3.PoolManager() as http:
        until(
            lambda: told in http.request("GET", f"{live.inside}/e/{slug}?source=rmc").data.decode()
        )


def reread(page: Page) -> Booth:
    page.reload()
    booth = booth_in(page)
    expect(booth.find(".booth")).not_to_have_attribute("inert", "")
    return booth


def demand_whole(page: Page, booth: Booth | None = None) -> None:
    """Nothing is cut, hidden or unreadable, on a small phone and a tablet, by day and by night."""
    shown = booth.frame if booth else page
    for width, theme in ((320, "dark"), (640, "light")):
        page.set_viewport_size({"width": width, "height": 2400})
        page.emulate_media(color_scheme=theme)
        found = faults(shown, whole=not booth) + layout.faults(shown)
        assert found == [], (page.url, width, theme)


def test_an_old_article_tells_what_the_votes_became_from_selection_to_action(
    live: Service, reader: Reader
) -> None:
    slug, page = voted_and_closed(live, reader)
    expect(reread(page).find(".notice .headline")).to_have_text("Le vote est clos")

    chosen = (Selected(1, TODAY, "Une entreprise est prête."), Selected(2, TODAY))
    reached = (Reached(Phase.SELECTION, datetime.now(UTC)),)
    record(live, slug, "propositions retenues", selected=chosen, reached=reached)
    booth = reread(page)
    expect(booth.find(".notice .headline")).to_have_text("Ce que vos votes sont devenus")
    expect(booth.find(".stages [aria-current]")).to_contain_text("Sélection depuis le")
    expect(booth.find(".story")).to_contain_text("Vous souteniez 1 proposition retenue sur 2.")
    expect(booth.find(".best li").first).to_contain_text("Votre vote\u202f: d’accord")

    meeting = Workshop(1, "Atelier de Lyon", TODAY, ("RMC",), (1,), "Une piste.")
    backers = (Endorsement("Les Amis", TODAY), Endorsement("Ville de Lyon", TODAY, 1))
    record(
        live,
        slug,
        "Mille mentors",
        workshops=(meeting,),
        actions=(MENTORS, ASLEEP),
        endorsements=backers,
    )
    booth = reread(page)
    busy, asleep = booth.find(".pledges > li").all()
    expect(busy).to_contain_text("312 sur 1\u202f000 personnes accompagnées, à atteindre avant le")
    expect(busy.locator(".bar rect")).to_have_attribute("width", "31%")
    expect(asleep).to_contain_text("Aucune nouvelle depuis six mois. L’engagement date du")
    expect(booth.find(".story")).to_contain_text("1 action sur 2 vient de propositions que vous")
    expect(booth.find(".backers")).to_contain_text("1 organisation soutient cette consultation.")
    assert booth.frame.evaluate(AS_STRANGERS), "the height tells the host nothing of the reader"
    grown = booth.frame.evaluate("document.querySelector('.booth').scrollHeight")
    until(lambda: booth.height() >= grown)
    demand_whole(page, booth)

    with page.context.expect_page() as opened:
        booth.find(".page-link").filter(has_text=ALL).click()
    whole = opened.value
    told = whole.locator(".notice")
    expect(told).to_contain_text("Former mille mentors.")
    expect(told).to_contain_text("Une piste.")
    expect(told).to_contain_text("Ville de Lyon")
    expect(whole.locator(".around .names")).to_have_text("Les Amis")
    demand_whole(whole)
    whole.goto(f"{live.url}/c/{slug}?lang=ar")
    expect(whole.locator(".notice .headline")).to_have_text("ما آلت إليه أصواتكم")
    demand_whole(whole)


def test_an_old_article_tells_when_a_question_was_put_and_what_was_answered(
    live: Service, reader: Reader
) -> None:
    slug, page = voted_and_closed(live, reader, kind=Kind.CITIZENS_QUESTION)
    record(live, slug, "Sans réponse depuis 12 jours.", selected=(Selected(1, ago(12)),))
    booth = reread(page)
    expect(booth.find(".story")).to_contain_text("Vous souteniez 1 question posée sur 1.")
    answer = Answer(
        1, "Anne Roy", TODAY, "Oui, dès juillet.", "https://www.exemple.fr/r", "députée du Rhône",
        (Former("Oui, dès mai.", TODAY),),
    )  # fmt: skip
    record(live, slug, "Oui, dès juillet.", answers=(answer,))
    booth = reread(page)
    reply = booth.find(".best .reply")
    expect(reply).to_contain_text("Réponse\u202f: Anne Roy, députée du Rhône")
    assert "Sans réponse" not in booth.find(".notice").inner_text()
    expect(reply.get_by_text("Oui, dès mai.")).to_be_hidden()
    booth.find(".best summary").press("Enter")
    expect(reply.get_by_text("Oui, dès mai.")).to_be_visible()
    demand_whole(page, booth)


@pytest.mark.parametrize("path", ["/e/{}?source=rmc", "/c/{}"])
def test_without_script_all_of_it_is_there_to_read(
    path: str, live: Service, scriptless: Reader
) -> None:
    slug = live.open(TEXTS, closes=datetime.now(UTC), actions=(MENTORS,))
    page = scriptless.open(live.url + path.format(slug))
    expect(page.locator(".pledges")).to_contain_text("312 sur 1\u202f000 personnes accompagnées")
