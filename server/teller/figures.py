"""Counting for staff: per source, raw and verified, and what waits. In a thread of its own.

What readers see never waits for it: it reads the same tallies at a pace of its own, that leaves
the store and this process most of their time however large a consultation is.
"""

import logging
import threading
import time
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from operator import lt

from server.consultations.consultation import Consultation
from server.consultations.errors import StoreUnavailable
from server.consultations.participation import Curve, Point, due, extended
from server.staff.figures import EVERY, Figures, Queue, Sample, Votes, sampled
from server.store.store import Store
from server.teller.each import each

TURN = 3.0  # seconds between two turns, at least
SHARE = 4  # of the time a turn took, for which the next one then waits
BATCH = 500  # proposals added up in one go

NONE = (0, 0)

log = logging.getLogger(__name__)


@dataclass
class Column:
    """Ballots through one source, by row: 34 000 proposals take 272 kB."""

    count: "array[int]" = field(default_factory=lambda: array("I"))
    verified: "array[int]" = field(default_factory=lambda: array("I"))

    def put(self, row: int, count: int, verified: int) -> None:
        """Replace what one proposal adds to the sum."""
        missing = row + 1 - len(self.count)
        if missing > 0:
            self.count.extend([0] * missing)
            self.verified.extend([0] * missing)
        self.count[row], self.verified[row] = count, verified

    @property
    def votes(self) -> Votes:
        return Votes(sum(self.count), sum(self.verified))


@dataclass
class Ledger:
    """What was added up of one consultation so far. Losing it costs one full count."""

    revisions: tuple[int, ...]
    rows: dict[int, int] = field(default_factory=dict)  # by proposal
    columns: dict[int, Column] = field(default_factory=dict)  # by source number

    def enter(self, changed: Mapping[int, Mapping[int, Sequence[int]]]) -> None:
        """Take in proposals as they are now: by source, all ballots and the verified ones."""
        for proposal, sources in changed.items():
            row = self.rows.setdefault(proposal, len(self.rows))
            for source in sources.keys() - self.columns.keys():
                self.columns[source] = Column()
            for source, column in self.columns.items():
                column.put(row, *sources.get(source, NONE))

    def sources(self) -> dict[int, Votes]:
        return {source: column.votes for source, column in sorted(self.columns.items())}

    def most(self) -> dict[int, int]:
        """Return the most verified ballots on any one proposal, by source."""
        return {source: max(one.verified, default=0) for source, one in self.columns.items()}


class Bookkeeping:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._ledgers: dict[str, Ledger] = {}
        self._last: dict[str, Figures] = {}
        self._curves: dict[str, Curve] = {}

    def run(self, stop: threading.Event) -> None:
        """Take a turn every few seconds until `stop` is set."""
        while not stop.is_set():
            began = time.monotonic()
            try:
                self.turn(stop)
            except StoreUnavailable as refusal:
                log.warning("The figures for staff wait for the store: %s", refusal.detail)
            except Exception:
                # A thread that ends in silence would leave staff with old figures.
                log.exception("The figures for staff could not be counted; it is tried again")
            stop.wait(max(TURN, SHARE * (time.monotonic() - began)))

    def turn(self, stop: threading.Event | None = None) -> None:
        """Count every consultation once, and tell the trail what nobody told it yet."""
        every = self._store.consultations.all()
        self._store.running.catch_up(every)
        each(
            "Counting for staff",
            takewhile(lambda _: not (stop and stop.is_set()), every),
            self.count,
        )

    def count(self, consultation: Consultation) -> None:
        """Count one, and publish it if anything is new or the last figures get old."""
        number, store = consultation.id, self._store
        ledger = self._ledgers.get(number)
        # Read before the tallies: these then hold everything up to here, and perhaps more.
        revisions = store.tallies.revisions(consultation)
        if ledger is None or any(map(lt, revisions, ledger.revisions)):
            # The first time; or a box has lost data: count it all anew.
            ledger = Ledger((0,) * consultation.boxes)
        if ledger.revisions != revisions:
            changed = store.tallies.changed_since(consultation, ledger.revisions)
            for some in _batches(sorted(changed)):
                began = time.monotonic()
                ledger.enter(store.tallies.by_source(consultation, some))
                # The thread that counts for readers gets as much time.
                time.sleep(time.monotonic() - began)
            ledger.revisions = revisions
        self._ledgers[number] = ledger
        self._publish(consultation, ledger)

    def _publish(self, consultation: Consultation, ledger: Ledger) -> None:
        store, revision = self._store, sum(ledger.revisions)
        last = self._last.get(consultation.id) or store.figures.read([consultation])[0]
        queue, now = self._queue(consultation), store.clock.now()
        if last and (last.revision, last.queue) == (revision, queue) and now - last.as_of < EVERY:
            self._last[consultation.id] = last
            return
        sources = ledger.sources()
        total = sum(one.count for one in sources.values())
        samples = sampled(last.samples if last else (), Sample(now, total, revision))
        voters = store.tallies.voters_by_source(consultation)
        figures = Figures(now, revision, voters, sources, queue, samples, ledger.most())
        store.figures.publish(consultation, figures)
        self._last[consultation.id] = figures
        self._sample(consultation, now, sources)

    def _sample(self, consultation: Consultation, now: int, sources: Mapping[int, Votes]) -> None:
        """Keep what each source has brought by now, or by the close."""
        opens, closes = (
            int(at.timestamp() * 1000) for at in (consultation.opens, consultation.closes)
        )
        if now < opens:
            return
        verified = {number: one.verified for number, one in sources.items() if one.count}
        new, known = Point(min(now, closes), verified), self._curves.get(consultation.id)
        curve = self._store.participation.read(consultation) if known is None else known
        if due(curve, new, now >= closes):
            curve = extended(curve, new)
            self._store.participation.write(consultation, curve)
        self._curves[consultation.id] = curve

    def _queue(self, consultation: Consultation) -> Queue:
        """Ask the queue how much waits and since when, as its own page does."""
        (found,) = self._store.moderation.queue.figures([consultation])
        return Queue(found.waiting, found.oldest)


def _batches(numbers: list[int]) -> Iterable[list[int]]:
    return (numbers[start : start + BATCH] for start in range(0, len(numbers), BATCH))
