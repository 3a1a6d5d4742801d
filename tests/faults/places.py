"""Every place where the votes of a running service are counted, and what each of them says."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from server.central.client import Central
from server.replay.comparison import Numbers
from server.replay.places import Places, wait_for
from server.replay.service import Service
from server.settings import Settings, with_data_folder
from server.store.store import open_store

Votes = dict[tuple[int, str], int]  # (proposal, vote) -> ballots


def settled(data: Path, slug: str) -> dict[str, Votes]:
    """Wait until all have heard of the last vote; return what readers, box and receiver say."""
    with _places(data, slug) as places:
        last = places.last()
        for revision in (places.published, places.received):
            wait_for(revision, last, lambda _grown: None)
        return {name: _votes(numbers) for name, numbers in places.numbers().items()}


def _votes(numbers: Numbers) -> Votes:
    return +Counter({(proposal, v.value): c.count for (proposal, v), c in numbers.items()})


@contextmanager
def _places(data: Path, slug: str) -> Iterator[Places]:
    settings = Settings.load(with_data_folder(data, {}))
    assert settings.central_url
    assert settings.central_secret
    central = Central(settings.central_url, (settings.central_secret,))
    with (
        closing(open_store(settings.redis_url)) as store,
        closing(Service(settings, slug, token="")) as service,
        closing(central),
    ):
        found = store.consultations.by_slug(slug)
        yield Places(store, service, central, settings.deployment, found)
