"""The recount is exact while voting goes on, and finds what is wrong."""

import random
import threading

import pytest

from server.consultations.ballots import Ballot, Trust, Vote, encode
from server.consultations.consultation import Consultation
from server.consultations.errors import StoreUnavailable
from server.store.ballots import Wish
from server.store.connection import reaching_store
from server.store.keys import Box
from server.store.recount import Difference, Recount
from server.store.store import Store

RMC, BFM = 2, 3


def vote_at_random(store: Store, opened: Consultation, stop: threading.Event, seed: int) -> None:
    chance = random.Random(seed)
    while not stop.is_set():
        voter, proposal = f"voter{chance.randrange(40)}", chance.randint(1, 24)
        if chance.random() < 0.2:
            store.ballots.withdraw(opened, 0, voter, proposal)
        else:
            ballot = Ballot(chance.choice(list(Vote)))
            wish = Wish(proposal, ballot, Trust.SEQUENCE, chance.choice([RMC, BFM]))
            store.ballots.cast(opened, 0, voter, wish)


def test_recounts_during_voting_find_no_difference(store: Store, opened: Consultation) -> None:
    """Three threads vote, change, withdraw and move between sources; each recount agrees."""
    stop = threading.Event()
    threads = [
        threading.Thread(target=vote_at_random, args=(store, opened, stop, seed))
        for seed in range(3)
    ]
    for thread in threads:
        thread.start()
    try:
        while sum(store.tallies.revisions(opened)) < 200:
            pass
        found = [store.recount.compare(opened) for _ in range(8)]
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert found == [[]] * 8
    assert store.recount.compare(opened) == []


def test_a_tampered_tally_is_found_and_named(store: Store, opened: Consultation) -> None:
    wish = Wish(5, Ballot(Vote.AGREE), Trust.SEQUENCE, RMC)
    store.ballots.cast(opened, 0, "nora", wish)
    code = encode(Ballot(Vote.AGREE), Trust.SEQUENCE)
    store.redis.hincrby(f"iso:{{{opened.id}.0}}:tally:5", f"{RMC}.{code}", 2)
    assert store.recount.compare(opened) == [Difference(5, RMC, code, tallied=3, counted=1)]


def test_a_recount_leaves_no_key_behind(store: Store, opened: Consultation) -> None:
    wish = Wish(5, Ballot(Vote.AGREE), Trust.SEQUENCE, RMC)
    store.ballots.cast(opened, 0, "nora", wish)
    before = set(store.redis.keys("*"))
    store.recount.run(opened)
    assert set(store.redis.keys("*")) - before == {f"iso:{{{opened.id}.0}}:generation"}


def test_of_two_recounts_the_later_takes_over_and_the_earlier_stops(
    store: Store, opened: Consultation
) -> None:
    """The first is overtaken after it has counted a voter: it must not report a difference."""
    for voter in ("nora", "adam"):
        wish = Wish(5, Ballot(Vote.AGREE), Trust.SEQUENCE, RMC)
        store.ballots.cast(opened, 0, voter, wish)
    earlier = Recount(store.redis, store.consultations)
    voters = earlier._voters(Box(opened.id, 0))
    box, shadows = Box(opened.id, 0), [Box(opened.id, 0).shadow(5)]
    generation = int(earlier._begin(keys=[box.recount, box.generation, *shadows]))
    earlier._stamp_voter(box, next(voters), generation)
    assert store.recount.compare(opened) == []
    later = int(earlier._begin(keys=[box.recount, box.generation, *shadows]))
    with pytest.raises(StoreUnavailable):
        stamp_all(earlier, box, generation)
    assert not earlier._end(keys=[box.recount, *shadows], args=[generation])
    assert earlier._end(keys=[box.recount, *shadows], args=[later])


@reaching_store()
def stamp_all(recount: Recount, box: Box, generation: int) -> None:
    for voter in ("nora", "adam"):
        recount._stamp_voter(box, voter, generation)
