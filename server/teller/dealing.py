"""Dealing: every few seconds, some of each consultation's decks are dealt anew and published."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from server.consultations import dealing
from server.consultations.consultation import Consultation
from server.store.store import Store
from server.teller.candidates import Candidates
from server.teller.each import each

DECKS = 64  # on the table at a time
AT_ONCE = 4  # dealt anew in one turn: some 10 ms each
PAUSE = 5.0  # seconds between two turns
# A reader is served the same deck until it is dealt anew, so nobody draws until a proposal of
# their choice comes up; and a new proposal is in all decks by then.
ROUND = DECKS / AT_ONCE * PAUSE  # seconds


@dataclass
class Table:
    """The decks of one consultation, and what was known when they were dealt."""

    decks: list[tuple[int, ...]] = field(default_factory=list)
    at: int = 0  # the deck that is dealt next
    stamp: int = 0  # of the candidates
    asked: int = 0  # votes
    due: float = 0.0  # by the clock of `Dealing`
    dealt: float = 0.0

    @property
    def full(self) -> bool:
        return len(self.decks) == DECKS

    def lay(self, deck: tuple[int, ...]) -> None:
        self.decks[self.at : self.at + 1] = [deck]
        self.at = (self.at + 1) % DECKS


class Dealing:
    def __init__(
        self,
        store: Store,
        candidates: Candidates,
        now: Callable[[], datetime],
        chance: random.Random | None = None,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._candidates = candidates
        self._now = now
        self._chance = chance or random.SystemRandom()
        self._ticks = ticks
        self._tables: dict[str, Table] = {}

    def turn(self) -> None:
        """Deal where it is time to: where votes are taken, and anything is new since."""
        each("Dealing", self._store.consultations.all(), self._attend)

    def _attend(self, consultation: Consultation) -> None:
        phase, now = consultation.phase(self._now()), self._ticks()
        if phase.is_over:
            # The lists of its end have been published by whoever closed it, from counts of their own.
            self._tables.pop(consultation.id, None)
            self._candidates.forget(consultation)
        if not phase.takes_votes:
            return
        table = self._tables.setdefault(consultation.id, Table())
        if now < table.due:
            return
        stamp = self._candidates.renew(consultation)
        if stamp is None:
            return
        if stamp != table.stamp or not table.full:
            self._deal(consultation, table, now)
            table.stamp = stamp
        # Until there are all decks, more of them are dealt in every turn.
        table.due = now + PAUSE if table.full else now

    def _deal(self, consultation: Consultation, table: Table, now: float) -> None:
        standings, rules = self._candidates.of(consultation), consultation.deck
        asked = sum(standing.asked for standing in standings)
        pace = (asked - table.asked) / (now - table.dealt) if table.dealt else 0.0
        expected = pace * ROUND * rules.new / rules.size
        pool = dealing.pool(standings, rules, expected, self._chance)
        for _ in range(AT_ONCE):
            table.lay(dealing.deal(pool, rules, self._chance))
        self._store.published.publish_decks(consultation, table.decks)
        table.asked, table.dealt = asked, now
