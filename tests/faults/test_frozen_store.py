"""The store stops answering without ending, and goes on later as if nothing had been."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from server.consultations.ballots import Vote
from server.consultations.consultation import Consultation
from server.consultations.results import verified
from server.store.store import Store, open_store
from server.supervisor.embedded import EmbeddedStore
from tests.faults.booth import Answer, Booth
from tests.faults.bounds import BUSY, VOTE
from tests.faults.freezing import freeze, frozen, thaw
from tests.faults.proxy import Proxy
from tests.faults.votes import wish
from tests.faults.web import Web, web
from tests.run.machine import until

CROWD = 150  # readers at once: more than the client's pool has connections
LINES = 8  # connections of one worker: one for votes, some for what it looks up meanwhile
ROUNDS = 8
SCRIPT = b"EVALSHA"


@pytest.fixture
def distant_web(network: Proxy, held: Consultation, data: Path) -> Iterator[Web]:
    """One real worker; what it has sent to the store is seen in the network."""
    with web(data, network.url) as running:
        yield running


@pytest.fixture
def crowd(distant_web: Web) -> Iterator[list[Booth]]:
    with ExitStack() as open_:
        booths = [open_.enter_context(closing(distant_web.booth())) for _ in range(CROWD)]
        for booth in booths:
            assert booth.enter().status == 200
        yield booths


def taken(reader: Booth, tried: list[Answer]) -> bool:
    """Try to vote; note what came of it."""
    tried.append(reader.cast(3, "agree"))
    return tried[-1].status == 200


def votes(store: Store, held: Consultation, proposal: int = 1) -> dict[str, int]:
    """Return how many of each vote the tally of a proposal holds."""
    sources = store.tallies.histograms(held, [proposal])[proposal]
    counted = verified(sources.values()).votes
    return {vote.value: counted[vote] for vote in Vote if counted[vote]}


def test_a_frozen_store_is_told_to_every_reader_in_time_and_nothing_else_waits(
    crowd: list[Booth],
    distant_web: Web,
    server: EmbeddedStore,
    network: Proxy,
    direct: Store,
    held: Consultation,
) -> None:
    """The same worker meanwhile says that it lives and serves frames; then it recovers alone."""
    with ThreadPoolExecutor(CROWD) as pool, closing(distant_web.booth()) as passer_by:
        assert passer_by.send("GET", f"/e/{passer_by.slug}").status == 200
        assert {one.status for one in pool.map(lambda booth: booth.cast(2, "agree"), crowd)} == {
            200
        }
        before = network.passed(SCRIPT)
        with frozen(server):
            waiting = [pool.submit(booth.cast, 1, "agree") for booth in crowd]
            until(lambda: network.passed(SCRIPT) > before, "votes are at the server")
            live = passer_by.send("GET", "/health/live")
            frame = passer_by.send("GET", f"/e/{passer_by.slug}")
            answers = [one.result() for one in waiting]
            ready = passer_by.send("GET", "/health/ready")
    slowest = max(answer.seconds for answer in answers)
    assert Counter((answer.status, answer.code) for answer in answers) == {
        (503, "store-unavailable"): CROWD
    }
    assert all(int(answer.retry_after or 0) >= 1 for answer in answers)
    assert slowest < VOTE + BUSY
    assert (live.status, frame.status, ready.status) == (200, 200, 503)
    assert max(live.seconds, frame.seconds) < slowest
    assert network.most <= LINES

    with closing(distant_web.booth()) as late:
        assert late.enter().status == 200
        tried: list[Answer] = []
        until(lambda: taken(late, tried), f"votes are taken again, but {tried[-3:]}")
    assert votes(direct, held) == {}, "what was refused is not counted behind the reader's back"
    assert {booth.cast(1, "agree").status for booth in crowd} == {200}
    assert votes(direct, held) == {"agree": CROWD}
    assert distant_web.part.alive()
    assert direct.recount.compare(held) == []


def test_after_the_thaw_a_wish_that_was_given_up_never_runs_over_a_newer_one(
    distant_web: Web, server: EmbeddedStore, direct: Store, held: Consultation
) -> None:
    """Freeze, vote A, thaw while sending B: B stands, for A's deadline is over. No numbers."""
    with closing(distant_web.booth()) as reader, ThreadPoolExecutor(1) as pool:
        reader.enter()
        assert reader.cast(2, "neutral").status == 200
        freeze(server)
        assert reader.cast(1, "agree").status == 503
        newer = pool.submit(reader.cast, 1, "disagree")
        thaw(server)
        assert newer.result().status == 200
        assert reader.cast(2, "agree").status == 200
    assert votes(direct, held) == {"disagree": 1}
    assert direct.recount.compare(held) == []


def test_after_a_short_freeze_the_greater_number_stands_whatever_arrives_first(
    server: EmbeddedStore, network: Proxy, direct: Store, held: Consultation
) -> None:
    """Both wishes wait at the frozen server, within their deadlines: the number decides."""
    with ExitStack() as open_, ThreadPoolExecutor(2) as pool:
        first, second = (open_.enter_context(closing(open_store(network.url))) for _ in range(2))
        for round_ in range(ROUNDS):
            number = 4 * round_
            wish(first, held, "neutral", number)
            wish(second, held, "neutral", number + 1)
            wishes = [("agree", number + 2), ("disagree", number + 3)]
            wishes = wishes if round_ % 2 else wishes[::-1]  # each is the first to arrive at times
            with frozen(server):
                at = network.passed(SCRIPT)
                one = pool.submit(wish, first, held, *wishes[0])
                until(lambda seen=at: network.passed(SCRIPT) > seen, "the first is there")
                other = pool.submit(wish, second, held, *wishes[1])
                until(lambda seen=at: network.passed(SCRIPT) > seen + 1, "both are there")
            one.result()
            other.result()
            assert votes(direct, held) == {"disagree": 1}
    assert direct.recount.compare(held) == []
