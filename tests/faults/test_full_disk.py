"""The store's disk is full: votes are refused, never acknowledged and lost; room heals it."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from flask import Flask

from server.consultations.consultation import Consultation
from server.store.store import Store
from server.supervisor.embedded import EmbeddedStore
from server.supervisor.supervisor import Supervised
from server.web.service import NAME
from tests.faults.disk import files_up_to, make_room
from tests.run.machine import until
from tests.web.conftest import Reader, ballots_in, code

ROOM = 60_000  # bytes: some eighty votes
RESTARTS = 4


@pytest.fixture
def server(data: Path) -> Iterator[EmbeddedStore]:
    """A store whose disk will soon be full."""
    store = EmbeddedStore(data)
    with files_up_to(ROOM):
        store.start()
    store.wait_ready()
    yield store
    store.stop()


def vote_until_refused(app: Flask) -> tuple[int, Reader, str]:
    """Let new readers vote until one is refused; return how many were told that they count."""
    counted = 0
    while True:
        reader = Reader(app.test_client(use_cookies=False))
        credential = reader.credential()
        answer = reader.cast(1, credential=credential)
        if answer.status_code != 200:
            assert code(answer) == (503, "store-unavailable")
            assert int(answer.headers["Retry-After"]) >= 1
            return counted, reader, credential
        counted += 1


def refused(app: Flask, reader: Reader, credential: str) -> bool:
    """Whether votes and withdrawals are refused, and the service says that it is not ready."""
    answers = [
        reader.cast(1, credential=credential),
        reader.withdraw(1, credential=credential),
        app.test_client().get("/health/ready"),
    ]
    return {code(answer) for answer in answers} == {(503, "store-unavailable")}


def test_with_fsync_always_the_store_ends_and_comes_back_when_there_is_room(
    server: EmbeddedStore, near_app: Flask, held: Consultation
) -> None:
    """What the reader was told is counted is on the disk; the refused vote counts when sent again."""
    counted, reader, credential = vote_until_refused(near_app)
    until(lambda: not server.alive(), "the store ends")
    assert server.ended() == 1
    assert server.why() == f"{server.data} cannot be written: make room there. " + (
        "Votes are refused until then."
    )
    assert refused(near_app, reader, credential)
    server.start()
    server.wait_ready()
    assert reader.cast(1, credential=credential).status_code == 200
    store: Store = near_app.extensions[NAME].store
    assert ballots_in(store, held) == counted + 1
    assert store.recount.compare(held) == []


def test_with_fsync_every_second_the_store_refuses_and_goes_on_when_there_is_room(
    server: EmbeddedStore,
    near_app: Flask,
    direct: Store,
    held: Consultation,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It answers MISCONF, keeps what it has not written yet, and writes it first."""
    direct.redis.config_set("appendfsync", "everysec")
    counted, reader, credential = vote_until_refused(near_app)
    with pytest.raises(redis.ResponseError, match="MISCONF"):
        direct.redis.set("a", 1)
    assert refused(near_app, reader, credential)
    assert "it cannot write its files: make room on its disk" in caplog.text
    lost = 0 if make_room(server) else 1
    until(lambda: reader.cast(1, credential=credential).status_code == 200, "votes are taken")
    assert counted + 1 - lost <= ballots_in(direct, held) <= counted + 1
    until(lambda: direct.redis.info("persistence")["aof_pending_bio_fsync"] == 0, "it is written")
    kept = ballots_in(direct, held)
    server.stop()
    server.start()
    server.wait_ready()
    assert ballots_in(direct, held) == kept
    assert direct.recount.compare(held) == []


def test_while_there_is_no_room_the_store_is_started_ever_later_and_in_the_end_all_is_there(
    server: EmbeddedStore, near_app: Flask, held: Consultation
) -> None:
    """As the supervisor does it: each start loads every vote, the next vote ends it again."""
    counted, reader, credential = vote_until_refused(near_app)
    supervised, said, pauses = Supervised(server), list[str](), list[float]()
    for _ in range(RESTARTS):
        until(lambda: not server.alive(), "the store ends")
        now = time.monotonic()
        supervised.look(now, said.append)
        assert supervised.due
        pauses.append(supervised.due - now)
        with files_up_to(ROOM):
            supervised.look(supervised.due, said.append)
        server.wait_ready()
        assert reader.cast(1, credential=credential).status_code == 503
    assert pauses == sorted(set(pauses))
    assert all("make room there" in line for line in said)

    until(lambda: not server.alive(), "the store ends")
    supervised.look(time.monotonic(), said.append)
    supervised.look(supervised.due or 0, said.append)
    server.wait_ready()
    assert reader.cast(1, credential=credential).status_code == 200
    assert ballots_in(near_app.extensions[NAME].store, held) == counted + 1


def test_a_part_that_cannot_even_be_started_is_tried_again(server: EmbeddedStore) -> None:
    """A full disk must not take the supervisor down, and the other parts with it."""
    server.stop()
    (server.data / "valkey.conf").unlink()
    supervised, said = Supervised(server), list[str]()
    supervised.look(time.monotonic(), said.append)
    with files_up_to(0):
        supervised.look(supervised.due or 0, said.append)
    assert said[-1] == "store cannot be started (File too large), trying again."
    supervised.look(supervised.due or 0, said.append)
    server.wait_ready()
