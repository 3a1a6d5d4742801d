"""What a browser loads until a reader can vote, by the browser's own count."""

from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Request

from tests.browser.reading import Booth, Reader, booth_in
from tests.browser.service import Service
from tests.widget.test_assets import EMBEDDED, FRAME, TEXTS

REQUESTS = 4
# When the deferred script has run: the buttons vote.
POSSIBLE = """() => {
  const [page] = performance.getEntriesByType("navigation");
  return performance.timeOrigin + page.domContentLoadedEventEnd;
}"""


def loaded(reader: Reader, booth: Booth) -> list[Request]:
    """Return what was asked for until the reader could vote, but for the article itself."""
    booth.find("html[data-script] .vote.agree").wait_for()
    possible = booth.frame.evaluate(POSSIBLE)
    article, *rest = reader.requests
    assert article.is_navigation_request()
    return [request for request in rest if request.timing["startTime"] <= possible]


@pytest.mark.parametrize(
    ("snippet", "number", "budget"),
    [("script", REQUESTS, EMBEDDED), ("pinned", REQUESTS, EMBEDDED), ("iframe", 3, FRAME)],
)
def test_the_first_vote_is_possible_within_budget(
    live: Service, reader: Reader, snippet: str, number: int, budget: int
) -> None:
    """Few requests, few bytes, and none to anybody but the service."""
    page = reader.open(live.page(f"/{snippet}/{live.open(TEXTS)}"))
    requests = loaded(reader, booth_in(page))
    assert len(requests) == number, [request.url for request in requests]
    assert {urlsplit(r.url).netloc for r in requests} == {urlsplit(live.url).netloc}
    sizes = {request.url: request.sizes()["responseBodySize"] for request in requests}
    assert min(sizes.values()) > 0  # no other origin hides its size from the counter
    assert sum(sizes.values()) <= budget, sizes


def test_scripts_and_style_sheets_come_by_brotli(live: Service, reader: Reader) -> None:
    booth = reader.booth(live.page(f"/script/{live.open()}"))
    packed = {
        response.url: response.header_value("content-encoding")
        for request in loaded(reader, booth)
        if (response := request.response())
    }
    assert sorted(packed.values()) == ["br", "br", "br", "gzip"], packed


def test_the_counters_count(live: Service, reader: Reader) -> None:
    """A picture in the article would be one request more: the other tests can fail."""
    slug = live.open()
    extra = f"<img src='{live.url}/embed/v1.js'>"
    page = reader.open(live.page(f"/iframe/{slug}?put={quote(extra)}"))
    assert len(loaded(reader, booth_in(page))) == 4
