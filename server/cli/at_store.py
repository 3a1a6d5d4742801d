"""The service on this machine, as the commands beside it find it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.settings import Settings, with_data_folder
from server.store.store import Store, open_store


def settings_of(data: Path) -> Settings:
    """Return the settings of the service that keeps its data in `data`, or the environment's."""
    return Settings.load(with_data_folder(data))


@contextmanager
def store_of(data: Path) -> Iterator[Store]:
    """Open that service's store; raise `StoreUnfit` if it does not run."""
    store = open_store(settings_of(data).redis_url)
    try:
        yield store
    finally:
        store.close()
