"""The loader on pages of every kind: it shows a booth, or leaves the page as it was."""

import pytest

from tests.browser.partner import path, script
from tests.browser.reading import Reader, booth_in
from tests.browser.service import Service

LINK = "Votez dans cet article"


def test_the_link_goes_when_the_booth_is_there(live: Service, reader: Reader) -> None:
    page = reader.open(live.page(f"/script/{live.open()}"))
    booth_in(page).find(".votes").wait_for()
    page.get_by_text(LINK).wait_for(state="hidden")


def test_the_link_stays_while_the_booth_cannot_come(live: Service, reader: Reader) -> None:
    """A blocked or broken service leaves a link that works, and no empty box over it."""
    page = reader.context.new_page()
    page.route("**/e/**", lambda route: route.abort())
    page.clock.install()
    page.goto(live.page(f"/script/{live.open()}"))
    frame = page.locator("iframe")
    frame.wait_for(state="attached")
    assert page.get_by_text(LINK).is_visible()
    assert not frame.is_visible()
    page.clock.run_for(8_000)
    frame.wait_for(state="visible")
    assert page.get_by_text(LINK).is_visible()


def test_a_div_with_data_attributes_is_a_booth_too(live: Service, reader: Reader) -> None:
    markup = f"<div data-isoloir data-consultation='{live.open()}' data-source='rmc'></div>"
    booth = reader.booth(live.page(path(markup + script(live.url))))
    booth.vote("agree")
    booth.counted()


def test_attributes_reach_the_booth(live: Service, reader: Reader) -> None:
    markup = (
        f"<isoloir-vote consultation='{live.open()}' source='rmc' lang='en' theme='dark' "
        "height='700' title='A vote'></isoloir-vote>"
    )
    page = reader.open(live.page(path(markup + script(live.url))))
    booth = booth_in(page)
    assert booth.find(".vote.disagree").inner_text() == "Disagree"
    assert booth.frame.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    assert page.locator("iframe").get_attribute("title") == "A vote"
    assert booth.height() == 700


def test_two_booths_on_one_page_do_not_disturb_each_other(live: Service, reader: Reader) -> None:
    one, other = live.open(), live.open()
    markup = "".join(
        f"<isoloir-vote consultation='{slug}' source='rmc'></isoloir-vote>" for slug in (one, other)
    )
    page = reader.open(live.page(path(markup + script(live.url) * 2)))
    assert page.locator("iframe").count() == 2, "loaded twice, mounted once"
    booth_in(page).vote("agree")
    booth_in(page).counted()
    assert len(live.ballots(one)) == 1
    assert live.ballots(other) == []


ODD = {
    "nothing to mount": "",
    "no attributes": "<isoloir-vote></isoloir-vote>",
    "an element that takes no shadow tree": "<img data-isoloir alt=''>",
    "an element that has one": "<isoloir-vote id=a></isoloir-vote>"
    "<script>a.attachShadow({mode: 'open'})</script>",
    "no observers": "<script>delete window.IntersectionObserver</script><isoloir-vote></isoloir-vote>",
}


@pytest.mark.parametrize("markup", ODD.values(), ids=ODD)
def test_an_odd_page_gets_no_error(markup: str, live: Service, reader: Reader) -> None:
    page = reader.open(live.page(path(markup + script(live.url))))
    page.evaluate("customElements.whenDefined('isoloir-vote').then(() => true)")
    reader.complaints = [text for text in reader.complaints if "404" not in text]


def test_under_a_strict_policy_of_the_host_the_booth_works(live: Service, reader: Reader) -> None:
    """Nonce, strict-dynamic and Trusted Types: what the strictest publishers send."""
    policy = (
        "script-src 'nonce-n' 'strict-dynamic'; style-src 'none'; img-src data:; base-uri 'none'; "
        f"require-trusted-types-for 'script'; frame-src {live.url}"
    )
    markup = (
        f"<isoloir-vote consultation='{live.open()}' source='rmc'></isoloir-vote>"
        f"<script nonce=n async src='{live.url}/embed/v1.js'></script>"
    )
    booth = reader.booth(live.page(path(markup, Content_Security_Policy=policy)))
    booth.vote("agree")
    booth.counted()
