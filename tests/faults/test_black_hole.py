"""A network that swallows everything: given up in time, and all is well afterwards."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager

import pytest
from flask import Flask

from server.consultations.ballots import Ballot
from server.consultations.consultation import Consultation
from server.consultations.errors import StoreUnavailable
from server.store.connection import CONNECT_TIMEOUT, StoreUnfit
from server.store.store import Store, open_store
from tests.faults.bounds import ATTEMPTS, PAUSE, VOTE, within
from tests.faults.proxy import Proxy
from tests.faults.votes import wish
from tests.run.machine import until
from tests.web.conftest import Reader, ballots_in, code

READERS = 100  # more than a process has connections


@contextmanager
def unreachable() -> Iterator[int]:
    """Yield a port at which connections are neither taken nor refused."""
    with ExitStack() as held:
        listener = held.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        port = listener.getsockname()[1]
        for _ in range(8):  # nobody accepts: soon there is no room to wait
            waiting = held.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", port))
        yield port


def test_a_server_that_cannot_be_reached_is_given_up_after_two_short_tries() -> None:
    """No handshake: a quarter of a second each."""
    bound = within(ATTEMPTS * CONNECT_TIMEOUT + PAUSE)
    with unreachable() as port, bound, pytest.raises(StoreUnfit, match="does not answer"):
        open_store(f"redis://127.0.0.1:{port}")


def test_when_answers_stay_away_every_reader_is_told_in_time(
    distant_app: Flask, network: Proxy, direct: Store, held: Consultation
) -> None:
    """A hundred at once: each gets its refusal within the bound, and none was counted."""
    readers = [Reader(distant_app.test_client(use_cookies=False)) for _ in range(READERS)]
    credentials = [reader.credential() for reader in readers]
    network.swallow()

    def vote(number: int) -> tuple[int, str]:
        with within(VOTE):
            return code(readers[number].cast(1, credential=credentials[number]))

    with ThreadPoolExecutor(READERS) as crowd:
        refused = [crowd.submit(vote, number) for number in range(READERS)]
        assert distant_app.test_client().get("/health/live").status_code == 200
        assert {one.result() for one in refused} == {(503, "store-unavailable")}
    network.flow()
    for reader, credential in zip(readers, credentials, strict=True):
        assert reader.cast(1, credential=credential).status_code == 200
    assert ballots_in(direct, held) == READERS
    assert direct.recount.compare(held) == []


def test_a_wish_that_was_stuck_on_its_way_never_runs_over_a_newer_one(
    network: Proxy, direct: Store, held: Consultation
) -> None:
    """It was given up and arrives after all: too late, and nothing is changed. No numbers."""
    with closing(open_store(network.url)) as distant:
        wish(distant, held, "neutral")
        network.swallow(b"EVALSHA")
        with pytest.raises(StoreUnavailable):
            wish(distant, held, "agree")
    assert wish(direct, held, "disagree")
    assert network.stuck
    network.flow()
    until(lambda: not network.open, "what was stuck has arrived")
    stands = direct.ballots.held(held, 0, "voter", 1).ballot
    assert stands
    assert stands.ballot == Ballot.of("disagree", ())
    assert direct.recount.compare(held) == []
