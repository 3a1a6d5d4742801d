"""Votes for tests that are about something else."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from server.consultations.ballots import Ballot, Trust, Vote, encode
from server.consultations.consultation import Consultation
from server.store.ballots import Wish
from server.store.store import Store
from server.teller.candidates import Candidates
from server.teller.counting import Counting
from server.teller.listing import Lister

RMC, BFM, LES_ECHOS = 2, 3, 4
AGREED = encode(Ballot(Vote.AGREE), Trust.SEQUENCE)


def cast(
    store: Store,
    opened: Consultation,
    voter: str,
    proposal: int = 5,
    vote: Vote = Vote.AGREE,
    source: int = RMC,
    box: int = 0,
) -> None:
    """Vote without a brake: these voters are faster than people."""
    wish = Wish(proposal, Ballot(vote), Trust.SEQUENCE, source, braked=False)
    store.ballots.cast(opened, box, voter, wish)


def publish(store: Store, opened: Consultation) -> None:
    """Count, and publish results and lists, as the teller does."""
    counting = Counting(store)
    counting.count(opened)
    Lister(store, Candidates(store, counting), lambda: datetime.now(UTC)).publish(opened)


def cast_by_many(store: Store, opened: Consultation, voters: int = 30) -> None:
    """Three ballots each, by voters of two sources in all boxes."""
    for i in range(voters):
        for proposal in (5, 1 + i % 24, 1 + (i + 1) % 24):
            source = (RMC, BFM)[i % 2]
            cast(store, opened, f"voter{i}", proposal, source=source, box=opened.box_of(i))


def vote_at_random(store: Store, opened: Consultation, stop: threading.Event, seed: int) -> None:
    """Vote, change, withdraw, move between sources and forget, until told to stop."""
    chance = random.Random(seed)
    while not stop.is_set():
        number, proposal = chance.randrange(40), chance.randint(1, 24)
        voter, box = f"voter{number}", opened.box_of(number)
        deed = chance.random()
        if deed < 0.02:
            store.voters.forget(opened, box, voter)
        elif deed < 0.2:
            store.ballots.withdraw(opened, box, voter, proposal)
        else:
            vote, source = chance.choice(list(Vote)), chance.choice([RMC, BFM])
            cast(store, opened, voter, proposal, vote, source, box)


@contextmanager
def voting(store: Store, opened: Consultation, threads: int = 3) -> Iterator[None]:
    """Keep voters voting at random meanwhile; a failure of theirs is raised in the end."""
    stop, failures = threading.Event(), []

    def work(seed: int) -> None:
        try:
            vote_at_random(store, opened, stop, seed)
        except Exception as error:
            failures.append(error)

    workers = [threading.Thread(target=work, args=(seed,)) for seed in range(threads)]
    for worker in workers:
        worker.start()
    try:
        while sum(store.tallies.revisions(opened)) < 200 and not failures:
            pass
        yield
    finally:
        stop.set()
        for worker in workers:
            worker.join()
    if failures:
        raise failures[0]
