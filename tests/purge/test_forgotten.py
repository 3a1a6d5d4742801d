"""Whoever was forgotten is forgotten by the disks as well, within an hour."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import ResponseError

from server.store import keys
from server.store.sweep import sweep
from server.supervisor.embedded import EmbeddedStore
from server.teller.retention import Retention
from server.teller.tidying import EVERY, SETTLED, Tidying
from server.web.credentials import VoterKey
from server.web.service import NAME
from tests.faults.disk import files_up_to, make_room
from tests.purge.conftest import House, close, inhabited
from tests.purge.traces import Traces, raw
from tests.run.machine import until
from tests.web.conftest import API, OWN

APPEND_ONLY = "appendonly.aof.1.incr.aof"


class Clock:
    """The store's clock, in milliseconds."""

    def __init__(self) -> None:
        self.now = 10**12

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def voting(server: EmbeddedStore) -> Iterator[House]:
    with inhabited(server) as made:
        yield made


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tidying(voting: House, clock: Clock) -> Tidying:
    return Tidying(voting.store, clock)


def forget(house: House, reader: int) -> Traces:
    """Have a reader ask for it over HTTP; return what may be left of that reader alone.

    Two minutes later the number of the wish is gone too; here, at once.
    """
    service, credential = house.app.extensions[NAME], house.credentials[reader]
    key = house.store.consultations.voter_key(house.consultation)
    assert key
    known = service.credentials.read(credential)
    names = [known.voter(key), VoterKey(key).author(known)]
    asked = {"credential": credential, "source": "rmc"}
    answer = house.app.test_client().delete(f"{API}/me", json=asked, headers=OWN)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    house.store.redis.unlink(keys.Box(house.consultation.id, 0).pace(names[0]))
    return Traces.of(names, key)


def known(house: House, traces: Traces) -> set[str]:
    """Return the files, and "logs", that still know this voter."""
    there = traces.in_folder(house.server.data).items()
    with raw(house.server.url) as client:
        logs = {"logs"} if "voter" in traces.in_logs(client) else set()
    return logs | {name for name, found in there if "voter" in found}


def fill_disk(client: Any) -> None:
    """Write until the server refuses."""
    while True:
        client.set("filler", "x" * 10_000)


def rewrites(house: House) -> int:
    return int(house.store.redis.info("persistence")["aof_rewrites"])


def wait(tidying: Tidying, clock: Clock, milliseconds: int) -> None:
    """Let the time pass, the teller looking at its beginning and at its end."""
    tidying.turn()
    clock.now += milliseconds
    tidying.turn()


@pytest.mark.parametrize("closed", [False, True], ids=["before the close", "after it"])
def test_no_file_and_no_log_knows_who_was_forgotten(
    voting: House, clock: Clock, tidying: Tidying, closed: bool
) -> None:
    """Before the close they told of ballots withdrawn, after it under which name they go on."""
    if closed:
        close(voting)
    traces = forget(voting, 3)
    assert known(voting, traces) == {APPEND_ONLY, "logs"}
    wait(tidying, clock, SETTLED)
    assert known(voting, traces) == set()
    with raw(voting.server.url) as client:
        assert "voter" not in traces.in_keys(client)
    assert voting.store.tallies.voters(voting.consultation) == 12 - (not closed)
    assert voting.store.recount.compare(voting.consultation) == []


def test_a_snapshot_that_lies_there_is_overwritten_too(
    voting: House, clock: Clock, tidying: Tidying
) -> None:
    voting.store.redis.save()
    traces = forget(voting, 0)
    assert "dump.rdb" in known(voting, traces)
    wait(tidying, clock, SETTLED)
    assert known(voting, traces) == set()


def test_while_nobody_asks_no_file_is_written_anew(
    voting: House, clock: Clock, tidying: Tidying
) -> None:
    wait(tidying, clock, 2 * EVERY)
    forget(voting, 0)
    for _ in range(3):
        wait(tidying, clock, EVERY)
    assert rewrites(voting) == 1


def test_those_who_ask_later_wait_for_the_next_time(
    voting: House, clock: Clock, tidying: Tidying
) -> None:
    forget(voting, 0)
    wait(tidying, clock, SETTLED)
    traces = forget(voting, 1)
    wait(tidying, clock, EVERY - 1)
    assert rewrites(voting) == 1
    assert known(voting, traces)
    clock.now += 1
    tidying.turn()
    assert rewrites(voting) == 2
    assert known(voting, traces) == set()


def test_one_who_asks_just_before_the_files_are_written_is_not_taken_for_forgotten(
    voting: House, clock: Clock, tidying: Tidying
) -> None:
    """The wish may not have been carried out yet, and its number is still there."""
    forget(voting, 0)
    tidying.turn()
    forget(voting, 1)
    clock.now += SETTLED
    tidying.turn()
    wishes = voting.store.forgotten.wishes()
    assert (wishes.asked, wishes.fulfilled) == (2, 1)


def test_a_server_that_may_not_rewrite_its_file_is_named_and_asked_again(
    voting: House, clock: Clock, tidying: Tidying, caplog: pytest.LogCaptureFixture
) -> None:
    traces = forget(voting, 0)
    voting.store.redis.execute_command("ACL", "SETUSER", "default", "-bgrewriteaof")
    wait(tidying, clock, SETTLED)
    wait(tidying, clock, EVERY - SETTLED)
    (line,) = caplog.messages
    assert line.startswith("A disk may still know who was forgotten: ")
    assert "refuses: " in line
    assert "bgrewriteaof" in line
    assert known(voting, traces)
    voting.store.redis.execute_command("ACL", "SETUSER", "default", "+bgrewriteaof")
    wait(tidying, clock, SETTLED)
    assert known(voting, traces) == set()


def test_while_the_disk_is_full_no_file_is_written_anew(tmp_path: Path) -> None:
    """The server would write its last votes twice; with room it is made up for."""
    server = EmbeddedStore(tmp_path / "own")
    with files_up_to(300_000):
        server.start()
    server.wait_ready()
    try:
        with inhabited(server) as voting:
            redis = voting.store.redis
            redis.config_set("appendfsync", "everysec")
            traces = forget(voting, 0)
            with pytest.raises(ResponseError, match="MISCONF"):
                fill_disk(redis)
            assert sweep(redis, 0, time.sleep) == [
                f"{server.data / 'valkey.sock'} cannot write its append-only file: "
                "make room on its disk"
            ]
            assert known(voting, traces)
            make_room(server)
            until(lambda: not sweep(redis, 0, time.sleep), "it is made up for")
            assert known(voting, traces) == set()
            assert voting.store.recount.compare(voting.consultation) == []
    finally:
        server.stop()


def test_a_wish_is_noted_when_memory_is_full_too(voting: House) -> None:
    voting.store.redis.config_set("maxmemory", 1)
    forget(voting, 0)
    assert voting.store.forgotten.wishes().asked == 1


def test_the_teller_does_it_beside_the_retention(
    voting: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.teller.tidying.SETTLED", 0)
    traces = forget(voting, 0)
    retention = Retention(voting.store, voting.over)

    class Once:
        """It is asked to stop after one turn."""

        def is_set(self) -> bool:
            return False

        def wait(self, seconds: float) -> bool:
            return seconds > 1

    retention.run(Once())  # type: ignore[arg-type]
    assert known(voting, traces) == set()
