"""The recount is exact while voting goes on, and finds what is wrong."""

import random
import threading

from server.consultations.ballots import Ballot, Trust, Vote, encode
from server.consultations.consultation import Consultation
from server.store.ballots import Wish
from server.store.recount import Difference
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
