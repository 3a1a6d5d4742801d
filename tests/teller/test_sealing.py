"""Boxes are sealed when a consultation is over, and stay sealed whatever happens to the store."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from server.consultations.ballots import Ballot, Trust, Vote
from server.consultations.consultation import Consultation
from server.consultations.errors import Closed
from server.store import keys
from server.store.ballots import Wish
from server.store.store import Store
from server.teller.memory import AGAIN, Done
from server.teller.sealing import Sealing


def test_a_seal_that_the_store_has_lost_is_set_again_within_a_minute(
    store: Store, opened: Consultation
) -> None:
    """As after a failover that came right after it, or a restored backup."""
    over = replace(opened, closes=datetime.now(UTC) - timedelta(seconds=1))
    store.consultations.replace(over)
    clock = [1000.0]
    sealing = Sealing(store, lambda: datetime.now(UTC), Done(lambda: clock[0]))
    sealing.turn()
    store.redis.delete(keys.Box(opened.id, 0).seal)
    clock[0] += AGAIN
    sealing.turn()
    with pytest.raises(Closed):
        store.ballots.cast(over, 0, "nora", Wish(1, Ballot(Vote.AGREE), Trust.SEQUENCE, 2))


def test_an_open_consultation_is_not_sealed(store: Store, opened: Consultation) -> None:
    Sealing(store, lambda: datetime.now(UTC)).turn()
    store.ballots.cast(opened, 0, "nora", Wish(1, Ballot(Vote.AGREE), Trust.SEQUENCE, 2))
