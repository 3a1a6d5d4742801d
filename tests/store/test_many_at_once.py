"""A hundred threads, and eight processes: the counts are exact, whoever comes first."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial

import pytest

from server.consultations.ballots import Ballot, Trust, Vote
from server.consultations.consultation import Consultation
from server.store.ballots import Wish
from server.store.store import Store, open_store
from server.supervisor.embedded import EmbeddedStore

pytestmark = pytest.mark.one_server

THREADS, PROCESSES = 100, 8
TURNS = {THREADS: 25, PROCESSES: 250}  # of each worker; long enough that all are at it at once
RMC, BFM = 2, 3
VOTES = tuple(Vote)
Deed = Callable[[Store, int, int], None]  # does the turn of one worker


def work(deed: Deed, store: Store, workers: int, worker: int) -> None:
    for turn in range(TURNS[workers]):
        deed(store, worker, turn)


def work_apart(deed: Deed, url: str, worker: int) -> None:
    store = open_store(url)
    work(deed, store, PROCESSES, worker)
    store.close()


def in_threads(store: Store, url: str, deed: Deed) -> int:
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(partial(work, deed, store, THREADS), range(THREADS)))
    return THREADS


def in_processes(store: Store, url: str, deed: Deed) -> int:
    """Forked by a process that has imported this module and done nothing else."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    with ProcessPoolExecutor(PROCESSES, context) as pool:
        list(pool.map(partial(work_apart, deed, url), range(PROCESSES)))
    return PROCESSES


at_once = pytest.mark.parametrize("at_once", [in_threads, in_processes])
AtOnce = Callable[[Store, str, Deed], int]


def cast(store: Store, opened: Consultation, voter: str, proposal: int, chance: int) -> None:
    """Vote one way or another, through one source or another."""
    ballot, source = Ballot(VOTES[chance % 3]), (RMC, BFM)[chance % 2]
    wish = Wish(proposal, ballot, Trust.SEQUENCE, source, braked=False)
    store.ballots.cast(opened, 0, voter, wish)


def vote_as_one(opened: Consultation, store: Store, worker: int, turn: int) -> None:
    cast(store, opened, "nora", 1, worker + turn)


def vote_as_many(opened: Consultation, store: Store, worker: int, turn: int) -> None:
    """Eight voters of each worker, on the same six proposals as everybody."""
    cast(store, opened, f"voter{8 * worker + turn % 8}", 1 + turn % 6, worker)


def come_and_go(opened: Consultation, store: Store, worker: int, turn: int) -> None:
    """Vote, change, withdraw and forget, all of them as the same three voters."""
    voter, proposal = f"voter{turn % 3}", 1 + worker % 6
    cast(store, opened, voter, proposal, worker + turn)
    if turn % 4 == 3:
        store.ballots.withdraw(opened, 0, voter, proposal)
    if turn % 12 == 11:
        store.voters.forget(opened, 0, voter)


def tallied(store: Store, opened: Consultation) -> int:
    """Return the number of ballots in all tallies; no number in them is below one."""
    numbers = [
        number
        for sources in store.tallies.histograms(opened, range(1, 25)).values()
        for histogram in sources.values()
        for number in histogram.values()
    ]
    assert all(number > 0 for number in numbers)
    return sum(numbers)


@at_once
def test_one_voter_has_one_ballot_however_many_vote_in_that_name(
    store: Store, store_server: EmbeddedStore, opened: Consultation, at_once: AtOnce
) -> None:
    at_once(store, store_server.url, partial(vote_as_one, opened))
    assert (tallied(store, opened), store.tallies.voters(opened)) == (1, 1)
    assert store.recount.compare(opened) == []


@at_once
def test_many_voters_have_each_of_their_ballots_once(
    store: Store, store_server: EmbeddedStore, opened: Consultation, at_once: AtOnce
) -> None:
    """All turns of a worker are over the same 24 pairs of voter and proposal."""
    workers = at_once(store, store_server.url, partial(vote_as_many, opened))
    assert tallied(store, opened) == 24 * workers
    assert store.tallies.voters(opened) == 8 * workers
    assert store.recount.compare(opened) == []


@at_once
def test_counts_are_exact_when_voters_come_and_go(
    store: Store, store_server: EmbeddedStore, opened: Consultation, at_once: AtOnce
) -> None:
    at_once(store, store_server.url, partial(come_and_go, opened))
    held = [len(store.ballots.voted(opened, 0, f"voter{i}")) for i in range(3)]
    assert tallied(store, opened) == sum(held)
    assert store.tallies.voters(opened) <= 3
    assert store.recount.compare(opened) == []
