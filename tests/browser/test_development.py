"""A developer's booth: the browser runs the source as it is written, and it works."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import widget
from tests.browser import service
from tests.browser.reading import Reader
from tests.browser.service import Service

WIDGET = Path(widget.__file__).parent


@pytest.fixture(scope="module")
def debugged() -> Iterator[Service]:
    with service.running(FLASK_DEBUG="1") as started:
        yield started


def loaded(reader: Reader, ending: str) -> str:
    """Return what came for the first vote, under a name with a hash in it."""
    [request] = [r for r in reader.sent("GET", "/assets/booth.") if r.url.endswith(ending)]
    response = request.response()
    assert response
    return response.text()


def test_a_booth_of_files_as_written_takes_a_vote(debugged: Service, reader: Reader) -> None:
    slug = debugged.open()
    booth = reader.booth(debugged.page(f"/iframe/{slug}"))
    booth.vote("agree")
    booth.counted()
    assert len(debugged.ballots(slug)) == 1
    assert loaded(reader, ".css") == (WIDGET / "booth.css").read_text()
    _, main = (WIDGET / "src" / "main.js").read_text().split("\n\n", 1)  # without its imports
    assert main in loaded(reader, ".js")
