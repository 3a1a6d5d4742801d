"""The console in a real browser: in by a link from a mail, figures that renew themselves, out."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from server.consultations.ballots import Ballot, Trust, Vote
from server.staff.acts import OPERATOR, Act, Way
from server.staff.members import member
from server.staff.roles import Role
from server.store.ballots import Wish
from tests.browser.partner import served
from tests.browser.reading import Reader
from tests.browser.service import Service
from tests.browser.test_axe import faults

ACT = Act(OPERATOR, Way.COMMAND, "test")
PAGES = ("", "/members", "/tokens", "/acts", "/account", "/sign-in")
# Every screen at the size of a phone; those with most on them on a desk and in the dark, too.
LOOKS = (("light", "fr-FR", 390, PAGES), ("dark", "en-GB", 1280, PAGES[:2]))
OVERFLOW = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
SMALL = """[...document.querySelectorAll("a, button, input:not([type=hidden]), select")]
  .filter((it) => it.checkVisibility() && !it.closest("p, .choice, .skip") && !it.matches(".skip"))
  .filter((it) => it.getBoundingClientRect().height < 44)
  .map((it) => it.outerHTML.slice(0, 90))"""


def link(live: Service, name: str = "Awa Diop", role: Role = Role.ADMIN) -> str:
    made = live.store.staff.invite(member(name, role, datetime.now(UTC)), ACT)
    return f"{live.url}/staff/sign-in#{made.secret}"


def signed_in(reader: Reader, live: Service, name: str = "Awa Diop") -> Page:
    page = reader.open(link(live, name))
    page.locator("main button").click()
    expect(page).to_have_url(f"{live.url}/staff")
    return page


@pytest.fixture
def mail(live: Service) -> Iterator[str]:
    """A mail programme on another site, with a link in it."""
    address = link(live, "Zoé")

    def app(_: object, start: object) -> list[bytes]:
        start("200 OK", [("Content-Type", "text/html")])  # type: ignore[operator]
        return [f'<!doctype html><a href="{address}">Isoloir</a>'.encode()]

    with served(app) as port:
        yield f"http://mail.localhost:{port}/"


def test_a_link_from_a_mail_on_another_site_signs_in_by_one_press(
    reader: Reader, live: Service, mail: str
) -> None:
    page = reader.open(mail)
    page.locator("a").click()
    button = page.locator("main button")
    expect(button).to_be_visible()
    assert "#" not in page.url  # the secret is gone from the address, and was sent to nobody
    assert not any("#" in request.url for request in reader.sent("GET", "/staff"))
    expect(page.locator("#link")).to_be_hidden()
    button.click()
    expect(page).to_have_url(f"{live.url}/staff")
    expect(page.locator(".me")).to_have_text("Zoé")
    (cookie,) = [c for c in reader.context.cookies() if "staff" in c["name"]]
    assert (cookie["name"], cookie["sameSite"], cookie["httpOnly"]) == (
        "__Host-isoloir_staff",
        "Strict",
        True,
    )
    # Later, a link to the console from the same mail: the strict cookie stays away, once.
    page.goto(mail)
    page.evaluate("url => { document.querySelector('a').href = url }", f"{live.url}/staff")
    page.locator("a").click()
    page.locator("main a").first.click()
    expect(page.locator(".me")).to_have_text("Zoé")
    reader.expect_complaint("401")


def test_without_script_the_link_is_pasted(scriptless: Reader, live: Service) -> None:
    address = link(live)
    page = scriptless.open(address)
    page.locator("#link").fill(address)
    page.locator("main button").click()
    expect(page).to_have_url(f"{live.url}/staff")
    assert page.locator("[data-pause]").is_hidden()
    page.locator(".renewal a").click()
    expect(page.locator("h1")).to_be_visible()


def test_figures_renew_themselves_keep_focus_and_can_be_stopped(
    reader: Reader, live: Service
) -> None:
    slug = live.open(question="Une question à suivre ?")
    found = live.store.consultations.by_slug(slug)
    page = signed_in(reader, live)
    row = page.locator("tr", has_text="Une question à suivre")
    page.locator(f"#to-{slug}").focus()
    wish = Wish(1, Ballot(Vote.AGREE), Trust.SEQUENCE, 2)
    for voter in range(7):
        live.store.ballots.cast(found, 0, f"v{voter}", wish)
    expect(row.locator("td").nth(1)).to_have_text("7")
    expect(page.locator(f"#to-{slug}")).to_be_focused()
    page.locator("[data-pause]").click()
    expect(page.locator("[data-pause]")).to_have_text("Reprendre")


def test_everything_is_reached_by_keyboard_alone(reader: Reader, live: Service) -> None:
    page = signed_in(reader, live)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("main a.button")).to_be_focused()  # a new consultation
    page.keyboard.press("Tab")
    expect(page.locator("a.question").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("dl.figures")).to_be_visible()
    page.goto(f"{live.url}/staff/account")
    page.locator("form[action='/staff/sign-out'] button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Vous êtes déconnecté")


@pytest.mark.parametrize(("theme", "locale", "width", "paths"), LOOKS)
def test_axe_finds_no_fault_and_nothing_is_cut_off_on_any_page(
    theme: str, locale: str, width: int, paths: tuple[str, ...], browser: Browser, live: Service
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 2400},
        color_scheme=theme,  # type: ignore[arg-type]
        locale=locale,
    )
    page = signed_in(Reader(context), live, f"Awa {theme}")
    one = page.locator("a.question").first.get_attribute("href")
    found: list[object] = []
    for address in (*(f"/staff{path}" for path in paths), one):
        page.goto(f"{live.url}{address}")
        found += [(address, fault) for fault in faults(page, whole=True)]
        found += [(address, "small", it) for it in page.evaluate(SMALL)]
        for narrow in (width, 320):
            page.set_viewport_size({"width": narrow, "height": 2400})
            if page.evaluate(OVERFLOW):
                found.append((address, narrow, "wider than the screen"))
        page.set_viewport_size({"width": width, "height": 2400})
    context.close()
    assert found == []
