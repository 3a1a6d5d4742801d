"""A reader's own idea: invited once, written within the rules, and kept for staff to decide on."""

import pytest
from playwright.sync_api import Browser, expect

from server.consultations.moderation import merge
from server.consultations.proposing import Submission
from tests.browser import layout
from tests.browser.reading import Booth, Reader
from tests.browser.service import Service, until
from tests.browser.test_axe import faults

TEXTS = tuple(f"Il faut que la proposition numéro {n} soit votée." for n in range(1, 9))
IDEA = "rendre les bibliothèques gratuites pour tous."


def article(live: Service, slug: str) -> str:
    return live.page(f"/script/{slug}")


def vote_on(booth: Booth, number: int) -> None:
    for _ in range(number):
        booth.screen("card")
        booth.vote("agree")
        booth.counted()
        booth.next()


def pending(live: Service, slug: str) -> list[Submission]:
    found = live.store.consultations.by_slug(slug)
    return list(live.store.proposing.waiting(found))


def test_a_reader_is_invited_once_and_their_idea_waits_for_staff(
    live: Service, reader: Reader
) -> None:
    slug = live.open(TEXTS, proposing=True, prefix="Il faut")
    booth = reader.booth(article(live, slug))
    vote_on(booth, 4)
    expect(booth.find(".invite .headline")).to_be_visible()
    booth.find(".compose").click()
    booth.find("#p-text").fill(IDEA)
    expect(booth.find("#p-room")).to_have_text("Encore 87 caractères.")
    booth.find("#p-name").fill("Awa")
    booth.find("#p-age").select_option(label="35-44 ans")
    booth.find(".send").click()
    expect(booth.find(".thanks .headline")).to_be_focused()
    (one,) = pending(live, slug)
    assert one.proposal.text == f"Il faut {IDEA}"
    assert (one.proposal.author, one.proposal.age) == ("Awa", "35-44")
    booth.find(".thanks .next").click()
    vote_on(booth, 2)
    invited = "Object.keys(localStorage).filter((key) => key.includes('invited')).length"
    assert booth.frame.evaluate(invited) == 1
    booth.menu()
    expect(booth.find(".idea .text")).to_have_text(f"Il faut {IDEA}")
    expect(booth.find(".idea .note")).to_have_text("En cours de relecture.")
    booth.find(".sheet summary").click()
    booth.find("button.forget").click()
    booth.find(".forgotten").wait_for()
    assert booth.frame.evaluate("localStorage.length") == 0, (
        "nothing is kept, that they were asked included"
    )


def test_whoever_declines_the_invitation_goes_on_and_is_not_asked_again(
    live: Service, reader: Reader
) -> None:
    slug = live.open(TEXTS, proposing=True)
    booth = reader.booth(article(live, slug))
    vote_on(booth, 4)
    booth.find(".invite .leave").click()
    vote_on(booth, 2)
    booth.screen("card")
    assert pending(live, slug) == []


def test_what_is_wrong_in_an_idea_is_said_beside_it_and_nothing_is_lost(
    live: Service, reader: Reader
) -> None:
    slug = live.open(TEXTS, proposing=True, prefix="Il faut")
    booth = reader.booth(article(live, slug))
    booth.menu()
    booth.find(".sheet .propose").click()
    booth.find("#p-text").fill("voir www.exemple.fr")
    booth.find("#p-name").fill("Awa 2000")
    booth.find(".send").click()
    expect(booth.find(".fault:visible")).to_have_text(
        ["Retirez les liens et les adresses.", "Écrivez un prénom seulement, ou rien."]
    )
    expect(booth.find("#p-text")).to_be_focused()
    expect(booth.find("#p-text")).to_have_value("voir www.exemple.fr")
    assert pending(live, slug) == []
    reader.expect_complaint("422")


def test_who_is_about_to_say_what_was_said_is_shown_it_and_may_vote_on_it_or_send_all_the_same(
    live: Service, reader: Reader
) -> None:
    said = "Il faut rendre les bibliothèques gratuites pour tous les jeunes."
    slug = live.open((*TEXTS, said), proposing=True, prefix="Il faut")
    booth = reader.booth(article(live, slug))
    booth.menu()
    booth.find(".sheet .propose").click()
    booth.find("#p-text").fill(IDEA)
    booth.find(".send").click()
    expect(booth.find(".similar .instead")).to_have_text([said])
    expect(booth.find(".similar .note")).to_be_focused()
    assert pending(live, slug) == []
    booth.find(".similar .instead").click()
    booth.screen("card")
    expect(booth.find(".statement")).to_contain_text(said)
    booth.vote("agree")
    booth.counted()
    booth.menu()
    booth.find(".sheet .propose").click()
    expect(booth.find("#p-text")).to_have_value(IDEA)
    booth.find(".send").click()
    expect(booth.find(".thanks .headline")).to_be_focused()
    assert [one.proposal.text for one in pending(live, slug)] == [f"Il faut {IDEA}"]


def test_the_author_of_a_duplicate_is_led_to_the_one_that_stands_for_it(
    live: Service, reader: Reader
) -> None:
    slug = live.open(TEXTS, proposing=True, prefix="Il faut")
    booth = reader.booth(article(live, slug))
    booth.menu()
    booth.find(".sheet .propose").click()
    booth.find("#p-text").fill(IDEA)
    booth.find(".send").click()
    booth.find(".thanks .next").click()
    found = live.store.consultations.by_slug(slug)
    (one,) = pending(live, slug)
    live.store.moderation.decisions.decide(found, "nora", [merge(one.proposal.id, 5)], hold=0)
    booth.menu()
    expect(booth.find(".ideas .note")).to_contain_text("Réunie à celle-ci")
    booth.find(".ideas .instead").click()
    booth.screen("card")
    expect(booth.find(".statement")).to_contain_text(TEXTS[4])
    booth.vote("agree")
    booth.counted()


def test_without_script_too_what_is_similar_is_shown_before_it_is_sent(
    live: Service, scriptless: Reader
) -> None:
    said = "Il faut rendre les bibliothèques gratuites pour tous les jeunes."
    slug = live.open((*TEXTS, said), proposing=True, prefix="Il faut")
    booth = scriptless.booth(live.page(f"/iframe/{slug}"))
    booth.find("a.menu").click()
    booth.find("a.propose").click()
    booth.find("#p-text").fill(IDEA)
    booth.find(".send").click()
    expect(booth.find(".similar .instead")).to_have_text([said])
    expect(booth.find("#p-text")).to_have_value(IDEA)
    assert pending(live, slug) == []
    booth.find(".send").click()
    expect(booth.find(".thanks .headline")).to_be_visible()
    assert len(pending(live, slug)) == 1


def test_a_consultation_that_takes_no_proposals_offers_none(live: Service, reader: Reader) -> None:
    booth = reader.booth(article(live, live.open(TEXTS)))
    vote_on(booth, 4)
    booth.screen("card")
    booth.menu()
    assert booth.find(".propose").count() == 0


def test_without_script_an_idea_is_proposed_by_a_form(live: Service, scriptless: Reader) -> None:
    slug = live.open(TEXTS, proposing=True, prefix="Il faut")
    booth = scriptless.booth(live.page(f"/iframe/{slug}"))
    booth.find("a.menu").click()
    booth.find("a.propose").click()
    booth.find("#p-text").fill("li")
    booth.find(".send").click()
    expect(booth.find("#f-too-short")).to_be_visible()
    expect(booth.find("#p-text")).to_have_value("li")
    booth.find("#p-text").fill(IDEA)
    booth.find(".send").click()
    expect(booth.find(".thanks .headline")).to_be_visible()
    assert [one.proposal.text for one in pending(live, slug)] == [f"Il faut {IDEA}"]


def test_the_beginning_that_stands_may_be_written_once_more(
    live: Service, reader: Reader, scriptless: Reader
) -> None:
    slug = live.open(TEXTS, proposing=True, prefix="Il faut")
    booth = reader.booth(article(live, slug))
    booth.menu()
    booth.find(".sheet .propose").click()
    booth.find("#p-text").fill(f"il faut {IDEA}")
    expect(booth.find("#p-room")).to_have_text("Encore 87 caractères.")
    booth.find(".send").click()
    expect(booth.find(".thanks .headline")).to_be_visible()
    plain = scriptless.booth(live.page(f"/iframe/{slug}"))
    plain.find("a.menu").click()
    plain.find("a.propose").click()
    plain.find("#p-text").fill(f"Il faut {IDEA}")
    plain.find(".send").click()
    expect(plain.find(".thanks .headline")).to_be_visible()
    assert [one.proposal.text for one in pending(live, slug)] == [f"Il faut {IDEA}"] * 2


def test_a_text_begun_is_there_again_and_each_field_says_its_own_fault(
    live: Service, reader: Reader
) -> None:
    slug = live.open(TEXTS, proposing=True)
    booth = reader.booth(article(live, slug))
    booth.menu()
    booth.find(".sheet .propose").click()
    booth.find("#p-text").fill(IDEA)
    booth.find("#p-name").fill("R2D2")
    booth.find(".send").click()
    name = booth.find("#p-name")
    expect(name).to_be_focused()
    expect(name).to_have_accessible_description("Écrivez un prénom seulement, ou rien.")
    booth.frame.page.keyboard.press("Escape")
    booth.screen("card")
    booth.menu()
    booth.find(".sheet .propose").click()
    expect(booth.find("#p-text")).to_have_value(IDEA)
    name.fill("Awa")
    expect(booth.find(".fault:visible")).to_have_count(0)
    booth.find(".send").click()
    expect(booth.find(".thanks .headline")).to_be_visible()
    reader.expect_complaint("422")


def test_a_form_that_was_open_when_it_became_too_late_says_so_kindly(
    live: Service, reader: Reader
) -> None:
    """The vote goes on, and nobody is asked to try again what cannot be."""
    slug = live.open(TEXTS, proposing=True, prefix="Il faut")
    booth = reader.booth(article(live, slug))
    booth.menu()
    booth.find(".sheet .propose").click()
    booth.find("#p-text").fill(IDEA)
    live.end_proposing(slug)
    booth.find(".send").click()
    expect(booth.find(".over .headline")).to_be_focused()
    expect(booth.find(".form")).to_be_hidden()
    booth.find(".over .next").click()
    vote_on(booth, 4)
    booth.screen("card")
    assert pending(live, slug) == []
    reader.complaints.clear()  # the browser notes every 409


def sent(live: Service, booth: Booth, slug: str) -> str:
    """Propose from the menu; return the private link that the author is given."""
    booth.menu()
    booth.find(".sheet .propose").click()
    booth.find("#p-text").fill(IDEA)
    booth.find(".send").click()
    expect(booth.find(".thanks .headline")).to_be_focused()
    link = booth.find(".private input").input_value()
    assert link.startswith(f"{live.url}/c/{slug}/mine/")
    return link


def test_the_private_link_is_copied_and_tells_the_decision_in_a_browser_that_knows_nothing(
    live: Service, reader: Reader, browser: Browser
) -> None:
    slug = live.open(TEXTS, proposing=True, prefix="Il faut")
    booth = reader.booth(article(live, slug))
    link = sent(live, booth, slug)
    booth.find(".private .copy").click()
    expect(booth.find("[role=status]")).to_have_text("Lien copié.")
    expect(booth.find(".private .copy")).to_be_focused()
    booth.find(".private input").press("Control+c")  # by hand too: it is plain text, selected
    elsewhere = browser.new_context()
    page = elsewhere.new_page()
    page.goto(link)
    expect(page.locator("h1")).to_have_text("En cours de relecture.")
    found = live.store.consultations.by_slug(slug)
    (one,) = pending(live, slug)
    live.store.proposing.accept(found, [one.proposal.id])
    page.wait_for_function(
        """async () => {
          const text = await (await fetch(location.href)).text();
          return text.includes("Publiée");
        }"""
    )
    page.reload()
    expect(page.locator("h1")).to_contain_text("Publiée")
    page.locator(".go-on").click()
    leads = page.url

    def is_first() -> bool:
        page.goto(leads)  # another process of web may be a second behind
        return page.locator(".card .proposal").text_content() == f"Il faut {IDEA}"

    until(is_first)
    assert elsewhere.cookies() == []
    elsewhere.close()


def test_the_charter_opens_beside_a_text_that_is_begun(live: Service, reader: Reader) -> None:
    slug = live.open(TEXTS, proposing=True, prefix="Il faut")
    booth = reader.booth(article(live, slug))
    booth.menu()
    booth.find(".sheet .propose").click()
    booth.find("#p-text").fill(IDEA)
    with booth.frame.page.context.expect_page() as opened:
        booth.find(".rules").click()
    expect(opened.value.locator("h1")).to_have_text("Charte de modération")
    expect(booth.find("#p-text")).to_have_value(IDEA)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["fr", "de", "ar"])
def test_the_charter_and_a_decision_are_whole_on_every_screen(
    live: Service, reader: Reader, browser: Browser, lang: str, theme: str
) -> None:
    """On phones and desktops, light and dark, from both sides: what is pressed is 44 px high."""
    slug = live.open(TEXTS, proposing=True, prefix="Il faut")
    link = sent(live, reader.booth(article(live, slug)), slug)
    page = browser.new_page(color_scheme=theme)
    found = []
    for address in (f"{live.url}/charter", link, f"{link}x"):
        page.goto(f"{address}?lang={lang}")
        for width in (320, 390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            found += [(width, fault) for fault in layout.faults(page)]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append((width, "wider than the screen"))
        found += faults(page, whole=True)
    page.close()
    assert found == []
