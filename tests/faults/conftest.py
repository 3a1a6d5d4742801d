"""A store of its own for each test, the service on it, and a network between them that fails."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from server.app import create_app
from server.consultations.consultation import Consultation
from server.settings import Settings
from server.store.store import Store, open_store
from server.supervisor.embedded import EmbeddedStore
from server.web.service import NAME
from tests.conftest import consultation, proposals
from tests.faults.proxy import Proxy, proxy


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder whose path is short enough for sockets."""
    with tempfile.TemporaryDirectory(prefix="isoloir-") as folder:
        yield Path(folder)


@pytest.fixture
def server(data: Path) -> Iterator[EmbeddedStore]:
    """A store that may be killed, frozen or filled."""
    with EmbeddedStore(data) as started:
        yield started


@pytest.fixture
def network(server: EmbeddedStore, short: Path) -> Iterator[Proxy]:
    with proxy(server.socket, short) as running:
        yield running


@pytest.fixture
def direct(server: EmbeddedStore) -> Iterator[Store]:
    """The store without the network between: for the test's own looks."""
    opened = open_store(server.url)
    yield opened
    opened.close()


@pytest.fixture
def held(direct: Store) -> Consultation:
    """The usual consultation in that store."""
    return direct.consultations.create(consultation(), proposals())


@pytest.fixture
def distant_app(network: Proxy, held: Consultation, settings: Settings) -> Iterator[Flask]:
    """The service on the other side of the network."""
    app = create_app(replace(settings, redis_url=network.url))
    yield app
    app.extensions[NAME].store.close()


@pytest.fixture
def near_app(server: EmbeddedStore, held: Consultation, settings: Settings) -> Iterator[Flask]:
    """The service beside its store."""
    app = create_app(replace(settings, redis_url=server.url))
    yield app
    app.extensions[NAME].store.close()
