"""The directory: consultations and their published results, as this process last saw them."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from server.consultations.consultation import Consultation, Proposal, ProposalState
from server.consultations.errors import ProposalUnknown, StoreUnavailable
from server.store.published import Published
from server.store.store import Store

FRESH = 1.0  # seconds a snapshot is used without asking the store
STALE = 60.0  # seconds it may serve readers while the store does not answer


@dataclass(frozen=True)
class Snapshot:
    """One consultation at one instant. `published` is older than any vote cast after it."""

    consultation: Consultation
    proposals: Sequence[Proposal]
    voter_key: bytes
    published: Published
    version: int
    seen: float  # monotonic seconds
    by_id: dict[int, Proposal] = field(repr=False)

    def proposal(self, number: int) -> Proposal:
        """Return an accepted proposal; raise `ProposalUnknown` for any other."""
        proposal = self.by_id.get(number)
        if proposal is None or proposal.state is not ProposalState.ACCEPTED:
            raise ProposalUnknown(f"No proposal {number} in {self.consultation.slug}.")
        return proposal

    @property
    def accepted(self) -> list[Proposal]:
        return [p for p in self.proposals if p.state is ProposalState.ACCEPTED]


class Directory:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._snapshots: dict[str, Snapshot] = {}
        self._looking: set[str] = set()

    def find(self, slug: str) -> Snapshot:
        """Return the consultation as it was at most a second ago.

        Raises `ConsultationUnknown`; `StoreUnavailable` only when there is nothing to go on with.
        """
        known = self._snapshots.get(slug)
        now = time.monotonic()
        if known and (now - known.seen < FRESH or slug in self._looking):
            return known  # fresh, or another request of this process is looking right now
        self._looking.add(slug)
        try:
            fresh = self._snapshots[slug] = self._look(slug, known, now)
        except StoreUnavailable:
            if known and now - known.seen < STALE:
                return known
            raise
        finally:
            self._looking.discard(slug)
        return fresh

    def _look(self, slug: str, known: Snapshot | None, now: float) -> Snapshot:
        store = self._store
        consultation = known.consultation if known else store.consultations.by_slug(slug)
        glance = store.published.glance(consultation)
        if known and glance.version == known.version:
            proposals, voter_key = known.proposals, known.voter_key
        else:
            consultation = store.consultations.by_slug(slug)
            proposals = store.consultations.proposals(consultation)
            voter_key = store.consultations.voter_key(consultation)
        empty = Published(store.clock.now(), (0,) * consultation.boxes, 0, {})
        return Snapshot(
            consultation=consultation,
            proposals=proposals,
            voter_key=voter_key,
            published=glance.published or empty,
            version=glance.version,
            seen=now,
            by_id=known.by_id if known and proposals is known.proposals else _index(proposals),
        )


def _index(proposals: Sequence[Proposal]) -> dict[int, Proposal]:
    return {proposal.id: proposal for proposal in proposals}
