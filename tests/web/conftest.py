"""A reader's browser, as far as HTTP goes."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.consultations.consultation import Consultation
from server.store.store import Store
from server.web.service import NAME
from tests.cluster.both import pytest_generate_tests  # noqa: F401 - a hook of pytest's
from tests.conftest import ORIGIN

API = "/api/v1/consultations/reinventer-le-travail"
OWN = {"Origin": ORIGIN}
TEXT = "Il faut planter des arbres dans chaque rue"


@dataclass
class Reader:
    """Somebody in front of one source's booth. Keeps cookies as a browser does, unless told."""

    client: FlaskClient
    source: str = "rmc"
    headers: dict[str, str] = field(default_factory=lambda: dict(OWN))

    def credential(self, consultation: str = "reinventer-le-travail") -> str:
        asked = {"source": self.source, "consultation": consultation}
        return str(self.post("/api/v1/credential", asked).get_json()["credential"])

    def ticket(self) -> dict[str, Any]:
        """Return the shared deck of this source: ticket and proposals."""
        deck: dict[str, Any] = self.client.get(f"{API}/deck?source={self.source}").get_json()
        return deck

    def post(self, path: str, body: Any) -> TestResponse:
        return self.client.post(path, json=body, headers=self.headers)

    def cast(self, proposal: int, vote: str = "agree", **body: Any) -> TestResponse:
        body = {"vote": vote, **body}
        return self.client.put(self.at(proposal), json=body, headers=self.headers)

    def withdraw(self, proposal: int, **body: Any) -> TestResponse:
        return self.client.delete(self.at(proposal), json=body, headers=self.headers)

    def at(self, proposal: int) -> str:
        return f"{API}/proposals/{proposal}/ballot"


@pytest.fixture
def reader(app: Flask, opened: Consultation) -> Reader:
    """A reader of RMC. The consultation is open and has 24 proposals."""
    return Reader(app.test_client())


@pytest.fixture
def programme(app: Flask, opened: Consultation) -> Reader:
    """A reader whose browser keeps no cookies."""
    return Reader(app.test_client(use_cookies=False))


@pytest.fixture
def proposing(app: Flask, store: Store, opened: Consultation) -> Consultation:
    """The usual consultation, in which readers may propose."""
    changed = replace(opened, proposing=True)
    store.consultations.replace(changed)
    app.extensions[NAME].directory.forget()
    return changed


@pytest.fixture
def author(programme: Reader, proposing: Consultation) -> Callable[..., TestResponse]:
    """Propose as one reader of RMC; what is given overrides what is usual."""
    credential = programme.credential()
    numbers = iter(range(1, 100))

    def propose(**body: Any) -> TestResponse:
        ticket = programme.ticket()["ticket"]
        usual = {"credential": credential, "ticket": ticket, "text": TEXT, "number": next(numbers)}
        sent = {k: v for k, v in {**usual, **body}.items() if v is not ...}
        return programme.client.post(f"{API}/proposals", json=sent, headers=programme.headers)

    propose.credential = credential  # type: ignore[attr-defined]
    return propose


def ballots_in(store: Store, opened: Consultation) -> int:
    """Return how many ballots the whole consultation holds, counted from the ballots."""
    counted = store.recount.run(opened)
    return sum(n for sources in counted.values() for h in sources.values() for n in h.values())


def code(response: TestResponse) -> tuple[int, str]:
    """Return a refusal's status and code; it must be a problem document."""
    assert response.mimetype == "application/problem+json", response.get_data(as_text=True)
    document = response.get_json()
    assert document["status"] == response.status_code
    return response.status_code, document["code"]
