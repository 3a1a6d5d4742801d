"""Decks: what dealing four anew costs the teller, and serving one web, however many proposals.

Dealing is with the look at every standing before it, and with publishing; serving is a reader's own
deck over HTTP in one process, with what that process reads anew each second.
"""

import random
import statistics
import time
from contextlib import ExitStack
from datetime import UTC, datetime

from flask import Flask

from server.app import create_app
from server.consultations.ballots import Ballot, Trust, Vote, encode
from server.consultations.consultation import Consultation
from server.store import keys
from server.store.store import Store
from server.teller.candidates import Candidates
from server.teller.counting import Counting
from server.teller.dealing import AT_ONCE, DECKS, PAUSE, Dealing
from server.web.service import NAME
from tests.bench.machine import Machine, machine
from tests.conftest import consultation, proposals
from tests.web.conftest import API, Reader

FEW, MANY = 200, 34_000
CODES = [encode(Ballot(vote), Trust.SEQUENCE) for vote in Vote]
MOST_VOTES = 600  # of a kind on one proposal: some are new, some are tested
CHANGED = 50  # proposals with new votes from one turn to the next
BATCH = 500  # proposals written in one round trip


class Hall:
    """A consultation of so many proposals, its teller and a web process."""

    def __init__(self, here: Machine, app: Flask, number: int) -> None:
        self._chance, self._clock, self._store = random.Random(3), 1000.0, here.store
        self._opened = here.store.consultations.create(consultation(), proposals(number))
        self._numbers = range(1, number + 1)
        _vote(here.store, self._opened, self._numbers, self._chance)
        self._counting = Counting(here.store)
        self._dealing = Dealing(
            here.store,
            Candidates(here.store, self._counting),
            lambda: datetime.now(UTC),
            self._chance,
            lambda: self._clock,
        )
        for _ in range(DECKS // AT_ONCE):
            self.dealt()
        self._client = app.test_client(use_cookies=False)
        reader = Reader(self._client)
        credential = reader.credential()
        if reader.cast(1, credential=credential).status_code != 200:
            raise RuntimeError("The vote was not taken.")
        self._bearer = {"Authorization": f"Bearer {credential}"}

    def dealt(self) -> float:
        """Return the seconds in which the teller deals, once there are new votes."""
        some = self._chance.sample(self._numbers, min(CHANGED, len(self._numbers)))
        _vote(self._store, self._opened, some, self._chance)
        self._counting.turn()
        self._clock += PAUSE
        began = time.perf_counter()
        self._dealing.turn()
        return time.perf_counter() - began

    def served(self, requests: int) -> float:
        """Return the seconds for one deck."""
        began = time.perf_counter()
        for _ in range(requests):
            answer = self._client.get(f"{API}/deck?source=rmc", headers=self._bearer)
            if answer.status_code != 200 or len(answer.get_json()["proposals"]) != 12:
                raise RuntimeError(f"No deck: {answer.status_code}.")
        return (time.perf_counter() - began) / requests


def run(many: int = MANY, rounds: int = 15, requests: int = 300) -> None:
    """Print both against those of a small consultation, by turns taken."""
    with ExitStack() as at_end:
        halls = [_hall(at_end, number) for number in (many, FEW)]
        for hall in halls:
            hall.served(requests)  # to warm up
        dealt = [[hall.dealt() for hall in halls] for _ in range(rounds)]
        served = [[hall.served(requests) for hall in halls] for _ in range(rounds)]
    _say(f"{AT_ONCE} decks dealt", many, dealt, 1000, "ms")
    _say("a deck served", many, served, 1_000_000, "µs")


def _hall(at_end: ExitStack, number: int) -> Hall:
    here = at_end.enter_context(machine())
    app = create_app(here.settings)
    at_end.callback(app.extensions[NAME].store.close)
    return Hall(here, app, number)


def _say(what: str, many: int, found: list[list[float]], unit: int, name: str) -> None:
    large, small = (statistics.median(column) * unit for column in zip(*found, strict=True))
    times = statistics.median(a / b for a, b in found)
    print(
        f"  {what}, {many} proposals / {FEW}: {times:.2f} times as long"
        f" ({large:.1f} and {small:.1f} {name})"
    )


def _vote(
    store: Store, opened: Consultation, numbers: "range | list[int]", chance: random.Random
) -> None:
    """Leave behind what votes on these proposals leave."""
    box = keys.Box(opened.id, 0)
    for start in range(0, len(numbers), BATCH):
        with store.redis.pipeline(transaction=True) as batch:
            for proposal in numbers[start : start + BATCH]:
                votes = {f"2.{code}": chance.randrange(MOST_VOTES) + 1 for code in CODES}
                batch.hset(box.tally(proposal), mapping=votes)
                revision = store.redis.incr(box.revision)
                batch.zadd(box.changed, {str(proposal): revision})
            batch.execute()
