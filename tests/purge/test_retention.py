"""The teller destroys ballots by itself, once their time is over."""

import logging
import threading
from datetime import datetime, timedelta

import pytest

from server.store import keys
from server.teller.retention import Retention
from tests.cluster.nodes import until
from tests.purge.conftest import House


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(house: House) -> Clock:
    """A clock that shows the last second of the retention."""
    return Clock(house.over() - timedelta(seconds=1))


@pytest.fixture
def retention(house: House, clock: Clock) -> Retention:
    return Retention(house.store, clock)


def test_ballots_are_destroyed_at_their_date_and_not_before(
    house: House, clock: Clock, retention: Retention, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    retention.turn()
    assert house.store.purge.state(house.consultation) is None
    clock.now += timedelta(seconds=1)
    for _ in range(3):
        retention.turn()
    assert house.left() == set()
    assert caplog.messages == ["The ballots of reinventer-le-travail are destroyed."]


def test_after_a_failure_it_is_tried_again_ten_minutes_later(
    house: House, clock: Clock, retention: Retention, caplog: pytest.LogCaptureFixture
) -> None:
    """One line says what is missing."""
    at = keys.minutes(house.consultation.id)
    (minutes,) = house.store.redis.lrange(at, 0, -1)
    house.store.redis.unlink(at)
    clock.now += timedelta(days=1)
    retention.turn()
    house.store.redis.rpush(at, minutes)
    clock.now += timedelta(minutes=9)
    retention.turn()
    assert house.store.purge.state(house.consultation) is None
    assert caplog.messages == [
        "The ballots of reinventer-le-travail are not destroyed: "
        "reinventer-le-travail has no minutes yet, and they need the ballots."
    ]
    clock.now += timedelta(minutes=1)
    retention.turn()
    assert house.left() == set()


def test_what_was_begun_by_hand_is_finished(
    house: House, clock: Clock, retention: Retention
) -> None:
    """A purge that was killed before the date of the retention is not left half done."""

    def die(seconds: float) -> None:
        raise KeyboardInterrupt(seconds)

    with pytest.raises(KeyboardInterrupt):
        house.store.purge.run(house.consultation, clock.now, early=True, pause=die)
    retention.turn()
    assert house.left() == set()


def test_what_another_teller_did_is_not_done_again(
    house: House, clock: Clock, retention: Retention
) -> None:
    clock.now += timedelta(days=1)
    Retention(house.store, clock).turn()
    before = house.store.redis.info("persistence")["aof_rewrites"]
    retention.turn()
    assert house.store.redis.info("persistence")["aof_rewrites"] == before


def test_the_teller_can_stop_while_a_server_is_writing(
    house: House, clock: Clock, retention: Retention
) -> None:
    """Its supervisor would kill it after fifteen seconds; this file would take two minutes."""
    redis, stop = house.store.redis, threading.Event()
    redis.config_set("rdb-key-save-delay", 10_000_000)
    redis.bgrewriteaof()
    clock.now += timedelta(days=1)
    shredder = threading.Thread(target=retention.run, args=(stop,))
    shredder.start()
    until(lambda: house.store.purge.state(house.consultation) is not None)
    stop.set()
    shredder.join(timeout=5)
    assert not shredder.is_alive()
