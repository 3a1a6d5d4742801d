"""The dealer: which proposals a reader is served, and the signed ticket that proves it."""

import hmac
import random
import time
from collections.abc import Collection, Iterator, Sequence
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
        # Keyed, or anybody could tell which card comes first at which instant to come.
        key = snapshot.voter_key.raw if snapshot.voter_key else b""
        turn = f"shared:{snapshot.consultation.id}:{int(time.time()) // SHARED_SECONDS}"
        seed = hmac.digest(key, turn.encode(), sha256)
        chosen = _drawn(snapshot, decks.SHARED, _chance(seed))
        return self._deal(snapshot, source, chosen, [p.id for p in chosen], SHARED)

    def personal(self, visit: Visit, voted: Collection[int]) -> Deck:
        """Return the next proposals for this voter.

        Who has not voted yet is dealt the shared deck, and who has is always dealt from the same of
        the teller's decks on, whatever they vote or withdraw, until that one is dealt anew: nobody
        draws until the proposal they have in mind comes up.
        """
        if not voted:
            return self.shared(visit.snapshot, visit.source)
        key = visit.snapshot.demand_voter_key().raw
        seed = hmac.digest(key, visit.voter.encode(), sha256)
        size = visit.snapshot.consultation.deck.size
        chosen = _drawn(visit.snapshot, size, _chance(seed), voted)
        ids = [proposal.id for proposal in chosen]
        return self._deal(visit.snapshot, visit.source, chosen, ids, visit.voter)

    def again(self, visit: Visit, proposal: int) -> Deck:
        """Return the one proposal just voted on, so that a change is counted where the vote was.

        The ticket says through which source, and proves no choice of ours: a ballot that is
        withdrawn and cast anew earns no more than the first time.
        """
        chosen = (visit.snapshot.proposal(proposal),)
        return self._deal(visit.snapshot, visit.source, chosen, [], visit.voter)

    def change(self, visit: Visit) -> str:
        """Return a ticket for changing any ballot the voter holds: like that of `again`."""
        name = visit.source.name
        return self.tickets.issue(visit.snapshot.consultation.id, name, [], visit.voter)

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


def _drawn(
    snapshot: Snapshot, size: int, chance: random.Random, voted: Collection[int] = ()
) -> tuple[Proposal, ...]:
    """Return what the teller has dealt, from any of its decks on, and what else there is."""
    start = chance.randrange(len(snapshot.decks)) if snapshot.decks else 0
    numbers = decks.from_(snapshot.decks, start)
    dealt = (snapshot.accepted[n] for n in numbers if n in snapshot.accepted)
    return decks.deck(dealt, _ranked(snapshot), size, chance, voted)


def _ranked(snapshot: Snapshot) -> Iterator[Sequence[Proposal]]:
    """Yield the ranking, which is made only when somebody gets that far."""
    yield from snapshot.ranking


def led_by(deck: Deck, asked: Proposal | None) -> Deck:
    """Put the proposal that was asked for first; the ticket still proves what we chose ourselves."""
    if asked is None:
        return deck
    others = [proposal for proposal in deck["proposals"] if proposal is not asked]
    return {**deck, "proposals": [asked, *others]}


def _chance(seed: str | bytes) -> random.Random:
    return random.Random(seed)  # noqa: S311 - repeatable on purpose; the seed is keyed
