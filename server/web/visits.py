"""Visits: who votes, in which consultation, through which source, on the strength of which ticket."""

from dataclasses import dataclass
from functools import cached_property

from server.consultations.consultation import DIRECT_SOURCE, Source
from server.web.credentials import Credential
from server.web.directory import Snapshot
from server.web.refusals import TicketInvalid
from server.web.tickets import SHARED, Ticket


@dataclass(frozen=True)
class Visit:
    snapshot: Snapshot
    credential: Credential
    source: Source
    ticket: Ticket | None = None

    @cached_property
    def voter(self) -> str:
        """The pseudonym; raises `BallotsDestroyed` if nothing leads to it any more."""
        return self.snapshot.demand_voter_key().voter(self.credential)

    @property
    def author(self) -> str:
        """The pseudonym under which they propose; raises as `voter` does."""
        return self.snapshot.demand_voter_key().author(self.credential)

    @property
    def box(self) -> int:
        return self.snapshot.consultation.box_of(self.credential.place)


def admit(snapshot: Snapshot, credential: Credential, ticket: Ticket | None) -> Visit:
    """Return the visit; its source comes from the ticket alone, and without one is `direct`.

    Raises `TicketInvalid` unless ticket and credential go together, `SourceBlocked` if the
    source takes no votes now.
    """
    source = snapshot.consultation.source(ticket.source) if ticket else DIRECT_SOURCE
    visit = Visit(snapshot, credential, source, ticket)
    # `direct` is of no media title: any publisher's reader may vote through it.
    if source.publisher not in {credential.publisher, DIRECT_SOURCE.publisher}:
        raise TicketInvalid("This ticket is of another publisher.", field="ticket")
    if ticket and ticket.holder not in {SHARED, visit.voter}:
        raise TicketInvalid("This ticket is another reader's.", field="ticket")
    source.demand_unblocked()
    return visit
