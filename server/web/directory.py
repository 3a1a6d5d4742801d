"""The directory: consultations and their published results, as this process last saw them."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from server.consultations.consultation import Consultation, Proposal, ProposalState
from server.consultations.decks import Ranking, rank
from server.consultations.errors import (
    BallotsDestroyed,
    ConsultationUnknown,
    ProposalUnknown,
    StoreUnavailable,
)
from server.consultations.opinion_groups import OpinionGroups
from server.store.published import Decks, Lists, Published
from server.store.store import Store
from server.web.credentials import VoterKey

FRESH = 1.0  # seconds a snapshot is used without asking the store
RANKED = 5.0  # seconds until proposals are ranked again: 34 000 take some 50 ms
STALE = 60.0  # seconds it may serve readers while the store does not answer
UNASKED = 600.0  # seconds after which what nobody asks for is let go


@dataclass(frozen=True)
class Snapshot:
    """One consultation at one instant. `published` is older than any vote cast after it.

    Without `voter_key` nobody is recognised any more: it was destroyed with the ballots.
    """

    consultation: Consultation
    voter_key: VoterKey | None = field(repr=False)
    published: Published
    version: int
    seen: float  # monotonic seconds
    accepted: Mapping[int, Proposal] = field(repr=False)  # by id
    ranks: "Ranks" = field(repr=False)
    decks: Decks = field(default=(), repr=False)
    lists: Lists | None = field(default=None, repr=False)
    groups: OpinionGroups | None = None

    def proposal(self, number: int) -> Proposal:
        """Return an accepted proposal; raise `ProposalUnknown` for any other."""
        proposal = self.accepted.get(number)
        if proposal is None:
            raise ProposalUnknown(f"No proposal {number} in {self.consultation.slug}.")
        return proposal

    def demand_voter_key(self) -> VoterKey:
        """Return the voter key; raise `BallotsDestroyed` if there is none any more."""
        if self.voter_key is None:
            raise BallotsDestroyed(
                "The ballots were destroyed after the close; only counts remain."
            )
        return self.voter_key

    @property
    def ranking(self) -> Ranking:
        return self.ranks.ranking


@dataclass(frozen=True)
class Ranks:
    """A ranking, made when the first deck is drawn, and good for some seconds' decks."""

    accepted: Mapping[int, Proposal]
    published: Published
    made: float  # monotonic seconds

    @cached_property
    def ranking(self) -> Ranking:
        totals = self.published.totals()
        return rank(self.accepted.values(), lambda proposal: totals.get(proposal, 0))


class Directory:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._snapshots: dict[str, Snapshot] = {}
        self._looking: set[str] = set()
        self._swept = time.monotonic()

    def find(self, slug: str) -> Snapshot:
        """Return the consultation as it was at most a second ago.

        Raises `ConsultationUnknown`; `StoreUnavailable` only when there is nothing to go on with.
        """
        known = self._snapshots.get(slug)
        now = time.monotonic()
        patience = STALE if slug in self._looking else FRESH
        if known and now - known.seen < patience:
            return known  # fresh, or another request of this process is looking right now
        self._sweep(now)
        self._looking.add(slug)
        try:
            fresh = self._snapshots[slug] = self._look(slug, known, now)
        except ConsultationUnknown:
            self._snapshots.pop(slug, None)
            raise
        except StoreUnavailable:
            if known and now - known.seen < STALE:
                return known
            raise
        finally:
            self._looking.discard(slug)
        return fresh

    def forget(self) -> None:
        """Look at everything afresh from now on."""
        self._snapshots.clear()

    def _sweep(self, now: float) -> None:
        """Let go of what nobody has asked for in a while: of what is past, year after year."""
        if now - self._swept < UNASKED:
            return
        self._swept = now
        for slug, one in list(self._snapshots.items()):
            if now - one.seen > UNASKED:
                del self._snapshots[slug]
                self._store.published.let_go(one.consultation)

    def _look(self, slug: str, known: Snapshot | None, now: float) -> Snapshot:
        store = self._store
        consultation = known.consultation if known else store.consultations.by_slug(slug)
        glance = store.published.glance(consultation)
        # There is no version in a store that is being restored: it does not have them all yet.
        if known and glance.version and glance.version == known.version:
            accepted, voter_key = known.accepted, known.voter_key
        else:
            consultation = store.consultations.by_slug(slug)
            accepted = self._read(consultation, known)
            raw = store.consultations.voter_key(consultation)
            voter_key = VoterKey(raw) if raw else None
        empty = Published(store.clock.now(), (0,) * consultation.boxes, 0, {})
        published = glance.published or empty
        ranks = known.ranks if known else None
        if ranks is None or ranks.accepted is not accepted or now - ranks.made > RANKED:
            ranks = Ranks(accepted, published, now)
        return Snapshot(
            consultation=consultation,
            voter_key=voter_key,
            published=published,
            version=glance.version,
            seen=now,
            accepted=accepted,
            ranks=ranks,
            decks=glance.decks,
            lists=glance.lists,
            groups=glance.groups,
        )

    def _read(self, consultation: Consultation, known: Snapshot | None) -> Mapping[int, Proposal]:
        """Read what readers see: what came or went since, or all 34 000, which take a second."""
        kept = self._store.consultations
        changed = kept.changed_since(consultation, known.version) if known else None
        if known is None or changed is None:
            return _accepted(kept.proposals(consultation))
        if not changed:
            return known.accepted
        every = {**known.accepted, **changed}
        return _accepted(every[number] for number in sorted(every))


def _accepted(proposals: Iterable[Proposal]) -> dict[int, Proposal]:
    return {p.id: p for p in proposals if p.state is ProposalState.ACCEPTED}
