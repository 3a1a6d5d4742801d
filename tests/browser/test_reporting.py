"""A committed partner reports by a link, in real browsers and without script."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from playwright.sync_api import Browser, expect

from server.consultations.actions import Action, News, Target
from server.staff.acts import by_operator
from tests.browser.reading import Reader
from tests.browser.service import Service
from tests.browser.test_axe import faults
from tests.browser.test_staff_console import OVERFLOW, SMALL, link, signed_in

TARGET = Target(Decimal(1000), "jeunes parrainés", date(2026, 3, 1))
ACTION = Action(0, "Parrainer", "Réseau Mentor", "Mille jeunes.", date(2026, 1, 5), TARGET)


def closed(live: Service) -> str:
    now = datetime.now(UTC)
    return live.open(opens=now - timedelta(days=9), closes=now - timedelta(days=1))


def test_an_action_is_committed_to_reported_on_and_published_without_script(
    scriptless: Reader, live: Service
) -> None:
    at = f"{live.url}/staff/consultations/{closed(live)}/actions"
    address = link(live, "Zoé")
    staff = scriptless.open(address)
    staff.locator("#link").fill(address)
    staff.locator("main button").click()
    staff.goto(at)
    fields = {"title": "Parrainer", "partner": "Réseau Mentor", "promise": "Mille jeunes.",
              "on": "2026-01-05", "target.amount": "1 000", "target.unit": "jeunes",
              "target.by": "2099-01-01"}  # fmt: skip
    for name, value in fields.items():
        staff.locator(f"[name='{name}']").fill(value)
    staff.locator(".adding .main").click()
    staff.locator("form[action$='/link'] button").click()
    own = staff.locator("[data-secret]").get_attribute("value") or ""
    partner = scriptless.open(own)
    partner.locator("[name=text]").fill("Cent vingt jeunes.")
    partner.locator("[name=amount]").fill("120,5")
    partner.locator(".send").click()
    expect(partner.locator("[role=status]")).to_contain_text("votre brouillon est envoyé")
    # The address is the key: no request tells it to anybody, not even as where it came from.
    (sent,) = scriptless.sent("POST", "/report/")
    assert "referer" not in sent.all_headers()
    assert sent.all_headers()["origin"] == "null"
    staff.reload()
    staff.locator(".draft [name=text]").fill("Cent vingt jeunes parrainés.")
    staff.locator(".draft .main").click()
    partner.goto(own)
    expect(partner.locator(".entries")).to_contain_text("Cent vingt jeunes parrainés.")
    expect(partner.locator(".aim")).to_contain_text("120,5 \u2068jeunes")
    staff.locator("summary", has_text="Changer le lien").click()
    staff.locator("form[action$='/link/end'] button").click()
    partner.reload()
    expect(partner.locator("h1")).to_have_text("Ce lien est terminé")


def test_axe_finds_no_fault_and_nothing_is_cut_off(browser: Browser, live: Service) -> None:
    slug, do = closed(live), live.store.committing
    do.add(slug, ACTION, datetime.now(UTC), by_operator)
    news = News(date(2026, 1, 9), "Cent jeunes.", Decimal(100), "https://www.example.fr/a")
    do.add_news(slug, 1, news, by_operator)
    live.store.reports.link(slug, 1, by_operator)
    now = live.store.clock.now()
    for text in ("Deux cents.", "Trois cents."):
        one = News(date(2026, 2, 2), text, Decimal(200))
        live.store.reports.draft(slug, 1, lambda held, one=one: held.drafted(one, now))  # type: ignore[misc]
    live.store.reports.refuse(slug, 1, 2, None, "D’où vient ce nombre ?", by_operator)
    at = f"{live.url}/staff/consultations/{slug}/actions"
    found: list[object] = []
    for theme, locale, width in (("light", "fr-FR", 320), ("dark", "en-GB", 1280)):
        context = browser.new_context(
            viewport={"width": width, "height": 2400},
            color_scheme=theme,  # type: ignore[arg-type]
            locale=locale,
        )
        page = signed_in(Reader(context), live, f"Awa {theme} {width}")
        page.goto(f"{at}/1")
        own = page.locator("[data-secret]").get_attribute("value") or ""
        for path in (f"{at}/1", f"{own}?lang=fr") if width == 320 else (at, f"{own}?lang=en"):
            page.goto(path)
            if "/report/" in path:
                page.locator("textarea").first.fill("http://a.fr")
                page.locator(".send").first.click()
                expect(page.locator(".notice.wrong")).to_be_visible()
            page.evaluate("document.querySelectorAll('details').forEach((it) => (it.open = true))")
            found += faults(page, whole=True) + page.evaluate(SMALL)
            assert not page.evaluate(OVERFLOW), path
        context.close()
    assert found == []
