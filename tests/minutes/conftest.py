"""A closed consultation, a key that signs, and a clock that stands after the close."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server.consultations.ballots import Ballot, Trust, Vote
from server.consultations.consultation import Consultation
from server.keyring import Keyring, PublicKey
from server.settings import Settings
from server.store.ballots import Wish
from server.store.minutes import Claim
from server.store.store import Store
from server.teller.closing import Closing
from tests.cluster.both import pytest_generate_tests  # noqa: F401 - a hook of pytest's

KEY = "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="  # RFC 8032, 7.1, test 1
OTHER_KEY = "whsk_TM0Imyj/ltqdtsNG7BFOD1uKMZ81q6Yk2oz27U+4pvs="  # test 2
RMC, BFM = 2, 3
AFTER = timedelta(days=60)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, signing_key=KEY)


def public(text: str = KEY) -> PublicKey:
    (key,) = Keyring.parse(text).keys
    return key


def after_the_close() -> datetime:
    return datetime.now(UTC) + AFTER


def closing(
    store: Store,
    settings: Settings,
    now: Callable[[], datetime] = after_the_close,
    claim: Claim | None = None,
) -> Closing:
    return Closing(store, settings, now, claim)


def cast(
    store: Store,
    asked: Consultation,
    voter: str,
    proposal: int,
    vote: str = "agree",
    *nuances: str,
    source: int = RMC,
) -> None:
    ballot = Ballot.of(Vote(vote), nuances)
    store.ballots.cast(asked, 0, voter, Wish(proposal, ballot, Trust.SEQUENCE, source))


@pytest.fixture
def voted(store: Store, opened: Consultation) -> Consultation:
    """Nora (RMC) agrees with 5 and 7, Adam (BFM) disagrees with 5."""
    cast(store, opened, "nora", 5, "agree", "doable")
    cast(store, opened, "nora", 7, "agree")
    cast(store, opened, "adam", 5, "disagree", "noWay", "impossible", source=BFM)
    return opened


def content(store: Store, asked: Consultation, version: int | None = None) -> bytes:
    found = store.minutes.read(asked, version)
    assert found is not None, "there are no minutes"
    return b"".join(found.pieces())


def drawn_up(store: Store, asked: Consultation) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(content(store, asked))
    return document
