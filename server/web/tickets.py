"""Tickets: the signed proof that the platform served a deck, to whom, and through which source."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from server.consultations.ballots import Trust
from server.web.refusals import TicketInvalid

SHARED = "shared"
SHARED_AGE = 30 * 60  # seconds: the frame that carries it may stand in a cache
PERSONAL_AGE = 24 * 60 * 60  # seconds


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

    def issue(
        self, consultation: str, source: str, proposals: Sequence[int], holder: str = SHARED
    ) -> str:
        token = self._serializer.dumps([consultation, source, list(proposals), holder])
        return token if isinstance(token, str) else token.decode()

    def read(self, token: str) -> Ticket:
        """Return the ticket, expired or not; raise `TicketInvalid` if it is forged."""
        try:
            ticket = self._parse(self._serializer.loads(token, max_age=PERSONAL_AGE), False)
            if not ticket.shared:
                return ticket
            return self._parse(self._serializer.loads(token, max_age=SHARED_AGE), False)
        except SignatureExpired as error:
            payload = error.payload or b""
            return self._parse(self._serializer.load_payload(payload), True)
        except (BadData, ValueError, TypeError):
            raise TicketInvalid("This ticket was not issued here.", field="ticket") from None

    def _parse(self, payload: list[object], expired: bool) -> Ticket:
        consultation, source, proposals, holder = payload
        ids = tuple(map(int, proposals))  # type: ignore[call-overload]
        return Ticket(str(consultation), str(source), ids, str(holder), expired)
