"""The rules of the contract on PostgreSQL. Without a PostgreSQL here the run fails."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.central.receiver.app import create_receiver
from server.central.receiver.parts import NAME
from server.central.receiver.tables import metadata
from tests.contract.receiver_rules import ReceiverRules
from tests.contract.sending import NEXT_SECRET, SECRET
from tests.hosts.postgres import Postgres


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with Postgres() as server:
        yield server


@pytest.fixture
def receiver(postgres: Postgres) -> Iterator[Flask]:
    """The receiver on empty tables."""
    app = create_receiver(postgres.url, (SECRET, NEXT_SECRET), lambda: datetime.now(UTC))
    yield app
    engine = app.extensions[NAME].engine
    metadata.drop_all(engine)
    engine.dispose()


@pytest.fixture
def client(receiver: Flask) -> FlaskClient:
    return receiver.test_client()


class TestOnPostgres(ReceiverRules):
    pass
