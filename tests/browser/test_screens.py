"""Whatever keeps a reader from voting has a friendly screen, in the reader's language."""

from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.reading import Booth, Reader
from tests.browser.service import Service

WEEK = timedelta(days=7)


def frame(live: Service, slug: str, query: str = "source=rmc") -> str:
    return live.page(f"/page?put=<iframe height=600 src='{live.url}/e/{slug}?{query}'></iframe>")


def headline(booth: Booth) -> str:
    return booth.find(".notice .headline").inner_text()


def test_a_closed_consultation_says_when_it_ended(live: Service, reader: Reader) -> None:
    now = datetime.now(UTC)
    slug = live.open(opens=now - 2 * WEEK, closes=now - WEEK)
    booth = reader.booth(frame(live, slug))
    assert headline(booth) == "Le vote est clos"
    assert booth.find("button").count() == 0


def test_an_upcoming_consultation_says_when_it_opens(live: Service, reader: Reader) -> None:
    now = datetime.now(UTC)
    slug = live.open(opens=now + WEEK, closes=now + 2 * WEEK)
    booth = reader.booth(frame(live, slug, "source=rmc%26lang=en"))
    assert headline(booth) == "Voting is not open yet"
    assert str((now + WEEK).year) in booth.find(".explanation").inner_text()


def test_a_blocked_source_offers_the_consultation_s_own_page(live: Service, reader: Reader) -> None:
    booth = reader.booth(frame(live, live.open(), "source=bloque"))
    assert headline(booth) == "Le vote n’est pas proposé ici"
    link = booth.find(".notice .page-link").get_attribute("href")
    assert link
    assert "bloque" not in link


def test_an_unknown_consultation_does_not_break_the_article(live: Service, reader: Reader) -> None:
    booth = reader.booth(frame(live, "inconnue"))
    assert headline(booth) == "Cette consultation est introuvable"
    reader.expect_complaint("404")


def test_a_rehearsal_says_that_its_votes_do_not_count(live: Service, reader: Reader) -> None:
    booth = reader.booth(frame(live, live.open(rehearsal=True)))
    assert booth.find(".ribbon").inner_text() == "Essai\u202f: ce vote ne compte pas"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_card_and_result_have_no_accessibility_fault(
    theme: str, live: Service, reader: Reader
) -> None:
    """Every rule of axe, contrast in both themes included."""
    booth = reader.booth(frame(live, live.open(), f"source=rmc%26theme={theme}"))
    assert faults(booth) == []
    booth.vote("agree")
    booth.counted()
    booth.find("input[value=likeIt]").check(force=True)
    assert faults(booth) == []
    booth.menu()
    assert faults(booth) == []


# Of a whole page, that is of the article: a frame must not add a second one.
OF_THE_ARTICLE = ("landmark-one-main", "page-has-heading-one")


def faults(booth: Booth) -> list[tuple[str, str]]:
    rules = {rule: {"enabled": False} for rule in OF_THE_ARTICLE}
    # A frame evaluates scripts as a page does, which is all that axe needs.
    found = Axe().run(booth.frame, options={"rules": rules})  # type: ignore[arg-type]
    return [
        (fault["id"], node["html"])
        for fault in found.response["violations"]
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize("choice", ["agree", "disagree", "neutral"])
def test_every_target_is_large_enough_for_a_thumb(
    choice: str, live: Service, reader: Reader
) -> None:
    booth = reader.booth(frame(live, live.open()))
    sizes = targets(booth)
    booth.vote(choice)
    booth.counted()
    sizes += targets(booth)
    assert min(sizes) >= 44


def targets(booth: Booth) -> list[float]:
    """Return the heights of what can be pressed now."""
    found = booth.find("button:visible, .menu, label:visible").all()
    boxes = [box for box in (locator.bounding_box() for locator in found) if box]
    return [box["height"] for box in boxes]
