"""Places: wherever a vote is counted, and the wait until all of them have heard of the last one."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from server.central import document
from server.central.client import Answer, Central
from server.consultations.consultation import Consultation
from server.replay import comparison
from server.replay.comparison import Numbers
from server.replay.patience import SECONDS, GivenUp, patiently
from server.replay.service import Service
from server.store.store import Store

LOOK = 0.2  # seconds between two looks


@dataclass(frozen=True)
class Places:
    """The store, the service's answers and the receiver of one rehearsal."""

    store: Store
    service: Service
    central: Central
    deployment: str
    consultation: Consultation

    def last(self) -> int:
        """Return the revision at which the last vote left the boxes."""
        return sum(patiently(lambda: self.store.tallies.revisions(self.consultation)))

    def published(self) -> int:
        return int(patiently(self.service.results)["revision"])

    def received(self) -> int:
        known = self._ask().acknowledged
        return known.revision if known else 0

    def numbers(self) -> dict[str, Numbers]:
        """Return what each place says now: what readers see, the tallies, the ballots, afar."""
        store, found = self.store, self.consultation
        ids = patiently(lambda: store.consultations.proposal_ids(found))
        tallies = patiently(lambda: store.tallies.histograms(found, ids))
        ballots = patiently(lambda: store.recount.run(found))
        return {
            "published": comparison.from_results(patiently(self.service.results)),
            "tallies": comparison.from_histograms(tallies),
            "ballots": comparison.from_histograms(ballots),
            "receiver": comparison.from_rows(self._ask(rows=True).rows, self._names()),
        }

    def _ask(self, rows: bool = False) -> Answer:
        return patiently(lambda: self.central.ask(self._name, self.consultation.slug, rows))

    def _names(self) -> Mapping[str, int]:
        proposals = patiently(lambda: self.store.consultations.proposals(self.consultation))
        return {document.proposal_name(self._name, proposal): proposal.id for proposal in proposals}

    @property
    def _name(self) -> str:
        return document.deployment_name(self.deployment, self.consultation)


def wait_for(
    revision: Callable[[], int],
    last: int,
    report: Callable[[int], None],
    seconds: float = SECONDS,
) -> None:
    """Return once `revision` has reached `last`; raise `GivenUp` if it stands still too long.

    `report` hears by how much it has grown.
    """
    seen, moved = 0, time.monotonic()
    while seen < last:
        now_at = revision()
        if now_at > seen:
            report(min(now_at, last) - seen)
            seen, moved = now_at, time.monotonic()
        elif time.monotonic() - moved > seconds:
            raise GivenUp(f"No progress for {seconds:.0f} seconds: {seen} of {last} arrived.")
        else:
            time.sleep(LOOK)
