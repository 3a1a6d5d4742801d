"""The service on this machine, as the commands beside it find it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.settings import Settings, SettingsError, with_data_folder
from server.store.store import Store, open_store


def settings_of(data: Path) -> Settings:
    """Return the settings of the service that keeps its data in `data`, or the environment's."""
    environ = with_data_folder(data)
    if not environ.get("REDIS_URL"):
        raise SettingsError(
            f"{data} holds no service: name its folder with --data, or set REDIS_URL."
        )
    return Settings.load(environ)


@contextmanager
def store_of(data: Path, demand_replicas: bool = False) -> Iterator[Store]:
    """Open that service's store; raise `StoreUnfit` if it does not run.

    Only where boxes are sealed or ballots destroyed must the replicas be there: with one away, an
    operator can still look after all the rest.
    """
    settings = settings_of(data)
    store = open_store(settings.redis_url, settings.replicas, demand_replicas=demand_replicas)
    try:
        yield store
    finally:
        store.close()
