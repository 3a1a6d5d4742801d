"""Staff record what came of a citizens' question, on a phone, without script."""

from datetime import UTC, datetime

from playwright.sync_api import Browser, Page, expect

from server.consultations.ballots import Ballot, Trust, Vote
from server.consultations.kinds import Kind
from server.store.ballots import Wish
from tests.browser.reading import Reader
from tests.browser.service import Service
from tests.browser.test_axe import faults
from tests.browser.test_running import signed_in
from tests.browser.test_staff_console import OVERFLOW, SMALL

OPENED = "for (const it of document.querySelectorAll('main details')) it.open = true"
ASKED = ("Pourquoi pas de cantines gratuites ?", "Quand aura-t-on des maternités partout ?")


def closed(live: Service) -> str:
    """Return a citizens' question that is over, in which the second one leads."""
    slug = live.open(ASKED, kind=Kind.CITIZENS_QUESTION, prefix=None)
    found = live.store.consultations.by_slug(slug)
    for number in range(12):
        for proposal, agree in ((1, number < 6), (2, True)):
            ballot = Ballot(Vote.AGREE if agree else Vote.DISAGREE)
            wish = Wish(proposal, ballot, Trust.SEQUENCE, 2, braked=False)
            live.store.ballots.cast(found, 0, f"v{number}", wish)
    live.wait_for(found, 24)
    live.close(slug)
    return slug


def looked_at(page: Page) -> None:
    """Nothing overflows, nothing is too small to press, and axe finds nothing."""
    assert not page.evaluate(OVERFLOW)
    assert page.evaluate(SMALL) == []
    assert faults(page, whole=True) == []


def follow(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Ce qu’elle devient").get_by_role("link", name=name).click()


def record_all(page: Page, live: Service, slug: str) -> None:
    page.goto(f"{live.url}/staff/consultations/{slug}")
    page.get_by_role("link", name="Sélection 0").click()
    row = page.locator(".pick").first
    expect(row).to_contain_text(ASKED[1])
    row.get_by_role("checkbox").check()
    row.get_by_label("Pourquoi").fill("La plus soutenue, et de loin.")
    page.get_by_role("button", name="Sélectionner").click()
    expect(page.locator(".entries").first).to_contain_text("La plus soutenue")
    follow(page, "Ateliers")
    page.get_by_label("Intitulé").fill("Atelier de Lyon")
    page.get_by_label("Jour").fill("2027-03-02")
    page.get_by_label("Partenaires présents").fill("RMC\nVille de Lyon")
    page.get_by_role("button", name="Noter l’atelier").click()
    expect(page.get_by_role("heading", name="Atelier de Lyon")).to_be_visible()
    follow(page, "Soutiens")
    page.get_by_role("textbox", name="Organisation").fill("Une ONG")
    page.get_by_label("Numéro de la proposition").fill("n° 2")
    page.get_by_role("button", name="Noter le soutien").click()
    expect(page.get_by_role("heading", name="1 soutien")).to_be_visible()
    follow(page, "Réponses")
    for text in ("Oui : en juin.", "Oui : en juillet."):
        page.locator("main a", has_text="Noter une réponse").or_(
            page.locator("main a", has_text="Corriger")
        ).first.click()
        page.get_by_label("Qui a répondu").fill("Zoé Durand")
        page.get_by_label("Fonction").fill("ministre de la Santé")
        page.get_by_label("Le jour de la réponse").fill("2027-04-02")
        page.get_by_label("La réponse, 1000").fill(text)
        page.get_by_role("button", name="Publier la réponse").click()
        expect(page.locator("blockquote")).to_have_text(text.replace(" :", "\u202f:"))


def test_staff_record_what_came_of_a_question(browser: Browser, live: Service) -> None:
    slug = closed(live)
    context = browser.new_context(
        locale="fr-FR", viewport={"width": 390, "height": 844}, java_script_enabled=False
    )
    page = signed_in(Reader(context), live, "Awa")
    record_all(page, live, slug)
    asked = live.store.consultations.by_slug(slug)
    assert [one.proposal for one in asked.selected] == [2]
    assert asked.workshops[0].proposals == (2,), "what is selected is there already"
    assert asked.endorsements[0].proposal == 2
    assert [one.text for one in asked.answers[0].former] == ["Oui\u202f: en juin."]
    assert asked.answers[0].former[0].until <= datetime.now(UTC).date()
    looking = browser.new_context(locale="fr-FR", storage_state=context.storage_state())
    context.close()
    page = looking.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    for part in ("", "/selection", "/workshops", "/endorsements", "/answers?question=2"):
        page.goto(f"{live.url}/staff/consultations/{slug}{part}")
        page.evaluate(OPENED)
        looked_at(page)
    looking.close()
