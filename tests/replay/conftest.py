"""A shell beside the test's store, and beside a whole service."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.settings import Settings
from server.store.store import Store
from tests.replay.shell import Shell
from tests.replay.stack import Stack, running

KEY = "a key of thirty-two characters or more"


@pytest.fixture
def shell(store: Store, settings: Settings, tmp_path: Path) -> Shell:
    """A shell beside a service that uses the test's store; it has no receiver."""
    (tmp_path / "environment").write_text(
        f"REDIS_URL={settings.redis_url}\n"
        f"ISOLOIR_URL={settings.public_url}\n"
        f"ISOLOIR_SECRET_KEYS={KEY}\n"
    )
    return Shell(tmp_path)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole service, its demo consultation included; started once."""
    with running(tmp_path_factory.mktemp("stack")) as started:
        yield started
