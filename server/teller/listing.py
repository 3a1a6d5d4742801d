"""Listing: publish which proposals lead, as far as the votes can tell."""

import time
from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from server.consultations.consultation import Consultation
from server.consultations.standings import (
    SUPPORTED,
    Listing,
    Standing,
    listed,
    score_for,
    supported,
)
from server.store.published import Lists
from server.store.store import Store
from server.teller.candidates import Candidates
from server.teller.counting import Counting
from server.teller.each import each

PAUSE = 15.0  # seconds between two looks at a consultation: 34 000 proposals take 0.3 s
PAST = 60.0  # seconds between two looks at one that is over, whether anything has changed at all
MOST = 50  # proposals in a list


class Lister:
    def __init__(
        self,
        store: Store,
        candidates: Candidates,
        now: Callable[[], datetime],
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._candidates = candidates
        self._now = now
        self._ticks = ticks
        self._due: dict[str, float] = {}
        self._stamps: dict[str, int] = {}
        self._settled: dict[str, tuple[int, ...]] = {}  # version and revisions of what is over

    def turn(self) -> None:
        """Publish the lists that are new."""
        each("Listing", self._store.consultations.all(), self._attend)

    def _attend(self, consultation: Consultation) -> None:
        if self._ticks() < self._due.get(consultation.id, 0.0):
            return
        over = consultation.phase(self._now()).is_over
        if over:
            self._look_back(consultation)
        else:
            self.publish(consultation)
        self._due[consultation.id] = self._ticks() + (PAST if over else PAUSE)

    def _look_back(self, consultation: Consultation) -> None:
        """Publish what is over once more only if staff or a recount have changed it.

        With a count of its own, of which nothing is kept. The end itself is published by whoever
        draws up the minutes; so a teller that starts need not count all that is long over.
        """
        store = self._store
        seen = (store.consultations.version(consultation), *store.tallies.revisions(consultation))
        known = self._settled.get(consultation.id)
        if known != seen and (known or not store.published.has_lists(consultation)):
            counting = Counting(store)
            counting.count(consultation)
            Lister(store, Candidates(store, counting), self._now).publish(consultation)
        self._settled[consultation.id] = seen
        self._stamps.pop(consultation.id, None)

    def publish(self, consultation: Consultation) -> None:
        """Publish the lists as the last count has them."""
        stamp = self._candidates.renew(consultation)
        if stamp is not None and stamp != self._stamps.get(consultation.id):
            lists = _lists(self._candidates.of(consultation))
            self._store.published.publish_lists(consultation, lists)
            self._stamps[consultation.id] = stamp


def _lists(standings: Collection[Standing]) -> Lists:
    found = {str(by): _rows(listed(standings, by, MOST), by) for by in Listing}
    return {SUPPORTED: _rows(supported(standings, MOST), Listing.TOP), **found}


def _rows(standings: Iterable[Standing], by: Listing) -> list[tuple[int, float, float]]:
    rows = []
    for standing in standings:
        score = score_for(by, standing)
        rows.append((standing.proposal.id, round(score.value, 4), round(score.confidence, 4)))
    return rows
