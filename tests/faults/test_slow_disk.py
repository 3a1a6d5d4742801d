"""The disk takes its time: votes are slower, none is lost or counted twice, and it passes.

The server itself waits before each write, as a slow disk would make it wait; every build of it has
the command, so that no tracing tool and no compiler is needed.
"""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from server.consultations.consultation import Consultation
from server.store.store import Store
from server.supervisor.embedded import EmbeddedStore
from tests.faults.booth import Answer, Booth
from tests.faults.bounds import BUSY, VOTE
from tests.faults.web import Web, web
from tests.run.machine import until
from tests.web.conftest import ballots_in

READERS = 8
SLOW = 0.1  # seconds for one write
STUCK = 1.5  # longer than we wait for one answer


class WithDebug(EmbeddedStore):
    def configure(self) -> Path:
        path = super().configure()
        path.write_text(path.read_text() + "enable-debug-command yes\n")
        return path


@pytest.fixture
def server(data: Path) -> Iterator[EmbeddedStore]:
    with WithDebug(data) as started:
        yield started


@pytest.fixture
def near_web(server: EmbeddedStore, held: Consultation, data: Path) -> Iterator[Web]:
    with web(data, server.url) as running:
        yield running


@pytest.fixture
def booths(near_web: Web) -> Iterator[list[Booth]]:
    booths = [near_web.booth() for _ in range(READERS)]
    for booth in booths:
        assert booth.enter().status == 200
    yield booths
    for booth in booths:
        booth.close()


def slow_down(store: Store, seconds: float) -> None:
    """Make every write take so long, from now on."""
    store.redis.execute_command("DEBUG", "AOF-FLUSH-SLEEP", int(seconds * 1_000_000))


def all_vote(booths: list[Booth], proposal: int) -> list[Answer]:
    """Let all vote at once."""
    with ThreadPoolExecutor(len(booths)) as crowd:
        return list(crowd.map(lambda booth: booth.cast(proposal, "agree"), booths))


def test_on_a_slow_disk_every_vote_waits_for_it_and_counts_once(
    booths: list[Booth], server: EmbeddedStore, direct: Store, held: Consultation
) -> None:
    """Many votes share one write; what was answered outlives a kill; the old pace comes back."""
    slow_down(direct, SLOW)
    answers = all_vote(booths, 1) + all_vote(booths, 2)
    assert {answer.status for answer in answers} == {200}
    assert min(answer.seconds for answer in answers) >= SLOW
    assert server.pid
    os.kill(server.pid, signal.SIGKILL)
    until(lambda: not server.alive(), "it is dead")
    server.start()
    server.wait_ready()
    assert ballots_in(direct, held) == 2 * READERS
    until(lambda: {one.status for one in all_vote(booths, 3)} == {200}, "votes are taken again")
    assert min(booths[0].cast(4, "agree").seconds for _ in range(20)) < SLOW
    assert direct.recount.compare(held) == []


def test_a_disk_slower_than_our_patience_delays_answers_but_doubles_no_vote(
    booths: list[Booth], direct: Store, held: Consultation
) -> None:
    """Some are told to come back within the bound; their vote may be counted, and once only."""
    slow_down(direct, STUCK)
    answers = all_vote(booths, 1)
    assert {answer.status for answer in answers} <= {200, 503}
    assert max(answer.seconds for answer in answers) < VOTE + BUSY
    acknowledged = sum(answer.status == 200 for answer in answers)
    slow_down(direct, 0)
    assert acknowledged <= ballots_in(direct, held) <= READERS
    until(lambda: {one.status for one in all_vote(booths, 1)} == {200}, "all votes are taken")
    assert ballots_in(direct, held) == READERS
    assert direct.recount.compare(held) == []
