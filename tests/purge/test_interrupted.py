"""A purge that was cut short comes to its end the next time, and nothing slips through."""

import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from server.consultations.errors import PurgeIncomplete, Refusal
from server.store import keys, purge
from tests.purge.conftest import House
from tests.purge.traces import tell


class Interrupted(Exception):
    """Whoever ran the purge was killed."""


def after(pauses: int, deed: Callable[[], None]) -> Callable[[float], None]:
    """Return a pause that does `deed` once, at its turn of that number."""
    turns = iter(range(1, 10_000))

    def pause(seconds: float) -> None:
        if next(turns) == pauses:
            deed()

    return pause


def _die() -> None:
    raise Interrupted


@pytest.mark.parametrize("pauses", [1, 2, 3, 4])
def test_a_purge_killed_anywhere_is_finished_by_the_next(
    house: House, pauses: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purge, "BATCH", 2)
    with pytest.raises(Interrupted):
        house.store.purge.run(house.consultation, house.over(), pause=after(pauses, _die))
    found = house.store.purge.state(house.consultation)
    assert found
    assert found.done is None
    house.store.purge.run(house.consultation, house.over() + timedelta(hours=1))
    assert house.left() == set()
    found = house.store.purge.state(house.consultation)
    assert found
    assert found.done == found.begun + timedelta(hours=1)


def test_one_killed_while_files_are_written_is_finished_by_the_next(house: House) -> None:
    house.store.redis.config_set("rdb-key-save-delay", 20_000)

    def die_waiting(seconds: float) -> None:
        if seconds:
            raise Interrupted

    with pytest.raises(Interrupted):
        house.store.purge.run(house.consultation, house.over(), pause=die_waiting)
    assert house.left()
    house.store.purge.run(house.consultation, house.over())
    assert house.left() == set()


def test_one_begun_early_is_finished_without_asking_for_it_again(house: House) -> None:
    now = datetime.now(UTC)
    with pytest.raises(Interrupted):
        house.store.purge.run(house.consultation, now, early=True, pause=after(1, _die))
    house.store.purge.run(house.consultation, now)
    assert house.left() == set()


def test_a_server_killed_in_the_middle_is_wiped_once_it_is_back(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purge, "BATCH", 2)

    def restart() -> None:
        assert house.server.pid
        os.kill(house.server.pid, signal.SIGKILL)
        house.server.stop()
        house.server.start()
        house.server.wait_ready()
        tell(house.store.redis)

    try:
        house.store.purge.run(house.consultation, house.over(), pause=after(2, restart))
    except Refusal:
        house.store.purge.run(house.consultation, house.over())
    assert house.left() == set()


def test_purging_twice_is_purging_once(house: House) -> None:
    house.store.purge.run(house.consultation, house.over())
    first = house.store.purge.state(house.consultation)
    assert house.store.purge.run(house.consultation, house.over() + timedelta(days=1)) == 0
    assert house.store.purge.state(house.consultation) == first, "since when they are gone stays"


def test_ballots_that_come_back_are_being_destroyed_again_until_all_disks_are_wiped(
    house: House,
) -> None:
    """A replica was away, or a backup restored: what is said of the first time holds no more."""
    house.store.purge.run(house.consultation, house.over())
    house.store.redis.sadd(keys.Box(house.consultation.id, 0).voter("back-again"), 32768)
    obstacle = house.server.data / "dump.rdb"
    (obstacle / "in-the-way").mkdir(parents=True)
    with pytest.raises(PurgeIncomplete):
        house.store.purge.run(house.consultation, house.over())
    state = house.store.purge.state(house.consultation)
    assert state
    assert state.done is None
    (obstacle / "in-the-way").rmdir()
    obstacle.rmdir()
    later = house.over() + timedelta(days=1)
    house.store.purge.run(house.consultation, later)
    state = house.store.purge.state(house.consultation)
    assert state
    assert state.done == later


@pytest.mark.parametrize(
    ("blocked", "words"),
    [
        ("appendonlydir/appendonly.aof.2.base.rdb", "append-only file"),
        ("dump.rdb", "RDB file"),
    ],
)
def test_a_file_that_cannot_be_written_is_named(house: House, blocked: str, words: str) -> None:
    """Something is in its place; as soon as it is not, the purge comes to its end."""
    obstacle = house.server.data / blocked
    (obstacle / "in-the-way").mkdir(parents=True)
    with pytest.raises(PurgeIncomplete, match=f"could not write its {words}|rewrite its {words}"):
        house.store.purge.run(house.consultation, house.over())
    (obstacle / "in-the-way").rmdir()
    obstacle.rmdir()
    house.store.purge.run(house.consultation, house.over())
    assert house.left() == set()


def test_a_record_that_is_forgotten_meanwhile_does_not_slip_through(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To forget a reader after the seal is to rename the record: not while others are destroyed."""
    monkeypatch.setattr(purge, "BATCH", 2)
    (box,) = keys.boxes(house.consultation.id, 1)
    forgotten = []

    def forget() -> None:
        at = next(
            house.store.redis.scan_iter(match=keys.pattern(house.consultation.id, keys.VOTERS))
        )
        house.store.voters.forget(house.consultation, 0, at.removeprefix(box.voter("")))
        forgotten.append(at)
        assert house.store.redis.exists(at)

    house.store.purge.run(house.consultation, house.over(), pause=after(1, forget))
    assert len(forgotten) == 1
    assert house.left() == set()
