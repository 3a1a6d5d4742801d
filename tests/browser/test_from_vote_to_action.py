"""The whole way in the product itself: a vote in an article, and what the article tells years later."""

from playwright.sync_api import Browser, Page, expect

from server.consultations.kinds import Kind
from tests.browser.reading import Reader, booth_in
from tests.browser.service import TEXTS, Service, until
from tests.browser.test_axe import faults
from tests.browser.test_followup import reread, voted_and_closed
from tests.browser.test_running import signed_in
from tests.browser.test_staff_followup import follow

PROMISE = {
    "title": "Mille mentors dans les lycées",
    "partner": "Réseau Mentor",
    "promise": "Former mille mentors.",
    "on": "2026-01-05",
    "target.amount": "1 000",
    "target.unit": "personnes accompagnées",
    "target.by": "2099-01-01",
}


def select(page: Page, why: str) -> None:
    row = page.locator(".pick").filter(has_text=TEXTS[0])
    row.get_by_role("checkbox").check()
    row.get_by_label("Pourquoi").fill(why)
    page.get_by_role("button", name="Sélectionner").click()
    expect(page.locator(".entries").first).to_contain_text(why)


def take_further(page: Page, live: Service, slug: str) -> None:
    """Select what leads, say in which workshop it was worked on, and who has committed to what."""
    at = f"{live.url}/staff/consultations/{slug}"
    page.goto(f"{at}/selection")
    select(page, "Une entreprise est prête.")
    follow(page, "Ateliers")
    page.get_by_label("Intitulé").fill("Atelier de Lyon")
    page.get_by_label("Jour").fill("2026-01-03")
    page.get_by_role("button", name="Noter l’atelier").click()
    expect(page.get_by_role("heading", name="Atelier de Lyon")).to_be_visible()
    page.goto(f"{at}/actions")
    for name, value in PROMISE.items():
        page.locator(f"[name='{name}']").fill(value)
    page.locator(".adding .main").click()
    expect(page.locator("h1")).to_contain_text("Mille mentors")


def report(staff: Page, partner: Page) -> None:
    """Have the partner draft news by their link, and staff publish it."""
    staff.locator("form[action$='/link'] button").click()
    partner.goto(staff.locator("[data-secret]").get_attribute("value") or "")
    partner.locator("[name=text]").fill("Trois cent douze lycéens ont un mentor.")
    partner.locator("[name=amount]").fill("312")
    partner.locator(".send").click()
    expect(partner.locator("[role=status]")).to_contain_text("votre brouillon est envoyé")
    staff.reload()
    staff.locator(".draft .main").click()
    expect(staff.locator(".draft")).to_have_count(0)


def test_what_was_voted_for_becomes_an_action_that_old_articles_tell_of(
    live: Service, reader: Reader, browser: Browser
) -> None:
    slug, article = voted_and_closed(live, reader, others=(21, 3, 2))
    results = reader.open(f"{live.url}/c/{slug}/results")
    until(lambda: "82\u202f% D’accord" in _reloaded(results))
    team = browser.new_context(locale="fr-FR")
    staff, partner = signed_in(Reader(team), live, "Zoé"), browser.new_page(locale="fr-FR")
    take_further(staff, live, slug)
    report(staff, partner)
    staff.goto(f"{live.url}/staff/consultations/{slug}/dossier")
    staff.get_by_label("Je l’ai relu").check()
    until(lambda: _published(staff))
    dossier = reader.open(f"{live.url}/c/{slug}/dossier")
    for told in ("Une entreprise est prête.", "Atelier de Lyon", "312 sur 1\u202f000"):
        expect(dossier.locator("main")).to_contain_text(told)
    assert faults(dossier, whole=True) == []
    booth = reread(article)
    busy = booth.find(".pledges > li")
    expect(busy).to_contain_text("312 sur 1\u202f000 personnes accompagnées, à atteindre avant le")
    expect(busy).to_contain_text("Trois cent douze lycéens ont un mentor.")
    expect(booth.find(".best li").first).to_contain_text("Votre vote\u202f: d’accord")
    page = reader.open(f"{live.url}/c/{slug}")
    for told in ("Former mille mentors.", "Atelier de Lyon", "Une entreprise est prête."):
        expect(page.locator(".notice")).to_contain_text(told)
    team.close()
    partner.close()


def test_what_was_voted_for_is_put_to_a_member_of_parliament_and_answered(
    live: Service, reader: Reader, browser: Browser
) -> None:
    slug, article = voted_and_closed(live, reader, kind=Kind.CITIZENS_QUESTION)
    team = browser.new_context(locale="fr-FR")
    staff = signed_in(Reader(team), live, "Inès")
    at = f"{live.url}/staff/consultations/{slug}"
    staff.goto(f"{at}/selection")
    select(staff, "La question la plus soutenue.")
    until(lambda: "Posée le" in reread(article).find(".notice").inner_text())
    expect(booth_in(article).find(".best li").first).to_contain_text("En attente de réponse.")
    follow(staff, "Réponses")
    staff.locator("main a", has_text="Noter une réponse").first.click()
    staff.get_by_label("Qui a répondu").fill("Anne Roy")
    staff.get_by_label("Fonction").fill("députée du Rhône")
    staff.get_by_label("Le jour de la réponse").fill("2026-04-02")
    staff.get_by_label("La réponse, 1000").fill("Oui, dès juillet.")
    staff.get_by_role("button", name="Publier la réponse").click()
    expect(staff.locator("blockquote")).to_have_text("Oui, dès juillet.")
    until(lambda: "Oui, dès juillet." in reread(article).find(".notice").inner_text())
    reply = booth_in(article).find(".best .reply")
    expect(reply).to_contain_text("Réponse\u202f: Anne Roy, députée du Rhône")
    page = reader.open(f"{live.url}/c/{slug}")
    expect(page.locator(".notice")).to_contain_text("Oui, dès juillet.")
    team.close()


def _reloaded(results: Page) -> str:
    """Return the first proposal of the results; the teller may not have sorted them yet."""
    results.reload()
    return " ".join(results.locator(".rows > li").all_inner_texts()[:1])


def _published(staff: Page) -> bool:
    """Publish, once the figures that it is made of are those of the end."""
    if not staff.get_by_label("Je l’ai relu").is_checked():
        staff.get_by_label("Je l’ai relu").check()
    staff.locator("#publish button").click()
    return staff.get_by_role("link", name="Version 1").count() == 1
