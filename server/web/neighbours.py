"""Neighbours: which published proposals say nearly what a reader is about to propose."""

import time
from collections.abc import Mapping
from threading import Lock

from server.consultations.consultation import Proposal
from server.consultations.similar import Similar
from server.web.directory import Snapshot

MOST = 3
IDLE = 600.0  # seconds until an index is let go: readers propose elsewhere, or not at all any more


class _Index:
    """The published texts of one consultation, as far as this process has taken them in."""

    def __init__(self) -> None:
        self.similar = Similar()
        self.asked = time.monotonic()  # for the last time
        self._seen: Mapping[int, Proposal] | None = None
        self._building = Lock()

    def follow(self, accepted: Mapping[int, Proposal]) -> None:
        """Take in what was published since; whoever comes meanwhile goes on with what there is.

        Of two who took in different texts at once, the one with the older might end last.
        """
        if self._seen is accepted or not self._building.acquire(blocking=False):
            return
        try:
            texts = {number: proposal.text for number, proposal in accepted.items()}
            for _ in self.similar.changes(texts):
                time.sleep(0)  # 34 000 take a second: let others vote
            self._seen = accepted
        finally:
            self._building.release()


class Neighbours:
    def __init__(self) -> None:
        self._indexes: dict[str, _Index] = {}

    def of(self, snapshot: Snapshot, text: str) -> tuple[Proposal, ...]:
        """Return at most three published proposals, the most alike first."""
        self._let_go()
        index = self._indexes.setdefault(snapshot.consultation.id, _Index())
        index.asked = time.monotonic()
        index.follow(snapshot.accepted)
        found = (match.proposal for match in index.similar.find(text, MOST))
        return tuple(snapshot.accepted[n] for n in found if n in snapshot.accepted)

    def _let_go(self) -> None:
        """Forget those that nobody asks for any more: 34 000 texts take tens of megabytes."""
        now = time.monotonic()
        for c in [c for c, index in self._indexes.items() if now - index.asked > IDLE]:
            self._indexes.pop(c, None)
