"""Tickets: the signed proof that the platform served a deck, to whom, and through which source."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from itsdangerous import BadData, URLSafeTimedSerializer

from server.consultations.ballots import Trust
from server.web.refusals import TicketInvalid
from server.web.tokens import demand_token

SHARED = "shared"
SHARED_AGE = 30 * 60  # seconds: the frame that carries it may stand in a cache
PERSONAL_AGE = 24 * 60 * 60  # seconds
REMEMBERED = 8192  # tokens: a deck's comes back with each of its votes


@dataclass(frozen=True)
class Ticket:
    """`holder` is a voter, or `shared`; an expired ticket still says its source."""

    consultation: str
    source: str
    proposals: tuple[int, ...]
    holder: str
    expired: bool = False

    @property
    def shared(self) -> bool:
        return self.holder == SHARED

    @property
    def lasts(self) -> int:
        return SHARED_AGE if self.shared else PERSONAL_AGE

    def trust_in(self, proposal: int) -> Trust:
        """Return what a vote on `proposal` earns: did the platform choose it for this reader?"""
        asked = self.proposals[:1] if self.shared else self.proposals
        chosen = proposal in asked and not self.expired
        return Trust.SEQUENCE if chosen else Trust.TRUSTED

    def weakened(self) -> "Ticket":
        """Return what it is worth in another reader's hands: it says through which source."""
        return replace(self, holder=SHARED, expired=True)

    def wants_deck(self, proposal: int) -> bool:
        """Say whether the answer to this vote should bring the next deck."""
        return self.shared or self.expired or self.proposals[-1:] == (proposal,)


class Tickets:
    def __init__(self, secret_keys: tuple[str, ...]) -> None:
        self._serializer = URLSafeTimedSerializer(list(secret_keys), salt="isoloir.ticket")
        self._verified = lru_cache(REMEMBERED)(self._verify)

    def issue(
        self, consultation: str, source: str, proposals: Sequence[int], holder: str = SHARED
    ) -> str:
        token = self._serializer.dumps([consultation, source, list(proposals), holder])
        return token if isinstance(token, str) else token.decode()

    def read(self, token: str) -> Ticket:
        """Return the ticket, expired or not; raise `TicketInvalid` if it is forged."""
        try:
            ticket, issued = self._verified(token)
        except (BadData, ValueError, TypeError):
            raise TicketInvalid("This ticket was not issued here.", field="ticket") from None
        age = time.time() - issued
        return replace(ticket, expired=True) if age > ticket.lasts else ticket

    def _verify(self, token: str) -> tuple[Ticket, float]:
        """Return what the token says, and when it was issued (seconds since 1970)."""
        demand_token(token)
        payload, issued = self._serializer.loads(token, return_timestamp=True)
        consultation, source, proposals, holder = payload
        ids = tuple(map(int, proposals))
        return Ticket(str(consultation), str(source), ids, str(holder)), issued.timestamp()
