"""When ballots may be destroyed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from server.consultations.errors import BallotsNeeded
from server.store import keys
from server.supervisor.embedded import EmbeddedStore
from server.teller.retention import Retention
from tests.purge.conftest import House, inhabited


@pytest.fixture
def voting(server: EmbeddedStore) -> Iterator[House]:
    """Twelve readers have voted, and others still may."""
    with inhabited(server) as made:
        yield made


def refused(house: House, now: datetime, early: bool = False) -> str:
    """Return why the purge is refused; nothing may have been destroyed."""
    with pytest.raises(BallotsNeeded) as caught:
        house.store.purge.run(house.consultation, now, early)
    assert house.store.purge.state(house.consultation) is None
    assert house.store.consultations.voter_key(house.consultation)
    return caught.value.detail


def test_ballots_are_needed_until_the_retention_is_over(house: House) -> None:
    """90 days unless the consultation says otherwise; earlier only if it is said so."""
    sealed = house.store.minutes.sealed_at(house.consultation)
    assert house.over() - sealed == timedelta(days=90)
    just_before = house.over() - timedelta(seconds=1)
    assert "keeps its ballots until" in refused(house, just_before)
    assert house.store.purge.run(house.consultation, just_before, early=True) == 12


def test_a_close_that_is_dated_back_does_not_shorten_the_retention(house: House) -> None:
    """Nor does one that was sealed late: the ballots are kept that long after the seal."""
    house.consultation = replace(
        house.consultation, closes=house.consultation.closes - timedelta(days=365)
    )
    house.store.consultations.replace(house.consultation)
    assert "keeps its ballots until" in refused(house, datetime.now(UTC) + timedelta(days=89))
    Retention(house.store, lambda: datetime.now(UTC) + timedelta(days=89)).turn()
    assert house.store.purge.state(house.consultation) is None
    Retention(house.store, lambda: datetime.now(UTC) + timedelta(days=90)).turn()
    assert house.left() == set()


def test_a_retention_of_no_days_is_over_at_the_close(house: House) -> None:
    soon = replace(house.consultation, retention=0)
    house.store.consultations.replace(soon)
    assert house.store.consultations.by_slug(soon.slug).keeps_until == soon.closes
    assert house.store.purge.run(soon, datetime.now(UTC)) == 12


def test_an_open_consultation_is_never_purged(voting: House) -> None:
    assert refused(voting, datetime.now(UTC), early=True).endswith("is not closed.")


def test_nor_is_one_whose_boxes_are_not_all_sealed(voting: House) -> None:
    assert "not sealed" in refused(voting, voting.over(), early=True)


def test_nor_is_one_without_minutes(house: House) -> None:
    house.store.redis.unlink(keys.minutes(house.consultation.id))
    assert "no minutes" in refused(house, house.over(), early=True)


def test_a_definition_from_before_there_was_a_retention_has_the_usual_one(house: House) -> None:
    at = keys.definition(house.consultation.id)
    older = house.store.redis.get(at).replace('"retention": 90, ', "")
    assert "retention" not in older
    house.store.redis.set(at, older)
    assert house.store.consultations.by_slug(house.consultation.slug).retention == 90
