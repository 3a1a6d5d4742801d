"""A receiver on a real SQLite file."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.central.receiver.app import create_receiver
from server.central.receiver.parts import NAME
from tests.contract.sending import NEXT_SECRET, SECRET


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Flask]:
    url = f"sqlite:///{tmp_path / 'receiver.sqlite'}"
    app = create_receiver(url, (SECRET, NEXT_SECRET), lambda: datetime.now(UTC))
    yield app
    app.extensions[NAME].engine.dispose()


@pytest.fixture
def client(receiver: Flask) -> FlaskClient:
    return receiver.test_client()
