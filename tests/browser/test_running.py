"""Somebody new on the staff runs a consultation: created, opened, voted in, put off, closed."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from server.consultations.consultation import Consultation
from server.consultations.kinds import Kind
from tests.browser.partner import path, script, tag
from tests.browser.reading import Reader
from tests.browser.service import Service, until
from tests.browser.test_axe import faults
from tests.browser.test_staff_console import OVERFLOW, SMALL, link

SEEDS = "Il faut des bancs à l’ombre.\nIl faut ouvrir les gymnases le soir.\n"


def signed_in(reader: Reader, live: Service, name: str) -> Page:
    """Enter by the link that an admin has sent; without script it is pasted."""
    address = link(live, name)
    page = reader.open(address)
    if page.locator("#link").is_visible():
        page.locator("#link").fill(address)
    page.locator("main button").click()
    expect(page).to_have_url(f"{live.url}/staff")
    return page


def create(page: Page, live: Service, question: str) -> str:
    """Create a consultation from the form; return its slug."""
    page.locator("main a.button").click()
    soon = datetime.now(UTC) + timedelta(days=2)
    page.get_by_label("Question", exact=True).fill(question)
    page.get_by_label("Premières propositions").fill(SEEDS)
    page.get_by_label("Début imposé").fill("Il faut")
    page.get_by_label("Fuseau horaire").fill("Europe/Paris")
    page.get_by_label("Ouverture du vote").fill(f"{soon:%Y-%m-%dT%H:%M}")
    page.get_by_label("Clôture du vote").fill(f"{soon + timedelta(days=20):%Y-%m-%dT%H:%M}")
    page.get_by_label("Nom du titre").fill("RMC")
    page.get_by_label("Nom court").fill("rmc")
    page.get_by_label("Éditeur").fill("rmc-bfm")
    page.get_by_label("Sites autorisés").fill(live.site.format(media="rmc"))
    page.locator("form.long .main").click()
    expect(page).to_have_url(re.compile(r"/staff/consultations/[a-z0-9-]+$"))
    return page.url.rpartition("/")[2]


def put_off(page: Page, live: Service, slug: str) -> None:
    """Have it end a week later."""
    before = live.store.consultations.by_slug(slug).closes
    later = before + timedelta(days=7)
    page.locator("#run a.button").click()
    expect(page.locator("#question")).to_have_count(0)  # no longer: somebody may have voted
    page.get_by_label("Clôture du vote").fill(f"{later:%Y-%m-%dT%H:%M}")
    page.locator("form.long .main").click()
    expect(page).to_have_url(f"{live.url}/staff/consultations/{slug}")
    assert live.store.consultations.by_slug(slug).closes == later


def open_now(page: Page) -> None:
    page.locator("summary", has_text="Ouvrir maintenant").click()
    page.get_by_label("Oui, ouvrir dès maintenant").check()
    page.get_by_role("button", name="Ouvrir la consultation").click()


def close(page: Page, live: Service, slug: str) -> None:
    page.locator("summary", has_text="Clore maintenant").click()
    page.get_by_label("Oui, clore pour de bon").check()
    page.locator("button.danger").click()
    expect(page.locator(".under .phase.closed")).to_be_visible()
    asked = live.store.consultations.by_slug(slug)
    until(lambda: live.store.minutes.versions(asked))
    page.goto(f"{live.url}/staff/consultations/{slug}")
    expect(page.get_by_role("link", name="Procès-verbal")).to_have_attribute(
        "href", f"/api/v1/consultations/{slug}/minutes"
    )


def count(live: Service, asked: Consultation) -> int:
    return live.store.tallies.voters(asked)


def test_somebody_new_runs_a_consultation_from_the_form_to_the_minutes(
    reader: Reader, live: Service
) -> None:
    page = signed_in(reader, live, "Inès")
    slug = create(page, live, "Comment mieux vivre la chaleur en ville ?")
    expect(page.locator(".phase.announced").first).to_be_visible()
    open_now(page)
    expect(page.locator(".under .phase.open")).to_be_visible()

    article = live.page(path(tag(slug) + script(live.url)), "rmc")
    booth = reader.booth(article)
    booth.vote("agree")
    booth.counted()
    asked = live.store.consultations.by_slug(slug)
    assert count(live, asked) == 1

    put_off(page, live, slug)
    close(page, live, slug)
    acts = [one.act.what for one in live.store.acts.latest() if one.act.on == slug][::-1]
    assert [one.removeprefix("consultation-") for one in acts] == [
        "created", "opened", "changed", "closed",
    ]  # fmt: skip


def test_the_same_runs_without_script(scriptless: Reader, live: Service) -> None:
    page = signed_in(scriptless, live, "Inès sans script")
    slug = create(page, live, "Comment partager les cours d’école ?")
    open_now(page)
    expect(page.locator(".under .phase.open")).to_be_visible()
    put_off(page, live, slug)
    close(page, live, slug)


def test_a_time_with_seconds_is_changed_to_a_round_one(reader: Reader, live: Service) -> None:
    slug = live.open(question="Une clôture à la seconde ?")
    before = live.store.consultations.by_slug(slug)
    odd = before.closes.replace(microsecond=0, second=17)
    live.store.consultations.replace(replace(before, closes=odd))
    page = signed_in(reader, live, "Inès à la minute")
    page.goto(f"{live.url}/staff/consultations/{slug}")
    round_one = odd.replace(second=0) + timedelta(days=7)
    page.locator("#run a.button").click()
    page.get_by_label("Clôture du vote").fill(f"{round_one:%Y-%m-%dT%H:%M}")
    page.locator("form.long .main").click()
    expect(page).to_have_url(f"{live.url}/staff/consultations/{slug}")
    assert live.store.consultations.by_slug(slug).closes == round_one


def test_a_press_of_enter_in_a_form_saves_it(reader: Reader, live: Service) -> None:
    """And does not add another row, though that button stands before the one that saves."""
    slug = live.open(question="Une question à modifier ?")
    page = signed_in(reader, live, "Inès au clavier")
    page.goto(f"{live.url}/staff/consultations/{slug}/change")
    page.get_by_label("Thème").fill("Ville")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live.url}/staff/consultations/{slug}")
    assert live.store.consultations.by_slug(slug).theme == "Ville"


@pytest.mark.parametrize(
    ("theme", "locale", "width"),
    [("light", "fr-FR", 360), ("dark", "en-GB", 360), ("dark", "fr-FR", 1280)],
)
def test_axe_finds_no_fault_and_nothing_is_cut_off_on_any_page(
    theme: str, locale: str, width: int, browser: Browser, live: Service
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 2400},
        color_scheme=theme,  # type: ignore[arg-type]
        locale=locale,
    )
    page = signed_in(Reader(context), live, f"Inès {theme} {width}")
    slug = live.open(kind=Kind.CITIZENS_QUESTION)
    at = f"/staff/consultations/{slug}"
    found: list[object] = []
    paths = ("/staff/new", "/staff/new/file", "/staff/new/operation", at, f"{at}/change")
    for address in (*paths, "wrong"):
        if address == "wrong":
            page.goto(f"{live.url}/staff/new")
            page.locator("form.long").evaluate("form => { form.noValidate = true }")
            page.locator("form.long .main").click()
            expect(page.locator("[role='alert']")).to_be_visible()
        else:
            page.goto(f"{live.url}{address}")
        page.evaluate("document.querySelectorAll('main details').forEach(it => { it.open = true })")
        found += [(address, fault) for fault in faults(page, whole=True)]
        found += [(address, "small", it) for it in page.evaluate(SMALL)]
        for narrow in (width, 320):
            page.set_viewport_size({"width": narrow, "height": 2400})
            if page.evaluate(OVERFLOW):
                found.append((address, narrow, "wider than the screen"))
        page.set_viewport_size({"width": width, "height": 2400})
    context.close()
    assert found == []
