"""Released loaders go on working with the booth of today, and run only as they were pinned."""

import json
import re

import pytest

from embed.release import INTEGRITY, pin
from server.consultations.ballots import Ballot, Vote
from tests.browser.partner import path, snippet
from tests.browser.reading import Reader, booth_in
from tests.browser.service import Service
from tests.browser.test_voting import RMC

PINNED = json.loads(INTEGRITY.read_text())


@pytest.mark.parametrize("version", PINNED)
def test_every_release_shows_a_booth_that_votes(
    live: Service, reader: Reader, version: str
) -> None:
    slug = live.open()
    markup = pin(snippet("pinned", live.url, slug), version, PINNED[version])
    page = reader.open(live.page(path(markup)))
    page.locator("isoloir-vote iframe").wait_for()
    booth = booth_in(page)
    booth.vote("agree")
    booth.counted()
    assert live.ballots(slug) == [(RMC, Ballot(Vote.AGREE))]


def test_other_bytes_than_the_pinned_ones_do_not_run(live: Service, reader: Reader) -> None:
    """The page keeps its link, as where scripts are off."""
    markup = re.sub(r"sha384-.{6}", "sha384-AAAAAA", snippet("pinned", live.url, live.open()))
    page = reader.open(live.page(path(markup)))
    page.wait_for_load_state("load")
    assert page.locator("isoloir-vote iframe").count() == 0
    assert page.locator("isoloir-vote a").is_visible()
    reader.expect_complaint("integrity")
