"""Many voters at once, who note what they were told, so that it can be held against the ballots."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from server.consultations.ballots import Ballot, Trust, Vote
from server.consultations.consultation import Consultation
from server.consultations.errors import StoreUnavailable
from server.store.ballots import Wish
from server.store.store import Store

PROPOSALS = 24


@dataclass(frozen=True)
class Told:
    """A vote that was acknowledged. No voter takes one back or votes on a proposal twice."""

    box: int
    voter: str
    proposal: int
    at: float = field(default_factory=time.monotonic)  # seconds


@dataclass
class Crowd:
    """Voters in all boxes. A vote that was refused is not sent again: it may count or not."""

    store: Store
    opened: Consultation
    acknowledged: list[Told] = field(default_factory=list)
    refused: int = 0

    @contextmanager
    def voting(self, threads: int = 6) -> Iterator[None]:
        """Have them vote meanwhile; whatever is no plain refusal is raised in the end."""
        stop, failures = threading.Event(), list[Exception]()

        def work(number: int) -> None:
            try:
                self._vote(number, stop)
            except Exception as failure:
                failures.append(failure)

        crowd = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
        for one in crowd:
            one.start()
        try:
            yield
        finally:
            stop.set()
            for one in crowd:
                one.join()
        if failures:
            raise failures[0]

    def lost(self) -> list[Told]:
        """Return the acknowledged votes of which no ballot is left."""
        return [
            told
            for told in self.acknowledged
            if not self.store.ballots.held(self.opened, told.box, told.voter, told.proposal).ballot
        ]

    def heard_in(self, boxes: set[int]) -> int:
        """Return how many votes were acknowledged in these boxes."""
        return sum(told.box in boxes for told in list(self.acknowledged))

    def is_told(self, voter: str, box: int = 0, proposal: int = 1) -> bool:
        """Vote once; return whether it was acknowledged."""
        wish = Wish(proposal, Ballot(Vote.AGREE), Trust.SEQUENCE, 2, braked=False)
        try:
            self.store.ballots.cast(self.opened, box, voter, wish)
        except StoreUnavailable:
            return False
        self.acknowledged.append(Told(box, voter, proposal))
        return True

    def _vote(self, number: int, stop: threading.Event) -> None:
        turn = 0
        while not stop.is_set():
            turn += 1
            box = (number + turn) % self.opened.boxes
            voter = f"voter{number}-{turn // PROPOSALS}"
            self.refused += not self.is_told(voter, box, 1 + turn % PROPOSALS)
