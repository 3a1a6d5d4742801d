"""A connection is cut in the middle of a request or of its reply: whatever was asked counts once."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from server.consultations.consultation import Consultation
from server.store.store import Store
from tests.faults.cut import Cut
from tests.faults.proxy import Proxy
from tests.web.conftest import API, Reader, code

STEP = 30  # bytes from one point to the next, so that every field of a request is met
SCRIPT = b"EVALSHA"
Deed = Callable[[Reader, str], TestResponse]


def cast(reader: Reader, credential: str) -> TestResponse:
    return reader.cast(1, "agree", qualifications=["doable"], number=7, credential=credential)


def withdraw(reader: Reader, credential: str) -> TestResponse:
    return reader.withdraw(1, number=8, credential=credential)


def forget(reader: Reader, credential: str) -> TestResponse:
    asked = {"number": 9, "credential": credential}
    return reader.client.delete(f"{API}/me", json=asked, headers=reader.headers)


# What was there before, and how many ballots are there after it.
DEEDS: dict[str, tuple[Deed, bool, int]] = {
    "cast": (cast, False, 1),
    "withdraw": (withdraw, True, 0),
    "forget": (forget, True, 0),
}


def points(request: int, reply: int) -> Iterator[tuple[int | None, int | None]]:
    """Yield where to cut: before, within and right after the request, and anywhere in the reply."""
    for sent in {*range(0, request, STEP), 1, request - 1}:
        yield sent, None
    for received in range(reply + 1):
        yield None, received


def told(answer: TestResponse) -> Any:
    """Return what an answer says to the reader.

    Tokens differ from one reader to the next; `withdrawn` is what this very request took back,
    which is nothing if an earlier one did whose answer was lost.
    """
    assert answer.status_code == 200, answer.get_data(as_text=True)
    said = answer.get_json()
    return {name: said[name] for name in said if name not in {"credential", "deck", "withdrawn"}}


@pytest.mark.parametrize("name", DEEDS)
def test_wherever_the_connection_is_cut_the_deed_counts_once_and_the_answer_is_right(
    name: str, distant_app: Flask, network: Proxy, direct: Store, held: Consultation
) -> None:
    """The service sends the same wish once more by itself; the reader notices nothing."""
    deed, voted, left = DEEDS[name]
    usual, lengths = undisturbed(distant_app, network, deed, voted)
    ballots = tallied(direct, held)
    for request, reply in points(*lengths):
        reader, credential = somebody(distant_app, voted)
        network.cut = Cut(SCRIPT, request, reply)
        assert told(deed(reader, credential)) == usual, (request, reply)
        assert len(network.cut.met) == 1
        network.cut = None
        ballots += left
        assert tallied(direct, held) == ballots, (request, reply)
    assert direct.recount.compare(held) == []


@pytest.mark.parametrize("name", DEEDS)
def test_cut_twice_the_deed_is_refused_and_sent_again_it_counts_once(
    name: str, distant_app: Flask, network: Proxy, direct: Store, held: Consultation
) -> None:
    """A refusal says that it may have been counted; the reader's second try settles it."""
    deed, voted, left = DEEDS[name]
    usual, lengths = undisturbed(distant_app, network, deed, voted)
    ballots = tallied(direct, held)
    for request, reply in [(0, None), (lengths[0] // 2, None), (None, 0), (None, lengths[1] // 2)]:
        reader, credential = somebody(distant_app, voted)
        network.cut = Cut(SCRIPT, request, reply, times=2)
        refused = deed(reader, credential)
        assert code(refused) == (503, "store-unavailable")
        assert int(refused.headers["Retry-After"]) >= 1
        network.cut = None
        assert told(deed(reader, credential)) == usual, (request, reply)
        ballots += left
        assert tallied(direct, held) == ballots, (request, reply)
    assert direct.recount.compare(held) == []


def undisturbed(app: Flask, network: Proxy, deed: Deed, voted: bool) -> tuple[Any, tuple[int, int]]:
    """Return what the answer says when nothing fails, and the lengths of request and reply."""
    for _ in range(2):  # the first may have to teach the server its script
        reader, credential = somebody(app, voted)
        network.cut = Cut(SCRIPT)
        usual = told(deed(reader, credential))
        (lengths,) = network.cut.met
        network.cut = None
        somebody(app, voted=True)  # who finds out that the connection is gone
    return usual, lengths


def tallied(store: Store, held: Consultation) -> int:
    """Return how many ballots the tally of the proposal holds."""
    sources = store.tallies.histograms(held, [1])[1]
    return sum(number for histogram in sources.values() for number in histogram.values())


def somebody(app: Flask, voted: bool) -> tuple[Reader, str]:
    """Return a new reader, who has voted already if wanted, and their credential."""
    reader = Reader(app.test_client(use_cookies=False))
    credential = reader.credential()
    if voted:
        told(reader.cast(1, credential=credential, number=6))
    return reader, credential
