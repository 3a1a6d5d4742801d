"""A real Valkey server for the whole run, flushed before each test, and helpers that speak the domain."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from server.app import create_app
from server.consultations.consultation import (
    DIRECT_SOURCE,
    Consultation,
    Proposal,
    Source,
)
from server.settings import Settings
from server.store.store import Store, open_store
from server.supervisor.embedded import EmbeddedStore
from server.web.service import NAME

SECRET = "a key of thirty-two characters or more for tests"
ORIGIN = "http://localhost:8000"


@pytest.fixture(scope="session")
def store_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    """A private server on a unix socket. Without a server binary the run fails."""
    with EmbeddedStore(tmp_path_factory.mktemp("store")) as server:
        yield server


@pytest.fixture
def store(store_server: EmbeddedStore) -> Iterator[Store]:
    opened = open_store(store_server.url)
    opened.redis.flushall()
    yield opened
    opened.close()


@pytest.fixture
def settings(store_server: EmbeddedStore) -> Settings:
    return Settings(redis_url=store_server.url, public_url=ORIGIN, secret_keys=(SECRET,))


@pytest.fixture
def app(store: Store, settings: Settings) -> Iterator[Flask]:
    """The service on the flushed store."""
    made = create_app(settings)
    yield made
    made.extensions[NAME].store.close()


def consultation(slug: str = "reinventer-le-travail", **fields: object) -> Consultation:
    """An open consultation of three sources; two of them belong to one publisher."""
    now = datetime.now(UTC)
    usual = {
        "id": "",
        "slug": slug,
        "question": "Comment réinventer le travail ?",
        "language": "fr",
        "opens": now - timedelta(days=1),
        "closes": now + timedelta(days=30),
        "sources": (
            DIRECT_SOURCE,
            Source(2, "rmc", "RMC", "rmc-bfm", ("http://rmc.localhost:8100",), "#c8102e"),
            Source(3, "bfm", "BFM", "rmc-bfm", ("http://bfm.localhost:8100",)),
            Source(4, "les-echos", "Les Echos", "les-echos", ("http://les-echos.localhost:8100",)),
        ),
        "prefix": "Il faut",
    }
    return Consultation(**{**usual, **fields})  # type: ignore[arg-type]


def proposals(number: int = 24) -> list[Proposal]:
    return [
        Proposal(i, f"Il faut essayer la mesure numéro {i}", "fr") for i in range(1, number + 1)
    ]


@pytest.fixture
def opened(store: Store) -> Consultation:
    """The usual consultation, in the store, with 24 proposals."""
    return store.consultations.create(consultation(), proposals())


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"
