"""A line: what comes together goes together, each call has its own answer, and nobody waits in vain."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import hiredis
import pytest
import redis

from server.store.line import Line
from server.store.store import Store
from server.supervisor.embedded import EmbeddedStore
from tests.faults.freezing import frozen

pytestmark = pytest.mark.one_server
PATIENCE = 0.5  # seconds
SLOW = 0.2  # seconds


def command(*words: str | int) -> bytes:
    packed: bytes = hiredis.pack_command(words)  # type: ignore[arg-type]
    return packed


@pytest.fixture
def pool(store: Store) -> Any:
    return store.redis.connection_pool


@pytest.fixture
def line(pool: Any) -> Iterator[Line]:
    made = Line(pool, PATIENCE)
    yield made
    made.hang_up()


class Stopped(BaseException):
    """What a worker that is told to end does to its greenlets."""


class StoppingPool:
    """The pool, but who asks it for the first connection is stopped."""

    def __init__(self, pool: Any) -> None:
        self._pool, self._first = pool, True

    def make_connection(self) -> Any:
        if self._first:
            self._first = False
            time.sleep(SLOW)
            raise Stopped
        return self._pool.make_connection()


def reads(store: Store) -> int:
    return int(store.redis.info("stats")["total_reads_processed"])


def test_calls_that_come_together_go_together_and_each_has_its_own_answer(
    store: Store, line: Line
) -> None:
    line.exchange(command("PING"))
    before = reads(store)
    with ThreadPoolExecutor(200) as many:
        sent = [f"call {number}" for number in range(2000)]
        answers = list(many.map(lambda text: line.exchange(command("ECHO", text)), sent))
    assert answers == [[text] for text in sent]
    assert reads(store) - before < len(sent) / 2


def test_an_error_is_the_answer_of_its_own_call_alone(line: Line) -> None:
    def ask(number: int) -> Any:
        return line.exchange(command(*(("ECHO", "fine") if number % 3 else ("NO-SUCH", "word"))))[0]

    with ThreadPoolExecutor(30) as many:
        answers = list(many.map(ask, range(300)))
    for number, answer in enumerate(answers):
        assert answer == "fine" if number % 3 else isinstance(answer, redis.ResponseError)


def test_what_covers_a_batch_is_answered_to_all_of_it(store: Store, pool: Any) -> None:
    line = Line(pool, PATIENCE, command("INCR", "covered"), 1)
    with ThreadPoolExecutor(50) as many:
        answers = list(many.map(lambda n: line.exchange(command("ECHO", n)), range(500)))
    line.hang_up()
    assert [first for first, _ in answers] == [str(n) for n in range(500)]
    batches = {cover for _, cover in answers}
    assert batches == set(range(1, len(batches) + 1))
    assert len(batches) < 250


def test_nobody_waits_twice_behind_a_server_that_stands_still(
    one_server: EmbeddedStore, line: Line
) -> None:
    """Some are on their way, the others gather behind them: all are told after one time-out."""
    took = []

    def ask(_: int) -> None:
        began = time.monotonic()
        with suppress(redis.TimeoutError):
            line.exchange(command("PING"))
            pytest.fail("a frozen server has answered")
        took.append(time.monotonic() - began)

    line.exchange(command("PING"))
    with frozen(one_server), ThreadPoolExecutor(40) as many:
        list(many.map(ask, range(40)))
    assert len(took) == 40
    assert max(took) < 1.8 * PATIENCE
    assert line.exchange(command("PING")) == ["PONG"], "and it goes on after the thaw"


def test_a_leader_that_is_stopped_leaves_nobody_waiting(pool: Any) -> None:
    """Who went with it learns of it as of a lost connection, and the line goes on."""
    line = Line(StoppingPool(pool), PATIENCE)
    together = threading.Barrier(20)

    def ask(number: int) -> str:
        together.wait()
        try:
            return str(line.exchange(command("ECHO", number))[0])
        except redis.ConnectionError:
            return "lost"
        except Stopped:
            return "stopped"

    with ThreadPoolExecutor(20) as many:
        answers = list(many.map(ask, range(20)))
    assert answers.count("stopped") == 1
    assert all(answer in {str(n), "lost", "stopped"} for n, answer in enumerate(answers))
    assert line.exchange(command("PING")) == ["PONG"]
    line.hang_up()
