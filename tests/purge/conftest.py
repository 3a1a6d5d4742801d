"""A store of one's own, readers who voted there, and a consultation that is over."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from server.app import create_app
from server.consultations import moderation
from server.consultations.consultation import Consultation
from server.consultations.proposing import RefusalReason
from server.settings import Settings
from server.store.store import Store, open_store
from server.supervisor.embedded import EmbeddedStore
from server.teller.closing import Closing
from server.web.credentials import VoterKey
from server.web.service import NAME
from tests.conftest import ORIGIN, SECRET, consultation, proposals
from tests.minutes.conftest import KEY
from tests.purge.traces import Traces, tell
from tests.web.conftest import API, Reader

READERS = 12
UNPUBLISHED = "Il faut que cela reste entre nous"
KEPT = {"voter", "voter key", "record", "author"}  # a credential's own id is kept nowhere, ever


@dataclass
class House:
    """A service on a store of its own, with one consultation, and what its readers left there."""

    server: EmbeddedStore
    settings: Settings
    store: Store
    app: Flask
    consultation: Consultation
    credentials: list[str]
    traces: Traces

    def left(self) -> set[str]:
        """Return every trace that is left anywhere on the server."""
        return self.traces.on(self.server.url, self.server.data)

    def over(self) -> datetime:
        """Return an instant at which the ballots are due to be destroyed."""
        return self.store.purge.until(self.consultation)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedStore]:
    """A server of one's own, which remembers all commands and compresses nothing."""
    with EmbeddedStore(tmp_path / "own") as started:
        yield started


@pytest.fixture
def house(server: EmbeddedStore) -> Iterator[House]:
    """Twelve readers voted through the web; then the consultation was closed, with minutes."""
    with inhabited(server) as made:
        close(made)
        yield made


@contextmanager
def inhabited(server: EmbeddedStore, boxes: int = 1) -> Iterator[House]:
    """Give a house in which twelve readers have voted; the consultation is open."""
    store = open_store(server.url)
    tell(store.redis)
    settings = Settings(
        redis_url=server.url, public_url=ORIGIN, secret_keys=(SECRET,), signing_key=KEY
    )
    app = create_app(settings)
    opened = store.consultations.create(consultation(boxes=boxes, proposing=True), proposals())
    try:
        credentials = vote(app)
        moderate(store, opened)
        read = [app.extensions[NAME].credentials.read(token) for token in credentials]
        key = store.consultations.voter_key(opened)
        voters = [credential.voter(key) for credential in read]
        authors = [VoterKey(key).author(credential) for credential in read[::3]]
        traces = Traces.of(voters, key, [credential.id for credential in read], authors)
        yield House(server, settings, store, app, opened, credentials, traces)
    finally:
        app.extensions[NAME].store.close()
        store.close()


def vote(app: Flask, readers: int = READERS) -> list[str]:
    """Let readers vote over HTTP; return their credentials."""
    credentials = []
    for number in range(readers):
        reader = Reader(app.test_client())
        credential = reader.credential()
        for proposal in range(1, 4 + number % 3):
            answer = reader.cast(
                proposal, ticket=reader.ticket()["ticket"], credential=credential, number=proposal
            )
            assert answer.status_code == 200, answer.get_data(as_text=True)
        if number % 3 == 0:
            propose(reader, credential)
        credentials.append(credential)
    return credentials


def propose(reader: Reader, credential: str) -> None:
    asked = {"credential": credential, "number": 99, "text": UNPUBLISHED, "name": "Zoé"}
    answer = reader.post(f"{API}/proposals", asked)
    assert answer.status_code == 201, answer.get_data(as_text=True)


def moderate(store: Store, opened: Consultation) -> None:
    """Decide in every way on the same text by four authors, of which readers see none."""
    decisions = store.moderation.decisions
    mended, refused, postponed, dropped = (
        case.submission.proposal.id for case in store.moderation.queue.waiting(opened)
    )
    edit = moderation.accept(mended, text="Il faut que tout le monde le sache")
    why_not = moderation.refuse(refused, RefusalReason.PERSONAL)
    decisions.decide(opened, "nora", [edit, why_not, moderation.accept(dropped)], hold=0)
    decisions.take_down(opened, "nora", dropped, RefusalReason.LEGAL)
    later = store.clock.now() + 3600_000
    note = f"Je lis « {UNPUBLISHED} » : qu’en penses-tu ?"
    decisions.decide(opened, "nora", [moderation.postpone(postponed, later, note)])


def close(house: House) -> None:
    """Close it, and have the teller seal it and draw up its minutes."""
    ended = datetime.now(UTC) - timedelta(seconds=1)
    house.consultation = replace(house.consultation, closes=ended)
    house.store.consultations.replace(house.consultation)
    Closing(house.store, house.settings, lambda: datetime.now(UTC)).turn()
    assert house.store.minutes.versions(house.consultation) == 1
    house.app.extensions[NAME].directory.forget()
