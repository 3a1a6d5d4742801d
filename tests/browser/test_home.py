"""The home page as people look at it: no fault of axe, nothing cut off, and the keyboard suffices."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from server.consultations import logos
from server.consultations.kinds import Kind
from server.consultations.partners import Partner, Role
from tests.browser import layout
from tests.browser.reading import Reader
from tests.browser.service import Service, until
from tests.browser.test_axe import faults
from tests.conftest import consultation, proposals
from tests.drawing import drawn

DAY = timedelta(days=1)
LOGO = logos.logo(drawn((300, 120), "#1b4fa3"))
NAME = logos.name_of(LOGO)
PARTNERS = (
    Partner(Role.FOUNDER, "Fondation pour le débat", "https://fondation.example/", NAME),
    Partner(Role.ASSOCIATION, "Les Amis de la parole citoyenne"),
)


@pytest.fixture(scope="module")
def filled(live: Service) -> Service:
    """A service with consultations of all kinds, one of them featured and with partners."""
    now, create = datetime.now(UTC), live.store.consultations.create
    for slug, fields in {
        "eau": {"featured": True, "theme": "Climat", "partners": PARTNERS},
        "forets": {"cause": "Préserver ce qui nous fait vivre"},
        "hopital": {"theme": "Santé", "kind": Kind.CITIZENS_QUESTION},
        "ecole": {"opens": now + DAY},
        "train": {"opens": now - 9 * DAY, "closes": now - DAY},
        "cache": {"rehearsal": True},
    }.items():
        question = f"Comment parler de {slug} à tout le monde\u202f?"
        pictures = {NAME: LOGO} if "partners" in fields else {}
        create(consultation(slug, question=question, **fields), proposals(), pictures)
    return live


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab whose console must stay empty."""
    context = browser.new_context(locale="fr-FR")
    reader = Reader(context)
    yield reader.open("about:blank")
    context.close()
    assert [text for text in reader.complaints if "inline style" not in text] == []


def open_home(page: Page, live: Service, lang: str = "fr") -> None:
    page.goto(f"{live.url}/?lang={lang}")
    until(lambda: page.reload() and page.locator("#featured").count())


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["fr", "en", "ar"])
def test_it_is_whole_on_every_screen(filled: Service, page: Page, lang: str, theme: str) -> None:
    """On phones and desktops, light and dark, from both sides."""
    page.emulate_media(color_scheme=theme)
    open_home(page, filled, lang)
    found = []
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        found += [(width, fault) for fault in layout.faults(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append((width, "wider than the screen"))
    assert found == []
    assert faults(page, whole=True) == []
    assert "cache" not in page.content()


def test_a_consultation_is_opened_by_keyboard_in_the_same_language(
    filled: Service, page: Page
) -> None:
    open_home(page, filled, "en")
    page.keyboard.press("Tab")
    expect(page.locator(".featured a")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/c/eau?lang=en")
    expect(page.locator(".vote.agree")).to_have_text("Agree")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_of_a_consultation_shows_its_partners(
    filled: Service, page: Page, theme: str
) -> None:
    """Logos are there, at a size that is known before they come, and have their names."""
    page.emulate_media(color_scheme=theme)
    page.goto(f"{filled.url}/c/eau")
    logo = page.get_by_alt_text("Fondation pour le débat")
    logo.scroll_into_view_if_needed()
    until(lambda: logo.evaluate("it => it.complete && it.naturalWidth") == 300)
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert layout.faults(page) == []
    assert faults(page, whole=True) == []
