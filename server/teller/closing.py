"""Closing: when a consultation is over, recount it, publish the end, and draw up the minutes."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from server.consultations import minutes
from server.consultations.consultation import Consultation
from server.consultations.errors import ClocksApart, Refusal, StoreUnavailable
from server.consultations.minutes import Author, Count
from server.consultations.rows import sendable
from server.keyring import Keyring
from server.settings import Settings
from server.store.differences import Difference, Report
from server.store.minutes import Claim
from server.store.store import Store
from server.store.tallies import SourceHistograms
from server.teller.candidates import Candidates
from server.teller.counting import Counting
from server.teller.listing import Lister
from server.teller.memory import Done
from server.teller.stopping import Stopping

TURN = 1.0  # seconds between two turns of `run`
RENEWAL = 5.0  # seconds between two renewals of the claim
PAUSE = timedelta(seconds=10)  # after a failure, before it is tried again; twice that, and so on
LONGEST_PAUSE = timedelta(minutes=10)

log = logging.getLogger(__name__)


class Closing:
    """Works in a thread beside the loop that counts: a recount may take a while."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        now: Callable[[], datetime],
        claim: Claim | None = None,
    ) -> None:
        """Raise `KeyUnfit` if there is no key to sign with."""
        keyring = Keyring.parse(settings.signing_key)
        signer = keyring.demand_signer()
        store.minutes.date_key(signer.key.id)
        for missing in store.minutes.key_dates().keys() - {key.id for key in keyring.keys}:
            log.warning(
                "ISOLOIR_SIGNING_KEY lacks key %s, which has signed here before: write its public "
                "half, whpk_…, before the others. Readers cannot look it up any more.", missing
            )  # fmt: skip
        self._store = store
        self._author = Author(settings.deployment, settings.public_url, signer)
        self._now = now
        self._claim = claim or Claim(store.redis)
        self._stop = threading.Event()
        self._done = Done()
        self._due: dict[str, datetime] = {}  # of those that failed
        self._pauses: dict[str, timedelta] = {}

    def run(self, stop: threading.Event) -> None:
        """Take a turn a second until `stop` is set."""
        self._stop = stop
        while not stop.is_set():
            try:
                self.turn()
            except Stopping:
                return
            except ClocksApart:
                pass  # it was told
            except StoreUnavailable as refusal:
                log.warning("Minutes wait for the store: %s", refusal.detail)
            except Exception:
                # A thread that ends in silence would be an outage nobody sees.
                log.exception("Minutes could not be looked after; it is tried again")
            stop.wait(TURN)

    def turn(self) -> None:
        """Draw up the minutes that are due. One consultation that fails keeps up no other."""
        now = self._now()
        for consultation in self._store.consultations.all():
            if consultation.id in self._done or not self._is_due(consultation, now):
                continue
            try:
                self._attend(consultation)
            except (Stopping, ClocksApart):
                raise
            except Refusal as refusal:
                log.warning("The minutes of %s wait: %s", consultation.slug, refusal.detail)
                self._put_off(consultation)
            except Exception:
                log.exception("The minutes of %s failed; it is tried again", consultation.slug)
                self._put_off(consultation)

    def _is_due(self, consultation: Consultation, now: datetime) -> bool:
        over = consultation.phase(now).is_over
        return over and now >= self._due.get(consultation.id, now)

    def _put_off(self, consultation: Consultation) -> None:
        pause = self._pauses.get(consultation.id, PAUSE)
        self._due[consultation.id] = self._now() + pause
        self._pauses[consultation.id] = min(2 * pause, LONGEST_PAUSE)

    def _attend(self, consultation: Consultation) -> None:
        if not self._store.minutes.versions(consultation):
            if not self._claim.hold(consultation):
                return  # another teller is at it
            with self._claimed(consultation) as keep:
                self.close(consultation, keep)
        self._done.add(consultation.id)

    @contextmanager
    def _claimed(self, consultation: Consultation) -> Iterator[Report]:
        """Give what has to be called now and then to keep the claim; it ends when we are to stop."""
        renewed = time.monotonic()

        def keep(_what: str, _number: int) -> None:
            nonlocal renewed
            if self._stop.is_set():
                raise Stopping
            if time.monotonic() - renewed > RENEWAL:
                self._claim.hold(consultation)
                renewed = time.monotonic()

        try:
            yield keep
        finally:
            with suppress(StoreUnavailable):  # then it runs out by itself
                self._claim.release(consultation)

    def close(self, consultation: Consultation, report: Report) -> bool:
        """Seal, recount, publish and keep version 1; return whether this call kept it."""
        store = self._store
        store.ballots.seal(consultation)  # from here on nothing changes any more
        count = self._count(consultation, report)
        if count.differences:
            slug, number = consultation.slug, len(count.differences)
            log.warning(
                "The tallies of %s differ from its ballots in %d numbers. Its minutes say what "
                "the ballots say; `isoloir recount --fix %s` mends the tallies.", slug, number, slug
            )  # fmt: skip
        proposals = sendable(store.consultations.proposals(consultation)).values()
        document = minutes.draw_up(self._author, consultation, proposals, count, self._now())
        # A count of its own: whatever the loop is at, what is published now is the end.
        counting = Counting(store)
        counting.count(consultation)
        Lister(store, Candidates(store, counting), self._now).publish(consultation)
        kept = store.minutes.append(consultation, 1, minutes.written(document))
        if kept:
            log.info("The minutes of %s are drawn up.", consultation.slug)
        return kept

    def _count(self, consultation: Consultation, report: Report) -> Count:
        store, tallies = self._store, self._store.tallies
        differences = store.recount.compare(consultation, report)
        proposals = store.consultations.proposal_ids(consultation)
        histograms = tallies.histograms(consultation, proposals)
        voters = tallies.voters_by_source(consultation)
        put_right(histograms, voters, differences)
        sealed, revisions = store.minutes.sealed_at(consultation), tallies.revisions(consultation)
        return Count(sealed, revisions, voters, histograms, differences)


def put_right(
    histograms: dict[int, SourceHistograms], voters: dict[int, int], differences: list[Difference]
) -> None:
    """Make of tallies what the ballots say.

    Numbers are set, not corrected: somebody may have mended the tallies since they were compared.
    """
    for found in differences:
        if found.proposal is None or found.code is None:
            voters[found.source] = found.counted
        else:
            histogram = histograms.setdefault(found.proposal, {}).setdefault(found.source, {})
            histogram[found.code] = found.counted
            if not found.counted:
                del histogram[found.code]
