"""A real Valkey server for the whole run, flushed before each test, and helpers that speak the domain."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from server.app import create_app
from server.consultations.brakes import VoterBrake
from server.consultations.consultation import (
    DIRECT_SOURCE,
    Consultation,
    Proposal,
    Source,
)
from server.settings import Settings
from server.store.connection import primaries
from server.store.store import Store, open_store
from server.supervisor.embedded import EmbeddedStore
from server.web.service import NAME
from tests import starting
from tests.cluster.nodes import LocalCluster

SECRET = "a key of thirty-two characters or more for tests"
ORIGIN = "http://localhost:8000"
NO_BRAKE = VoterBrake(per_minute=0)  # these voters are in more of a hurry than people

starting.quickly()


@pytest.fixture(scope="session")
def one_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    """A private server on a unix socket. Without a server binary the run fails."""
    with EmbeddedStore(tmp_path_factory.mktemp("store")) as server:
        yield server


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    """Three primaries and their replicas, started by the first test that needs them."""
    with LocalCluster(tmp_path_factory.mktemp("cluster")) as nodes:
        yield nodes


@pytest.fixture
def store_server(request: pytest.FixtureRequest) -> EmbeddedStore | LocalCluster:
    """One server; where a folder asks for both, one server and then a cluster."""
    server: EmbeddedStore | LocalCluster = request.getfixturevalue(
        getattr(request, "param", "one_server")
    )
    return server


@pytest.fixture
def store(store_server: EmbeddedStore | LocalCluster) -> Iterator[Store]:
    opened = open_store(store_server.url, brake=NO_BRAKE)
    opened.redis.flushall()
    yield opened
    opened.close()


@pytest.fixture
def settings(store_server: EmbeddedStore | LocalCluster) -> Settings:
    return Settings(
        redis_url=store_server.url, public_url=ORIGIN, secret_keys=(SECRET,), voter_per_minute=0
    )


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


def all_keys(store: Store) -> set[str]:
    """Return every key of the store, whichever server has it."""
    return {key for node in primaries(store.redis) for key in node.keys("*")}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"
