"""The polling station: from a request's tokens to a counted ballot and the answer to it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from server.consultations.ballots import Ballot, CodedBallot, Trust
from server.consultations.consultation import (
    PROPOSAL_LENGTH,
    Proposal,
    ProposalState,
    ResultsRule,
)
from server.consultations.errors import Closed, NotARehearsal
from server.consultations.proposing import Draft, Submission
from server.consultations.results import with_own
from server.store.ballots import Wish
from server.store.store import Store
from server.web import results
from server.web.dealer import Dealer
from server.web.directory import Snapshot
from server.web.neighbours import Neighbours
from server.web.refusals import TicketInvalid
from server.web.tickets import Ticket
from server.web.visits import Visit


@dataclass(frozen=True)
class PollingStation:
    store: Store
    dealer: Dealer
    neighbours: Neighbours = field(default_factory=Neighbours)

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
            "ballot": _wire(ballot),
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

        Their proposals that were not published go too; those that were lose name and age.

        After the close nothing is withdrawn any more, and to seal is the teller's: until it has,
        the reader is asked to come back.
        """
        consultation, voters = visit.snapshot.consultation, self.store.voters
        if consultation.phase(datetime.now(UTC)).is_over:
            done = voters.unlink(consultation, visit.box, visit.voter)
        else:
            done = voters.forget(consultation, visit.box, visit.voter, number)
        self.store.proposing.forget(consultation, visit.author, number)
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

    def record(self, snapshot: Snapshot, visit: Visit | None, ticket: bool) -> dict[str, Any]:
        """Return all that the store holds of a reader, who may be a stranger.

        With `ticket`, also one by which any of these ballots can be changed. A ballot on a proposal
        that is no longer shown is only counted, under `withheld`: nobody is shown that text again.
        """
        found = (
            self.store.ballots.all_of(snapshot.consultation, visit.box, visit.voter)
            if visit
            else {}
        )
        shown = [(snapshot.accepted[p], own) for p, own in found.items() if p in snapshot.accepted]
        is_open = snapshot.consultation.phase(datetime.now(UTC)).takes_votes
        return {
            "voted": len(shown),
            "of": len(snapshot.accepted),
            "ballots": [{"proposal": p, **_wire(own.ballot)} for p, own in shown],
            "proposals": [submitted(snapshot, one) for one in self._proposed(visit)],
            "withheld": len(found) - len(shown),
            "ticket": self.dealer.change(visit) if visit and ticket and is_open else None,
        }

    def propose(self, visit: Visit, draft: Draft, number: int) -> dict[str, Any]:
        """Keep a reader's proposal for staff to decide on, and return the answer's fields."""
        consultation = visit.snapshot.consultation
        place = visit.credential.place
        try:
            done = self.store.proposing.propose(consultation, visit.author, draft, number, place)
        except Closed:
            # The store's clock decides; it knows one end only, that of proposing.
            raise consultation.too_late_to_propose() from None
        return {**submitted(visit.snapshot, done), "durability": self.store.durability}

    def similar(self, visit: Visit, text: str) -> tuple[Proposal, ...]:
        """Return at most three published proposals that say nearly the same.

        Raises `SlowDown` if one network asks for more than people write.
        """
        if len(text) < PROPOSAL_LENGTH[0]:
            return ()
        consultation = visit.snapshot.consultation
        self.store.proposing.brake_look(consultation, visit.credential.place)
        return self.neighbours.of(visit.snapshot, text[: PROPOSAL_LENGTH[1]])

    def _proposed(self, visit: Visit | None) -> tuple[Submission, ...]:
        if visit is None:
            return ()
        return self.store.proposing.of(visit.snapshot.consultation, visit.author)

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
    return consultation.phase(datetime.now(UTC)).is_over


def _earned(ticket: Ticket | None, proposal: int) -> Trust:
    return ticket.trust_in(proposal) if ticket else Trust.TRUSTED


def submitted(snapshot: Snapshot, one: Submission) -> dict[str, Any]:
    """Return what an author is told of a proposal.

    How many readers voted on it, as far as the rule lets all who voted see results now.
    """
    found = one.proposal
    known = found.state is ProposalState.ACCEPTED and may_see(snapshot)
    return {
        "id": found.id,
        "text": found.text,
        "state": found.state,
        "reason": one.reason,
        "into": one.into,
        "down": one.down,
        "votes": snapshot.published.of(found.id).total if known else None,
    }


def _wire(ballot: Ballot) -> dict[str, Any]:
    return {"vote": ballot.vote, "qualifications": list(ballot.qualifications)}
