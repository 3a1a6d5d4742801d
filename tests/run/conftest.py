"""One demo for the tests that only look at it or kill its parts."""

from collections.abc import Iterator

import pytest

from tests.run.machine import Machine, machine


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with machine("demo", tmp_path_factory.mktemp("run") / "data") as running:
        yield running
