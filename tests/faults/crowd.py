"""A crowd of readers who vote without pause, and a record of what they were told is counted."""

import random
import select
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing

from tests.faults.booth import Answer, Booth

ROW = 8  # proposals on which one reader votes before the next one comes
VOTES = ("agree", "disagree", "neutral")
AGAIN = {0, 409, 429, 502, 503}  # no answer, a newer number of ours, or a request to come back
GLANCE = 0.05  # seconds before the same wish is sent again


class Crowd:
    """Threads of readers. Each wish is sent until it is answered 200, like the booth does.

    `wanted` is then what must be in the box: (proposal, vote) -> ballots, no more and no fewer.
    """

    def __init__(
        self, booth: Callable[[], Booth], proposals: Sequence[int], size: int, seed: int
    ) -> None:
        self.acknowledged = 0
        self.statuses: Counter[int] = Counter()
        self.wanted: Counter[tuple[int, str]] = Counter()
        self._booth = booth
        self._proposals = proposals
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._come, args=(random.Random(f"{seed}.{n}"),))
            for n in range(size)
        ]

    def __enter__(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Let everybody finish: what they have begun is asked until it is counted."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def alive(self) -> bool:
        return all(thread.is_alive() for thread in self._threads)

    def _come(self, chance: random.Random) -> None:
        while not self._over.is_set():
            with closing(self._booth()) as booth:
                self._until_answered(booth.enter)
                for proposal in chance.sample(list(self._proposals), ROW):
                    self._vote(booth, proposal, chance)
                    if self._over.is_set():
                        break

    def _vote(self, booth: Booth, proposal: int, chance: random.Random) -> None:
        """Vote; one reader in three thinks again, and one in six takes the vote back."""
        vote = chance.choice(VOTES)
        self._settle(lambda: booth.cast(proposal, vote, booth.draw()), proposal, None, vote)
        second = chance.randrange(6)
        if second == 0:
            self._settle(lambda: booth.withdraw(proposal, booth.draw()), proposal, vote, None)
        elif second in {1, 2}:
            other = chance.choice(VOTES)
            self._settle(lambda: booth.cast(proposal, other, booth.draw()), proposal, vote, other)

    def _settle(
        self, ask: Callable[[], Answer], proposal: int, old: str | None, new: str | None
    ) -> None:
        self._until_answered(ask)
        with self._lock:
            self.acknowledged += 1
            if old:
                self.wanted[proposal, old] -= 1
            if new:
                self.wanted[proposal, new] += 1

    def _until_answered(self, ask: Callable[[], Answer]) -> None:
        while True:
            answer = ask()
            with self._lock:
                self.statuses[answer.status] += 1
            if answer.status == 200:
                return
            assert answer.status in AGAIN, answer
            select.select([], [], [], GLANCE)
