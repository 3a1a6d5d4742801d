"""A second server to restore into, and the first one made to fork at once."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import redis

from server.settings import Settings
from server.store.connection import primaries
from server.store.store import Store, open_store
from server.supervisor.embedded import EmbeddedStore
from tests.conftest import NO_BRAKE
from tests.replay.shell import Shell


@pytest.fixture(scope="session")
def second_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    with EmbeddedStore(tmp_path_factory.mktemp("second")) as server:
        yield server


@pytest.fixture
def target(second_server: EmbeddedStore) -> Iterator[Store]:
    """An empty store, also if a restore was broken off in it."""
    with redis.Redis.from_url(second_server.url) as client:
        client.flushall()
    opened = open_store(second_server.url, brake=NO_BRAKE)
    yield opened
    opened.close()


@pytest.fixture
def shell(settings: Settings, data: Path) -> Shell:
    """The command line, beside the first server."""
    return Shell(data, variables(settings))


@pytest.fixture
def there(second_server: EmbeddedStore, settings: Settings, data: Path) -> Shell:
    """The command line, beside the second one."""
    return Shell(data, variables(replace(settings, redis_url=second_server.url)))


def variables(settings: Settings, **more: str) -> dict[str, str]:
    return {
        "REDIS_URL": settings.redis_url,
        "ISOLOIR_URL": settings.public_url,
        "ISOLOIR_SECRET_KEYS": settings.secret_keys[0],
        **more,
    }


@pytest.fixture(autouse=True)
def _at_once(store: Store) -> None:
    """A server waits five seconds for other replicas before it forks: not here."""
    for node in primaries(store.redis):
        node.config_set("repl-diskless-sync-delay", 0)
