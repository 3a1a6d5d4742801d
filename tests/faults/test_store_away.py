"""The store is killed outright, and comes back: nothing acknowledged is lost."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from server.app import create_app
from server.consultations.consultation import Consultation
from server.settings import Settings
from server.store.store import open_store
from server.supervisor.embedded import EmbeddedStore
from server.web.service import NAME
from tests.conftest import consultation, proposals
from tests.faults.web import Web, web
from tests.run.machine import processes, until
from tests.web.conftest import Reader, ballots_in, code


@pytest.fixture
def server(data: Path) -> Iterator[EmbeddedStore]:
    with EmbeddedStore(data) as started:
        yield started


@pytest.fixture
def away_app(server: EmbeddedStore, settings: Settings) -> Iterator[tuple[Flask, Consultation]]:
    store = open_store(server.url)
    opened = store.consultations.create(consultation(), proposals())
    store.close()
    app = create_app(replace(settings, redis_url=server.url))
    yield app, opened
    app.extensions[NAME].store.close()


def kill(server: EmbeddedStore) -> None:
    assert server.pid
    os.kill(server.pid, signal.SIGKILL)
    while server.alive():
        pass


def pid_of(running: Web) -> int:
    process = running.part._process
    assert process
    return process.pid


def come_back(server: EmbeddedStore) -> None:
    server.start()
    server.wait_ready()


def test_without_its_store_the_service_says_when_to_come_back_and_recovers_by_itself(
    server: EmbeddedStore, away_app: tuple[Flask, Consultation]
) -> None:
    app, opened = away_app
    reader = Reader(app.test_client())
    credential = reader.credential()
    assert reader.cast(1, credential=credential).status_code == 200
    kill(server)
    answer = reader.cast(2, credential=credential)
    assert code(answer) == (503, "store-unavailable")
    assert int(answer.headers["Retry-After"]) >= 1
    assert code(reader.client.get("/health/ready")) == (503, "store-unavailable")
    assert reader.client.get("/health/live").status_code == 200
    assert reader.client.get(f"/e/{opened.slug}?source=rmc").status_code == 200
    screen = reader.client.get("/c/never-looked-at-before")
    assert (screen.status_code, screen.mimetype) == (503, "text/html")
    assert int(screen.headers["Retry-After"]) >= 1
    come_back(server)
    assert reader.cast(2, credential=credential).status_code == 200
    assert ballots_in(app.extensions[NAME].store, opened) == 2


def test_a_worker_born_while_the_store_is_away_does_not_end_them_all(
    server: EmbeddedStore, data: Path
) -> None:
    """It is killed without its store; gunicorn stays, and takes votes when the store is back."""
    store = open_store(server.url)
    store.consultations.create(consultation(), proposals())
    store.close()
    with web(data, server.url) as running, closing(running.booth()) as reader:
        assert reader.enter().status == 200
        master = pid_of(running)
        kill(server)
        (worker,) = [one.pid for one in processes() if one.parent == master]
        os.kill(worker, signal.SIGKILL)
        until(
            lambda: "A worker cannot begin" in running.part.log.read_text(), "one was born in vain"
        )
        come_back(server)
        until(running.part.ready, "another is born, and ready")
        assert pid_of(running) == master
        with closing(running.booth()) as later:
            assert later.enter().status == 200
            assert later.cast(1, "agree").status == 200


def test_every_vote_answered_200_survives_a_killed_store(
    server: EmbeddedStore, away_app: tuple[Flask, Consultation]
) -> None:
    """Eight readers vote without pause; the store is killed three times under them."""
    app, opened = away_app
    acknowledged: list[tuple[int, int]] = []
    stop = threading.Event()
    statuses: set[int] = set()

    readers = [Reader(app.test_client(use_cookies=False)) for _ in range(8)]
    credentials = [reader.credential() for reader in readers]

    def vote(number: int) -> None:
        reader, credential = readers[number], credentials[number]
        proposal = 0
        while not stop.is_set():
            proposal = proposal % 24 + 1
            status = reader.cast(proposal, credential=credential).status_code
            statuses.add(status)
            if status == 200:
                acknowledged.append((number, proposal))

    threads = [threading.Thread(target=vote, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    try:
        for round_ in range(1, 4):
            while len(set(acknowledged)) < 30 * round_:
                assert any(thread.is_alive() for thread in threads)
            kill(server)
            come_back(server)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    store = app.extensions[NAME].store
    assert statuses <= {200, 503}
    assert ballots_in(store, opened) >= len(set(acknowledged))
    assert store.recount.compare(opened) == []
