"""The receiver ends equal to the store, whatever fails between them."""

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import urllib3
from flask import Flask

from server.central import document
from server.central.client import Central, NoAnswer
from server.central.courier import Courier
from server.central.reconcile import COMPLETE_EVERY
from server.central.syncer import Syncer
from server.consultations.ballots import Ballot, Trust, Vote
from server.consultations.consultation import Consultation
from server.consultations.errors import StoreUnavailable
from server.consultations.rehearsals import rehearsal_of, rehearsed
from server.settings import Settings
from server.store import keys
from server.store.ballots import Wish
from server.store.store import Store, open_store
from server.store.sync_state import Lease, SyncStates
from server.supervisor.embedded import EmbeddedStore
from tests.conftest import consultation, proposals
from tests.contract.sending import SECRET
from tests.contract.serving import Served

AGREE, DISAGREE = Ballot.of(Vote.AGREE, ["likeIt"]), Ballot(Vote.DISAGREE)
RMC, BFM = 2, 3


class Clock:
    """The time, as far ahead as a test moves it."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def forward(self, by: timedelta) -> None:
        self.ahead += by


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def served(receiver: Flask) -> Iterator[Served]:
    serving = Served(receiver)
    serving.start()
    yield serving
    serving.stop()


@pytest.fixture
def make_syncer(
    store: Store, settings: Settings, served: Served, clock: Clock
) -> Iterator[Callable[[], Syncer]]:
    made: list[Syncer] = []

    def make() -> Syncer:
        central = replace(
            settings, central_url=served.url, central_secret=SECRET, deployment="essai"
        )
        made.append(Syncer(store, central, clock))
        return made[-1]

    yield make
    for syncer in made:
        syncer.close()


@pytest.fixture
def syncer(make_syncer: Callable[[], Syncer]) -> Syncer:
    return make_syncer()


def cast(
    store: Store,
    opened: Consultation,
    voter: str = "nora",
    proposal: int = 1,
    ballot: Ballot = AGREE,
    source: int = RMC,
) -> None:
    wish = Wish(proposal, ballot, Trust.SEQUENCE, source)
    store.ballots.cast(opened, 0, voter, wish)


def turns(syncer: Syncer, clock: Clock, number: int = 4) -> None:
    """Take turns, with as much time between them as after a first failure or a success."""
    for _ in range(number):
        syncer.turn()
        clock.forward(timedelta(seconds=2))


def counted(store: Store, opened: Consultation) -> list[document.Row]:
    """The rows as the store has them."""
    every = store.consultations.proposals(opened)
    histograms = store.tallies.histograms(opened, [proposal.id for proposal in every])
    name = document.deployment_name("essai", opened)
    return document.rows(opened, name, every, histograms, complete=True)


def received(served: Served, opened: Consultation) -> list[document.Row]:
    central = Central(served.url, (SECRET,))
    try:
        name = document.deployment_name("essai", opened)
        return central.ask(name, opened.slug, rows=True).rows
    finally:
        central.close()


def assert_equal(store: Store, served: Served, opened: Consultation) -> None:
    rows = received(served, opened)
    assert rows == counted(store, opened)
    assert rows


def test_votes_arrive(
    store: Store, opened: Consultation, syncer: Syncer, served: Served, clock: Clock
) -> None:
    """It asks, sends everything once, then only what changed; then it is silent."""
    cast(store, opened)
    turns(syncer, clock)
    assert served.requests == [("GET", 200), ("POST", 200)]
    assert_equal(store, served, opened)
    cast(store, opened, "amin", 2, DISAGREE, BFM)
    store.ballots.withdraw(opened, 0, "nora", 1)
    served.requests.clear()
    turns(syncer, clock)
    assert served.requests == [("POST", 200)]
    assert_equal(store, served, opened)
    before = len(served.requests)
    turns(syncer, clock)
    assert len(served.requests) == before


def test_an_odd_central_id_keeps_no_vote_back(
    store: Store, syncer: Syncer, served: Served, clock: Clock
) -> None:
    """The import refuses such ids, yet a store may hold one: then that proposal goes by our name."""
    ids = ["a b é", "essai:3", None, "p-4", "p-4"]
    odd = [replace(p, central=i) for p, i in zip(proposals(5), ids, strict=True)]
    made = store.consultations.create(consultation(), odd)
    for proposal in range(1, 6):
        cast(store, made, proposal=proposal)
    turns(syncer, clock)
    names = [row["proposal"] for row in received(served, made)]
    assert names == ["essai:1", "essai:2", "essai:3", "essai:5", "p-4"]


def test_changes_are_sent_as_changes(
    store: Store, opened: Consultation, syncer: Syncer, served: Served, clock: Clock
) -> None:
    """Only proposals that changed since what is acknowledged, with every source of theirs."""
    cast(store, opened)
    turns(syncer, clock)
    cast(store, opened, "amin", 2)
    central = Central(served.url, (SECRET,))
    courier = Courier(store, central, "essai", clock)
    heading = courier.heading(opened, fence=1, complete=False)
    rows = courier.rows(opened, heading)
    central.close()
    assert {row["proposal"] for row in rows} == {"essai:2"}


def test_one_consultation_makes_one_request_a_second(
    store: Store, opened: Consultation, syncer: Syncer, served: Served
) -> None:
    cast(store, opened)
    for _ in range(5):
        syncer.turn()
    assert served.requests == [("GET", 200)]


def test_it_catches_up_when_the_receiver_returns(
    store: Store, opened: Consultation, syncer: Syncer, served: Served, clock: Clock
) -> None:
    """Votes go on while it is away; the error is there for staff, and then it is gone."""
    cast(store, opened)
    turns(syncer, clock)
    served.stop()
    for number in range(30):
        cast(store, opened, f"voter-{number}", 1 + number % 5)
    turns(syncer, clock)
    assert "does not answer" in (SyncStates(store.redis).read(opened).last_error or "")
    served.start()
    clock.forward(timedelta(minutes=1))
    turns(syncer, clock)
    assert_equal(store, served, opened)
    assert SyncStates(store.redis).read(opened).last_error is None


def test_pauses_grow_while_nobody_answers(
    store: Store, opened: Consultation, syncer: Syncer, served: Served, clock: Clock
) -> None:
    """In a minute of turns, one a second, some six attempts and not sixty."""
    served.stop()
    attempts = set()
    for _ in range(60):
        syncer.turn()
        attempts.add(SyncStates(store.redis).read(opened).failed_at)
        clock.forward(timedelta(seconds=1))
    assert 5 <= len(attempts) <= 8


def test_a_lost_answer_costs_nothing(
    store: Store, opened: Consultation, syncer: Syncer, served: Served, clock: Clock
) -> None:
    """The document was taken, the sender does not know: it asks, and sends no complete one."""
    cast(store, opened)
    turns(syncer, clock)
    complete_at = SyncStates(store.redis).read(opened).complete_at
    served.lose_answers = True
    cast(store, opened, "amin")
    turns(syncer, clock, 1)
    served.lose_answers = False
    cast(store, opened, "lea", 3)
    clock.forward(timedelta(minutes=1))
    turns(syncer, clock)
    assert_equal(store, served, opened)
    assert SyncStates(store.redis).read(opened).complete_at == complete_at


def test_a_lost_answer_to_a_complete_document_is_not_sent_again(
    store: Store, opened: Consultation, syncer: Syncer, served: Served, clock: Clock
) -> None:
    """A receiver that needs longer for a large one than we wait must not get it for ever."""
    cast(store, opened)
    turns(syncer, clock, 1)
    served.lose_answers = True
    turns(syncer, clock, 1)
    served.lose_answers = False
    clock.forward(timedelta(minutes=1))
    turns(syncer, clock)
    assert served.requests == [("GET", 200), ("POST", 200), ("GET", 200)]
    assert_equal(store, served, opened)


def test_an_emptied_store_draws_a_new_epoch(
    store: Store, opened: Consultation, syncer: Syncer, served: Served, clock: Clock
) -> None:
    """What the receiver had of the lost votes goes; staff are told when it was found."""
    for number in range(10):
        cast(store, opened, f"voter-{number}", 1 + number % 5)
    turns(syncer, clock)
    before = SyncStates(store.redis).read(opened).epoch
    store.redis.flushall()
    again = store.consultations.create(consultation(), proposals())
    cast(store, again, "amin", 7, DISAGREE, BFM)
    turns(syncer, clock)
    assert_equal(store, served, again)
    state = SyncStates(store.redis).read(again)
    assert state.epoch > before
    assert state.data_lost_at is not None


@pytest.mark.parametrize("later_votes", [1, 5])
@pytest.mark.parametrize("lease", ["kept", "run-out"])
def test_a_restored_backup_ends_equal(
    store: Store,
    opened: Consultation,
    syncer: Syncer,
    served: Served,
    clock: Clock,
    later_votes: int,
    lease: str,
) -> None:
    """Whether new votes have carried the revision just to the old one or past it."""
    cast(store, opened)
    turns(syncer, clock)
    backup = {
        key: store.redis.execute_command("DUMP", key, NEVER_DECODE=True)
        for key in store.redis.keys("iso:*")
        if lease == "kept" or key != keys.SYNC_LEASE
    }
    cast(store, opened, "amin", 2)
    turns(syncer, clock)
    epoch = SyncStates(store.redis).read(opened).epoch
    restore(store, backup)
    for number in range(later_votes):
        cast(store, opened, f"voter-{number}", 3)
    turns(syncer, clock, 8)
    assert_equal(store, served, opened)
    if lease == "run-out" or later_votes == 1:
        assert SyncStates(store.redis).read(opened).epoch > epoch


def restore(store: Store, backup: dict[str, bytes]) -> None:
    store.redis.flushall()
    for key, value in backup.items():
        store.redis.restore(key, 0, value)


def test_a_receiver_that_lost_its_data_gets_everything(
    store: Store,
    opened: Consultation,
    syncer: Syncer,
    served: Served,
    clock: Clock,
    receiver: Flask,
) -> None:
    """Found within ten minutes, even when nobody votes any more."""
    cast(store, opened)
    turns(syncer, clock)
    empty(receiver)
    clock.forward(COMPLETE_EVERY)
    turns(syncer, clock)
    assert_equal(store, served, opened)


def empty(receiver: Flask) -> None:
    from server.central.receiver.parts import NAME
    from server.central.receiver.tables import metadata

    engine = receiver.extensions[NAME].engine
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            connection.execute(table.delete())


def test_a_complete_document_is_sent_now_and_then(
    store: Store, opened: Consultation, syncer: Syncer, served: Served, clock: Clock
) -> None:
    cast(store, opened)
    turns(syncer, clock)
    first = SyncStates(store.redis).read(opened).complete_at
    clock.forward(COMPLETE_EVERY)
    cast(store, opened, "amin")
    turns(syncer, clock)
    assert first
    assert (SyncStates(store.redis).read(opened).complete_at or first) > first


def test_a_complete_document_is_sent_at_the_close(
    store: Store, opened: Consultation, syncer: Syncer, served: Served, clock: Clock
) -> None:
    """Once, of the final revision."""
    cast(store, opened)
    turns(syncer, clock)
    assert SyncStates(store.redis).read(opened).final is None
    store.consultations.replace(replace(opened, closes=datetime.now(UTC)))
    clock.forward(timedelta(seconds=1))
    turns(syncer, clock)
    assert SyncStates(store.redis).read(opened).final == 1
    before = len(served.requests)
    turns(syncer, clock)
    assert len(served.requests) == before


def test_a_rehearsal_is_sent_under_its_own_name(
    store: Store, syncer: Syncer, served: Served, clock: Clock
) -> None:
    rehearsal = store.consultations.create(consultation("essai", rehearsal=True), proposals())
    cast(store, rehearsal)
    turns(syncer, clock)
    assert_equal(store, served, rehearsal)
    assert received(served, replace(rehearsal, rehearsal=False)) == []


def test_a_clone_adds_nothing_to_what_the_original_has_at_the_receiver(
    store: Store, syncer: Syncer, served: Served, clock: Clock
) -> None:
    """Not even by a central id: the clone's proposals go under names of their own."""
    named = [replace(p, central=f"national-{p.id}") for p in proposals()]
    asked = store.consultations.create(consultation(), named)
    cast(store, asked)
    turns(syncer, clock)
    before = received(served, asked)
    copy = rehearsal_of(asked, "essai", asked.opens)
    made = store.consultations.create(copy, rehearsed(store.consultations.proposals(asked)))
    cast(store, made)
    turns(syncer, clock)
    assert received(served, asked) == before != []
    assert_equal(store, served, made)
    assert {row["proposal"].partition(":")[0] for row in received(served, made)} == {
        "essai~rehearsal"
    }
    assert received(served, replace(made, rehearsal=False)) == []


def test_one_consultation_that_cannot_be_sent_stops_no_other(
    store: Store, opened: Consultation, syncer: Syncer, served: Served, clock: Clock
) -> None:
    """A tally with a code that no ballot has: its error is recorded, the other one arrives."""
    broken = store.consultations.create(consultation("abime"), proposals())
    store.redis.hset(keys.Box(broken.id, 0).tally(1), f"{RMC}.24", 1)
    cast(store, opened)
    turns(syncer, clock)
    assert_equal(store, served, opened)
    assert "not a ballot code" in (SyncStates(store.redis).read(broken).last_error or "")


def test_only_the_one_with_the_lease_sends(
    store: Store,
    opened: Consultation,
    make_syncer: Callable[[], Syncer],
    served: Served,
    clock: Clock,
) -> None:
    """The other takes over when the first one leaves, and goes on where it stood."""
    first, second = make_syncer(), make_syncer()
    cast(store, opened)
    turns(first, clock)
    before = len(served.requests)
    turns(second, clock)
    assert len(served.requests) == before
    first.close()
    cast(store, opened, "amin")
    turns(second, clock)
    assert_equal(store, served, opened)


def test_a_syncer_that_was_overtaken_is_refused_and_takes_a_new_lease(
    store: Store, opened: Consultation, syncer: Syncer, served: Served, clock: Clock
) -> None:
    """As after a long pause: another has sent with a higher fence meanwhile."""
    cast(store, opened)
    turns(syncer, clock)
    overtake(store, opened, served, clock)
    cast(store, opened, "amin", 2)
    turns(syncer, clock, 1)
    assert ("POST", 409) in served.requests
    turns(syncer, clock)
    assert_equal(store, served, opened)


def overtake(store: Store, opened: Consultation, served: Served, clock: Clock) -> None:
    """Send as another process would that drew a fence while the first one slept."""
    fence = int(store.redis.incr(keys.SYNC_FENCE))
    central = Central(served.url, (SECRET,))
    Courier(store, central, "essai", clock).send(opened, fence, complete=True)
    central.close()


def test_without_a_central_platform_nothing_happens(
    store: Store, opened: Consultation, settings: Settings, clock: Clock
) -> None:
    lonely = Syncer(store, settings, clock)
    lonely.turn()
    lonely.close()
    assert Lease(store.redis).hold() == 1


def test_a_receiver_that_never_answers_costs_one_time_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        central = Central(f"http://127.0.0.1:{port}", (SECRET,), urllib3.Timeout(total=0.2))
        with pytest.raises(NoAnswer, match="ReadTimeoutError"):
            central.ask("essai", "question")
        central.close()


def test_what_is_no_receiver_is_no_answer(served: Served) -> None:
    """A wrong address in the settings is said as such, not taken for an empty receiver."""
    central = Central(f"{served.url}/elsewhere", (SECRET,))
    with pytest.raises(Exception, match="404 not-found"):
        central.ask("essai", "question")
    central.close()


def test_it_waits_for_a_store_that_is_away_and_asks_when_it_is_back(
    tmp_path: Path, settings: Settings, served: Served, clock: Clock
) -> None:
    """The store may have come back with less; and leaving without one is no error either."""
    with EmbeddedStore(tmp_path / "store") as server:
        own = open_store(server.url)
        opened = own.consultations.create(consultation(), proposals())
        central = replace(settings, central_url=served.url, central_secret=SECRET)
        syncer = Syncer(own, replace(central, deployment="essai"), clock)
        cast(own, opened)
        turns(syncer, clock)
        server.stop()
        with pytest.raises(StoreUnavailable):
            syncer.turn()
        server.start()
        server.wait_ready()
        served.requests.clear()
        cast(own, opened, "amin")
        turns(syncer, clock)
        assert served.requests == [("GET", 200), ("POST", 200)]
        assert_equal(own, served, opened)
        server.stop()
        syncer.close()
        own.close()


def test_it_works_in_a_thread_beside_the_count(
    store: Store, opened: Consultation, syncer: Syncer, served: Served
) -> None:
    """As the teller runs it: until it is told to stop."""
    cast(store, opened)
    stop = threading.Event()
    thread = threading.Thread(target=syncer.run, args=(stop,))
    thread.start()
    try:
        wait_for(lambda: received(served, opened) == counted(store, opened))
    finally:
        stop.set()
        thread.join()


def wait_for(fact: Callable[[], bool]) -> None:
    """Wait for a visible fact, at most ten seconds."""
    waiting = threading.Event()
    for _ in range(200):
        if fact():
            return
        waiting.wait(0.05)
    raise AssertionError("It did not happen within ten seconds.")
