"""A recount survives crashes of the store, and says so when there are too many."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.consultations.consultation import Consultation
from server.consultations.errors import StoreUnavailable
from server.store.keys import Box
from server.store.recount import STARTS
from server.store.store import Store, open_store
from server.supervisor.embedded import EmbeddedStore
from tests.conftest import consultation, proposals
from tests.store.casting import cast, cast_by_many
from tests.store.crashing import crash


@pytest.fixture
def server(data: Path) -> Iterator[EmbeddedStore]:
    """A server of our own, to be killed."""
    with EmbeddedStore(data) as running:
        yield running


@pytest.fixture
def own(server: EmbeddedStore) -> Iterator[Store]:
    opened = open_store(server.url)
    yield opened
    opened.close()


@pytest.fixture
def voted(own: Store) -> Consultation:
    made = own.consultations.create(consultation(boxes=3), proposals())
    cast_by_many(own, made)
    return made


def test_a_crash_of_the_store_means_another_start(
    server: EmbeddedStore, own: Store, voted: Consultation
) -> None:
    """Once among the voters, once among the tallies: what was counted before is not trusted."""
    moments = [("1", "voters"), ("2", "differences")]

    def disturb(what: str, number: int) -> None:
        moment = own.redis.get(Box(voted.id, 0).generation), what
        if moments and moment == moments[0]:
            moments.pop(0)
            crash(server)
            cast(own, voted, f"after {what}", box=1)

    assert own.recount.compare(voted, disturb) == []
    assert own.redis.get(Box(voted.id, 0).generation) == "3"
    assert own.recount.compare(voted) == []


def test_a_fix_that_a_crash_interrupts_puts_all_right_and_tells_all(
    server: EmbeddedStore, own: Store, voted: Consultation
) -> None:
    """It begins again, and what the first start had put right is told with the rest."""
    truth = own.recount.run(voted)
    for number in range(3):
        own.redis.unlink(Box(voted.id, number).tally(5))
    wrong = own.recount.compare(voted)
    moments = [3]

    def disturb(what: str, number: int) -> None:
        if what == "fixed" and moments:
            moments.pop()
            crash(server)

    assert own.recount.fix(voted, disturb) == wrong
    assert own.recount.run(voted) == truth
    assert own.recount.compare(voted) == []


def test_a_store_that_crashes_each_time_ends_the_recount_with_an_error(
    server: EmbeddedStore, own: Store, voted: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.store.recount.LONGEST_PAUSE", 0.1)
    with pytest.raises(StoreUnavailable, match=f"begun {STARTS} times"):
        own.recount.compare(voted, lambda *_: crash(server))
    assert own.recount.compare(voted) == []
