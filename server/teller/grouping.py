"""Grouping: now and then, a process of its own looks for opinion groups in the ballots."""

import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from server.consultations.consultation import Consultation
from server.consultations.errors import StoreUnavailable
from server.consultations.opinion_groups import ENOUGH_PEOPLE, of_fields
from server.grouping.limits import PATIENCE, THREADS, installed
from server.store.seals import sealed_at
from server.store.store import Store
from server.teller.each import each

TURN = 10.0  # seconds between two turns of `run`
EVERY = 600.0  # seconds between two searches in one consultation; after its close at once
SOON = 60.0  # seconds until it is asked again whether there is anything new, or enough
LOOK = 1.0  # seconds between two looks at whether we are to stop
LAST_WORDS = 200  # characters of what a process said that failed
PROGRAM = (sys.executable, "-P", "-m", "server.grouping")

log = logging.getLogger(__name__)


class Grouping:
    """Works in a thread beside the loop that counts, one consultation at a time."""

    def __init__(
        self,
        store: Store,
        address: str,
        now: Callable[[], datetime],
        ticks: Callable[[], float] = time.monotonic,
        program: tuple[str, ...] = PROGRAM,
        patience: float = PATIENCE,
    ) -> None:
        self._store = store
        self._address = address
        self._now = now
        self._ticks = ticks
        self._program = program
        self._patience = patience
        self._stop = threading.Event()
        self._due: dict[tuple[str, bool], float] = {}  # by consultation, and whether it is over

    def run(self, stop: threading.Event) -> None:
        """Take a turn every ten seconds until `stop` is set; say once if the library is missing."""
        self._stop = stop
        if not installed():
            log.info("Opinion groups are not looked for: isoloir[groups] is not installed.")
            return
        while not stop.is_set():
            try:
                self.turn()
            except StoreUnavailable as refusal:
                log.warning("Opinion groups wait for the store: %s", refusal.detail)
            except Exception:
                # A thread that ends in silence would leave the groups as they are for ever.
                log.exception("Opinion groups could not be looked for; it is tried again")
            stop.wait(TURN)

    def turn(self) -> None:
        each("Opinion groups of", self._store.consultations.all(), self._attend)

    def _attend(self, consultation: Consultation) -> None:
        phase = consultation.phase(self._now())
        if self._stop.is_set() or not (phase.takes_votes or phase.is_over):
            return
        # The end has a date of its own, and is waited for no longer than that.
        what = consultation.id, phase.is_over
        if self._ticks() < self._due.get(what, 0.0):
            return
        if phase.is_over and sealed_at(self._store.redis, consultation) is None:
            return
        self._due[what] = self._ticks() + SOON
        revision = sum(self._store.tallies.revisions(consultation))
        known = self._store.published.groups(consultation)
        if (known and known.revision == revision) or not self._can_be(consultation):
            return
        self._due[what] = self._ticks() + EVERY
        if found := self._find(consultation):
            groups = of_fields({**found, "as_of": self._store.clock.now(), "revision": revision})
            self._store.published.publish_groups(consultation, groups)

    def _can_be(self, consultation: Consultation) -> bool:
        """Whether there are ballots, of enough people."""
        kept = self._store.purge.state(consultation) is None
        return kept and self._store.tallies.voters(consultation) >= ENOUGH_PEOPLE

    def _find(self, consultation: Consultation) -> dict[str, Any] | None:
        """Return what the process found; None, with a line in the log, if it failed."""
        # The process sees to its own end with us: between fork and exec no code of ours may run
        # where there are threads.
        asked = json.dumps(
            {"store": self._address, "slug": consultation.slug, "parent": os.getpid()}
        )
        with subprocess.Popen(  # noqa: S603 - our own program
            self._program,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **dict.fromkeys(THREADS, "1")},
        ) as process:
            said, why = self._wait(process, asked)
        if self._stop.is_set():
            return None  # another teller, or this one started again, begins anew
        if process.returncode == 0:
            found: dict[str, Any] = json.loads(said)
            return found
        log.warning(
            "No opinion groups of %s (%d): %s",
            consultation.slug, process.returncode, why.strip()[-LAST_WORDS:],
        )  # fmt: skip
        return None

    def _wait(self, process: "subprocess.Popen[str]", asked: str) -> tuple[str, str]:
        """Return what the process wrote; it ends when its time is over, or we are to stop."""
        deadline, given = time.monotonic() + self._patience, asked or None
        while True:
            try:
                return process.communicate(given, timeout=LOOK)
            except subprocess.TimeoutExpired:
                given = None
            if self._stop.is_set() or time.monotonic() > deadline:
                process.kill()
