"""The polling station: from a request's tokens to a counted ballot and the answer to it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from server.consultations.ballots import Ballot, CodedBallot, Trust
from server.consultations.consultation import Phase, ResultsRule
from server.consultations.errors import NotARehearsal
from server.consultations.results import with_own
from server.store.ballots import Wish
from server.store.store import Store
from server.web import results
from server.web.dealer import Dealer
from server.web.directory import Snapshot
from server.web.refusals import TicketInvalid
from server.web.tickets import Ticket
from server.web.visits import Visit


@dataclass(frozen=True)
class PollingStation:
    store: Store
    dealer: Dealer

    def ticket(self, snapshot: Snapshot, token: str | None) -> Ticket | None:
        """Read a ticket; raise `TicketInvalid` if it is forged or of another consultation."""
        if not token:
            return None
        ticket = self.dealer.tickets.read(token)
        if ticket.consultation != snapshot.consultation.id:
            raise TicketInvalid("This ticket is for another consultation.", field="ticket")
        return ticket

    def cast(
        self,
        visit: Visit,
        proposal: int,
        ballot: Ballot,
        number: int | None = None,
        trust: Trust | None = None,
    ) -> dict[str, Any]:
        """Count a ballot and return the answer's fields. `trust` is for a rehearsal's replay."""
        snapshot, ticket = visit.snapshot, visit.ticket
        consultation = snapshot.consultation
        consultation.demand_open(datetime.now(UTC))
        snapshot.proposal(proposal)
        if trust is not None and not consultation.rehearsal:
            raise NotARehearsal(f"{consultation.slug} counts real votes.")
        wish = Wish(
            proposal=proposal,
            ballot=ballot,
            trust=trust if trust is not None else _earned(ticket, proposal),
            source=visit.source.number,
            first=bool(ticket and ticket.shared),
            number=number,
            deck=trust is None and (ticket is None or ticket.wants_deck(proposal)),
            braked=trust is None,
        )
        done = self.store.ballots.cast(consultation, visit.box, visit.voter, wish)
        return {
            "ballot": {"vote": ballot.vote, "qualifications": list(ballot.qualifications)},
            "results": self._results(visit, proposal, done.new, done.old, done.before),
            "deck": self.dealer.personal(visit, done.voted) if wish.deck else None,
            "progress": {"voted": done.ballots, "of": len(snapshot.accepted)},
            "durability": self.store.durability,
        }

    def withdraw(self, visit: Visit, proposal: int, number: int | None = None) -> dict[str, Any]:
        """Take a ballot back and return the answer's fields."""
        snapshot = visit.snapshot
        snapshot.consultation.demand_open(datetime.now(UTC))
        snapshot.proposal(proposal)
        done = self.store.ballots.withdraw(
            snapshot.consultation, visit.box, visit.voter, proposal, number
        )
        return {
            "ballot": None,
            "progress": {"voted": done.ballots, "of": len(snapshot.accepted)},
            "durability": self.store.durability,
        }

    def forget(self, visit: Visit, number: int | None = None) -> dict[str, Any]:
        """Withdraw all the reader's ballots, or unlink them once the boxes are sealed.

        After the close nothing is withdrawn any more, and to seal is the teller's: until it has,
        the reader is asked to come back.
        """
        consultation, voters = visit.snapshot.consultation, self.store.voters
        if consultation.phase(datetime.now(UTC)) is Phase.CLOSED:
            done = voters.unlink(consultation, visit.box, visit.voter)
        else:
            done = voters.forget(consultation, visit.box, visit.voter, number)
        return {
            "withdrawn": done.withdrawn,
            "counted": done.counted,
            "durability": self.store.durability,
        }

    def held(self, visit: Visit, proposal: int) -> tuple[CodedBallot | None, dict[str, Any] | None]:
        """Return the reader's own ballot on a proposal, and what they may see of its results."""
        held = self.store.ballots.held(
            visit.snapshot.consultation, visit.box, visit.voter, proposal
        )
        own = held.ballot
        shown = self._results(visit, proposal, own, own, held.changed) if own else None
        return own, shown

    def voted(self, visit: Visit) -> frozenset[int]:
        return self.store.ballots.voted(visit.snapshot.consultation, visit.box, visit.voter)

    def _results(
        self,
        visit: Visit,
        proposal: int,
        own: CodedBallot | None,
        old: CodedBallot | None,
        changed: int,
    ) -> dict[str, Any] | None:
        """Correct the published counts by this reader's own ballot, unless the rule hides them.

        The snapshot was read before the ballot was cast, so only the ballot that it replaced can
        be among the published ones: it is, if the proposal's last change in this box was.
        """
        snapshot = visit.snapshot
        if not may_see(snapshot):
            return None
        old_published = changed <= snapshot.published.revisions[visit.box]
        counts = with_own(snapshot.published.of(proposal), own, old, old_published)
        return results.shown(proposal, counts)


def may_see(snapshot: Snapshot) -> bool:
    """Say whether the rule lets a reader who voted see the results now."""
    consultation = snapshot.consultation
    if consultation.results is not ResultsRule.AT_CLOSE:
        return True
    return consultation.phase(datetime.now(UTC)) is Phase.CLOSED


def _earned(ticket: Ticket | None, proposal: int) -> Trust:
    return ticket.trust_in(proposal) if ticket else Trust.TRUSTED
