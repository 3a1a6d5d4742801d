"""What a store answers when it cannot serve: readers wait, and the operator is told why."""

from collections.abc import Callable
from pathlib import Path

import pytest
import redis
from flask import Flask

from server.consultations.consultation import Consultation
from server.store import failures
from server.store.store import Store
from server.supervisor.embedded import EmbeddedStore
from tests.run.machine import until
from tests.web.conftest import Reader, ballots_in, code


def full(client: redis.Redis) -> None:
    client.config_set("maxmemory", 1)


def replica(client: redis.Redis) -> None:
    client.replicaof("127.0.0.1", 1)


def locked(client: redis.Redis) -> None:
    """Ask for a password, and drop everybody who came in without one."""
    client.config_set("requirepass", "sesame")
    client.client_kill_filter(skipme=True, _type="normal")


def lonely(client: redis.Redis) -> None:
    client.config_set("min-replicas-to-write", 1)


KEYS = 1000
STATES: dict[str, tuple[Callable[[redis.Redis], None], str]] = {
    "full": (full, "its memory is full: raise maxmemory"),
    "replica": (replica, "point REDIS_URL at the primary"),
    "locked": (locked, "it wants another password"),
    "lonely": (lonely, "it has too few replicas"),
}


@pytest.fixture(autouse=True)
def untold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test hears of its failure for the first time."""
    monkeypatch.setattr(failures, "_told", {})


@pytest.mark.parametrize("state", STATES)
def test_readers_are_asked_to_come_back_and_the_operator_learns_what_to_do(
    state: str,
    near_app: Flask,
    direct: Store,
    held: Consultation,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """One line in the log, however many votes are refused."""
    bring_about, words = STATES[state]
    reader = Reader(near_app.test_client())
    credential = reader.credential()
    assert reader.cast(1, credential=credential).status_code == 200
    bring_about(direct.redis)
    for _ in range(5):
        answer = reader.cast(2, credential=credential)
        assert code(answer) == (503, "store-unavailable")
        assert int(answer.headers["Retry-After"]) >= 1
    told = [record.getMessage() for record in caplog.records if words in record.getMessage()]
    assert len(told) == 1


def test_when_memory_is_full_votes_can_still_be_taken_back(
    near_app: Flask, direct: Store, held: Consultation
) -> None:
    """Nobody is kept in the box because it is full."""
    reader = Reader(near_app.test_client())
    credential = reader.credential()
    assert reader.cast(1, credential=credential).status_code == 200
    full(direct.redis)
    assert reader.withdraw(1, credential=credential).status_code == 200
    direct.redis.config_set("maxmemory", 0)
    assert ballots_in(direct, held) == 0


class SlowToLoad(EmbeddedStore):
    """A store with so much in it, as it were, that it loads for a while."""

    def configure(self) -> Path:
        path = super().configure()
        slowly = "key-load-delay 5000\nloading-process-events-interval-bytes 1024\n"
        path.write_text(path.read_text() + slowly)
        return path


def test_while_the_store_loads_readers_are_asked_to_come_back(
    server: EmbeddedStore,
    near_app: Flask,
    direct: Store,
    held: Consultation,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It answers LOADING; a moment later all is as before."""
    for number in range(KEYS):
        direct.redis.set(f"something:{number}", "x" * 100)
    reader = Reader(near_app.test_client())
    credential = reader.credential()
    assert reader.cast(1, credential=credential).status_code == 200
    direct.redis.bgrewriteaof()
    until(lambda: not direct.redis.info("persistence")["aof_rewrite_in_progress"], "it is written")
    server.stop()
    slow = SlowToLoad(server.data)
    slow.start()
    try:
        until(lambda: "still loading" in tried(reader, credential, caplog), "it says that it loads")
        direct.redis.config_set("key-load-delay", 0)
        slow.wait_ready()
        assert reader.cast(2, credential=credential).status_code == 200
        assert ballots_in(direct, held) == 2
    finally:
        slow.stop()


def tried(reader: Reader, credential: str, caplog: pytest.LogCaptureFixture) -> str:
    """Try to vote in vain; return what the operator has been told by then."""
    assert code(reader.cast(2, credential=credential)) == (503, "store-unavailable")
    return caplog.text
