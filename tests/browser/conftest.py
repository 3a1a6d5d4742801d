"""One browser and one service for all browser tests; a reader of their own for each."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import chromium, service
from tests.browser.reading import Reader

# Only a test that fails waits so long: a machine may have much else to do.
PATIENCE = 30_000  # milliseconds


@pytest.fixture(scope="session")
def live() -> Iterator[service.Service]:
    with service.running() as started:
        yield started


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Without a browser the run fails: `make test` says what it installs."""
    expect.set_options(timeout=PATIENCE)
    with chromium.browser() as started:
        yield started


@pytest.fixture
def reader(browser: Browser) -> Iterator[Reader]:
    """A reader nobody knows. At the end their console must be empty."""
    context = browser.new_context(viewport={"width": 640, "height": 900}, locale="fr-FR")
    context.set_default_timeout(PATIENCE)
    found = Reader(context)
    yield found
    context.close()
    assert found.complaints == []


@pytest.fixture
def scriptless(browser: Browser) -> Iterator[Reader]:
    """A reader whose browser runs no script."""
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    yield Reader(context)
    context.close()
