"""One set of numbers: what the receiver holds, what the minutes say, and what anybody downloads."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from server.central.syncer import Syncer
from server.consultations.ballots import Ballot, Trust, Vote
from server.consultations.consultation import Consultation
from server.settings import Settings
from server.store.ballots import Wish
from server.store.store import Store
from server.teller.closing import Closing
from server.teller.figures import Bookkeeping
from server.web.service import NAME
from tests.contract.test_syncer import (
    Clock,
    Served,
    clock,
    make_syncer,
    received,
    served,
    syncer,
    turns,
)
from tests.minutes.conftest import KEY
from tests.store.casting import BFM, LES_ECHOS, RMC, publish

__all__ = ["clock", "make_syncer", "served", "syncer"]
pytestmark = pytest.mark.one_server


def cast_all_kinds(store: Store, opened: Consultation) -> None:
    """Asked, by link and unverified; three media titles, one of them with too few to be told."""
    for number in range(60):
        source = LES_ECHOS if number < 3 else (RMC, BFM)[number % 2]
        trust = (Trust.SEQUENCE, Trust.TRUSTED, Trust.UNVERIFIED)[number % 3]
        for proposal in (1, 2, 3):
            ballot = Ballot(list(Vote)[(number + proposal) % 3])
            wish = Wish(proposal, ballot, trust, source, braked=False)
            store.ballots.cast(opened, 0, f"v{number}", wish)


def sums(rows: list[dict[str, Any]]) -> dict[tuple[str, str], tuple[int, int, int]]:
    """Return for each proposal and vote all ballots, the verified and the asked ones."""
    found: dict[tuple[str, str], tuple[int, int, int]] = {}
    for row in rows:
        for vote, said in row["votes"].items():
            number = row["proposal"].rpartition(":")[2], vote
            before = found.get(number, (0, 0, 0))
            now = (said["count"], said["countVerified"], said["countSequence"])
            found[number] = tuple(map(sum, zip(before, now, strict=True)))  # type: ignore[assignment]
    return found


def test_receiver_minutes_page_and_files_tell_the_same_numbers(
    app: Flask,
    store: Store,
    opened: Consultation,
    settings: Settings,
    syncer: Syncer,
    served: Served,
    clock: Clock,
) -> None:
    cast_all_kinds(store, opened)
    store.consultations.replace(opened.closed(datetime.now(UTC)))
    Closing(store, replace(settings, signing_key=KEY), lambda: datetime.now(UTC)).turn()
    publish(store, opened)
    Bookkeeping(store).turn()
    turns(syncer, clock)
    at_receiver = sums(received(served, opened))
    minutes = store.minutes.read(opened)
    assert minutes
    assert sums(json.loads(b"".join(minutes.pieces()))["rows"]) == at_receiver
    app.extensions[NAME].directory.forget()
    client = app.test_client()
    rows = client.get(f"/c/{opened.slug}/results.json").get_json()["rows"]
    whole = {row["proposal"]: row for row in rows if row["source"] == "~all"}
    for (proposal, vote), (_, verified, asked) in at_receiver.items():
        told = whole[int(proposal)]
        assert (told[vote], told[f"{vote}_asked"]) == (verified, asked)
    for proposal, told in whole.items():
        every = sum(count for (one, _), (count, *_) in at_receiver.items() if one == str(proposal))
        assert told["ballots"] == every
    page = client.get(f"/c/{opened.slug}/results?list=all").get_data(as_text=True)
    for proposal in (1, 2, 3):
        verified = sum(n for (one, _), (_, n, _) in at_receiver.items() if one == str(proposal))
        item = page[page.index(f'id="p{proposal}"') :].partition("</li>")[0]
        assert f"{verified} votes" in item
