"""The dealer: which proposals a reader is served, and the signed ticket that proves it."""

import hmac
import random
import time
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from server.consultations import decks
from server.consultations.consultation import Proposal, Source
from server.web.directory import Snapshot
from server.web.tickets import SHARED, Tickets
from server.web.visits import Visit

SHARED_SECONDS = 5  # how long all processes serve the same shared deck

Deck = dict[str, Any]  # ticket, proposals


@dataclass(frozen=True)
class Dealer:
    tickets: Tickets

    def shared(self, snapshot: Snapshot, source: Source) -> Deck:
        """Return the deck of the cacheable frame, the same in every process for a few seconds."""
        seed = f"{snapshot.consultation.id}:{int(time.time()) // SHARED_SECONDS}"
        chosen = decks.deck(snapshot.ranking, decks.SHARED, _chance(seed))
        return self._deal(snapshot, source, chosen, [p.id for p in chosen], SHARED)

    def personal(self, visit: Visit, voted: Collection[int]) -> Deck:
        """Return the next proposals for this voter.

        Who has not voted yet is dealt the shared deck, and who has is dealt the same again until
        they vote: nobody draws until the proposal they have in mind comes up.
        """
        if not voted:
            return self.shared(visit.snapshot, visit.source)
        message = f"{visit.voter}:{sorted(voted)}".encode()
        seed = hmac.digest(visit.snapshot.demand_voter_key().raw, message, sha256)
        chosen = decks.deck(visit.snapshot.ranking, decks.PERSONAL, _chance(seed), set(voted))
        ids = [proposal.id for proposal in chosen]
        return self._deal(visit.snapshot, visit.source, chosen, ids, visit.voter)

    def again(self, visit: Visit, proposal: int) -> Deck:
        """Return the one proposal just voted on, so that a change is counted where the vote was.

        The ticket says through which source, and proves no choice of ours: a ballot that is
        withdrawn and cast anew earns no more than the first time.
        """
        chosen = (visit.snapshot.proposal(proposal),)
        return self._deal(visit.snapshot, visit.source, chosen, [], visit.voter)

    def _deal(
        self,
        snapshot: Snapshot,
        source: Source,
        chosen: tuple[Proposal, ...],
        signed: list[int],
        holder: str,
    ) -> Deck:
        ticket = self.tickets.issue(snapshot.consultation.id, source.name, signed, holder)
        return {"ticket": ticket, "proposals": chosen}


def _chance(seed: str | bytes) -> random.Random:
    return random.Random(seed)  # noqa: S311 - repeatable on purpose; the seed is keyed
