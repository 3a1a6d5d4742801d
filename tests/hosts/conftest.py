"""One service behind TLS for all tests of engines; a browser of their own for each reader."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import service
from tests.browser.tls import Tls
from tests.hosts.engines import ENGINES, Engine
from tests.hosts.reading import Reader


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[service.Service]:
    folder: Path = tmp_path_factory.mktemp("tls")
    with service.running(Tls.made_in(folder)) as started:
        yield started


@pytest.fixture(params=ENGINES, ids=lambda engine: engine.name)
def engine(request: pytest.FixtureRequest) -> Engine:
    found: Engine = request.param
    return found


@pytest.fixture
def reader(engine: Engine) -> Iterator[Reader]:
    """A reader nobody knows. Without the browser the test fails, and says what to install."""
    with engine.start(True) as browser:
        yield Reader(engine, browser)


@pytest.fixture
def scriptless(engine: Engine) -> Iterator[Reader]:
    """A reader whose browser runs no script."""
    with engine.start(False) as browser:
        yield Reader(engine, browser, scripts=False)
