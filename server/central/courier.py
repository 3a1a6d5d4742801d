"""The courier: ask the receiver what it has of one consultation, and send it a document."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from server.central import document
from server.central.acknowledged import Acknowledged
from server.central.client import Answer, Central
from server.central.reconcile import Next, Own, data_lost, new_epoch, next_step
from server.consultations.consultation import Consultation, Proposal
from server.store.store import Store
from server.store.sync_state import Offer, SyncStates

Proposals = dict[int, Proposal]


class Courier:
    """Keeps nothing of its own but the proposals' names; what was acknowledged is in the store."""

    def __init__(
        self, store: Store, central: Central, deployment: str, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._states = SyncStates(store.redis)
        self._central = central
        self._deployment = deployment
        self._clock = clock
        self._proposals: dict[str, tuple[int, Proposals]] = {}

    def needed(self, consultation: Consultation) -> Next:
        """Say what the consultation needs, by what is remembered of the receiver."""
        now = self._clock()
        closed = consultation.phase(now).is_over
        revisions = self._store.tallies.revisions(consultation)
        return next_step(self._states.read(consultation), revisions, closed, now)

    def ask(self, consultation: Consultation) -> None:
        """Make the receiver's word our memory of it."""
        name = document.deployment_name(self._deployment, consultation)
        self._adopt(consultation, self._central.ask(name, consultation.slug))

    def send(self, consultation: Consultation, fence: int, complete: bool) -> None:
        """Send the changes since what is acknowledged, or everything."""
        heading = self.heading(consultation, fence, complete)
        rows = self.rows(consultation, heading)
        name = document.deployment_name(self._deployment, consultation)
        body = document.compact(document.build(heading, name, consultation.slug, rows))
        digest = sha256(body).hexdigest()
        if complete:
            over = consultation.phase(heading.as_of).is_over
            offer = Offer(digest, sum(heading.revisions) if over else None)
            self._states.offer(consultation, offer)
        answer = self._central.send(body)
        self._adopt(consultation, answer, replaced(heading, digest, answer.acknowledged))

    def heading(self, consultation: Consultation, fence: int, complete: bool) -> document.Heading:
        """Draw a sequence and read the revisions for the next document."""
        state = self._states.read(consultation)
        return document.Heading(
            epoch=state.epoch,
            revisions=self._store.tallies.revisions(consultation),
            sequence=self._states.draw_sequence(consultation),
            previous=state.acknowledged.digest if state.acknowledged else None,
            fence=fence,
            as_of=self._clock(),
            complete=complete,
        )

    def rows(self, consultation: Consultation, heading: document.Heading) -> list[document.Row]:
        """Read the tallies that belong under a heading, after the revisions that stand in it."""
        name = document.deployment_name(self._deployment, consultation)
        proposals = self._known_proposals(consultation)
        if not heading.complete:
            proposals = {p: proposals[p] for p in self._changed(consultation) if p in proposals}
        histograms = self._store.tallies.histograms(consultation, proposals)
        return document.rows(consultation, name, proposals.values(), histograms, heading.complete)

    def _changed(self, consultation: Consultation) -> set[int]:
        known = self._states.read(consultation).acknowledged
        since = known.revisions if known else (0,) * consultation.boxes
        return self._store.tallies.changed_since(consultation, since)

    def _known_proposals(self, consultation: Consultation) -> Proposals:
        """Return all proposals by id, as they can be sent; they are read again only when something was added."""
        version = self._store.consultations.version(consultation)
        kept = self._proposals.get(consultation.id)
        if kept is None or kept[0] != version:
            proposals = self._store.consultations.proposals(consultation)
            kept = (version, document.sendable(proposals))
            self._proposals[consultation.id] = kept
        return kept[1]

    def _adopt(self, consultation: Consultation, answer: Answer, lost: bool = False) -> None:
        """Remember what the receiver has, or begin a new epoch if that is more than we have."""
        state = self._states.read(consultation)
        revisions = self._store.tallies.revisions(consultation)
        known, now = answer.acknowledged, self._clock()
        lost = lost or data_lost(Own(state.epoch, state.sequence, revisions), known)
        if lost:
            self._states.data_lost(consultation, now)
        if lost or state.epoch == 0:
            milliseconds = int(now.timestamp() * 1000)
            self._states.draw_epoch(consultation, new_epoch(milliseconds, known))
            return
        current = known if known and known.epoch == state.epoch else None
        self._states.acknowledge(consultation, current, answer.want_complete, now)
        if current and state.offered and state.offered.digest == current.digest:
            self._states.completed(consultation, state.offered, now)


def replaced(heading: document.Heading, digest: str, known: Acknowledged | None) -> bool:
    """Whether the receiver has another document under the very number of the one just sent.

    Numbers are drawn once. So this one was drawn before, by a store that has forgotten it.
    """
    place = (heading.epoch, heading.sequence)
    return bool(known and (known.epoch, known.sequence) == place and known.digest != digest)
