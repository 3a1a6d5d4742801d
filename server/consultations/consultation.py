"""A consultation: one open question, asked for a limited time, in several media at once."""

import re
from collections.abc import Container
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from server.consultations.actions import Action
from server.consultations.ages import Age, Band, band_of
from server.consultations.answers import Answer, with_answer
from server.consultations.deck_rules import DeckRules
from server.consultations.endorsements import Endorsement
from server.consultations.errors import (
    AnswerRefused,
    Closed,
    NotOpenYet,
    PhaseRefused,
    ProposalsClosed,
    ProposalsNotTaken,
    ProposalUnknown,
    SourceBlocked,
    SourceUnknown,
)
from server.consultations.kinds import Kind
from server.consultations.partners import Partner
from server.consultations.phases import Phase, Reached, latest, reaching
from server.consultations.selection import Selected
from server.consultations.workshops import Workshop

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
PROPOSAL_LENGTH = (12, 140)  # characters
RETENTION = 90  # days; time for a complaint, a late recount and a second version of the minutes
DIRECT = "direct"
DIRECT_NUMBER = 1
HOUSE = "isoloir"
MOST_SOURCES = 127  # a stored ballot has seven bits for its source's number, from 1


class ResultsRule(StrEnum):
    """When a reader sees how others voted."""

    AFTER_VOTE = "after-vote"
    ALWAYS = "always"
    AT_CLOSE = "at-close"


class ProposalState(StrEnum):
    ACCEPTED = "accepted"
    PENDING = "pending"
    REFUSED = "refused"


@dataclass(frozen=True)
class Source:
    """The media title a vote came through. `number` is unique in its consultation, from 1."""

    number: int
    name: str
    title: str
    publisher: str
    origins: tuple[str, ...] = ()
    accent: str | None = None  # #rrggbb
    blocked: bool = False

    def demand_unblocked(self) -> None:
        """Raise `SourceBlocked` if nothing is taken through this source now."""
        if self.blocked:
            raise SourceBlocked(f"Votes through {self.title} are paused.")


# Votes on our own pages, and those that carry no ticket, have no media title.
DIRECT_SOURCE = Source(DIRECT_NUMBER, DIRECT, "Isoloir", HOUSE)


@dataclass(frozen=True)
class Proposal:
    """One answer from the public. `central` is the central platform's own id, if it has one."""

    id: int
    text: str
    language: str
    author: str | None = None  # first name
    age: Age | None = None  # exact years from a file; of a reader only a band
    state: ProposalState = ProposalState.ACCEPTED
    central: str | None = None

    @property
    def band(self) -> Band | None:
        """What readers and moderators are shown of the age."""
        return band_of(self.age)


Author = tuple[str, Age | None]  # first name and age


def author_of(proposal: Proposal) -> Author | None:
    """Return who proposed it, as far as it says; who does not say is always somebody else."""
    return (proposal.author, proposal.age) if proposal.author else None


@dataclass(frozen=True)
class Consultation:
    """Times carry a time zone. `boxes` is fixed when the consultation is created; none before
    that leaves their number to the store.

    `retention` is how long the ballots are kept after the close, in days. `afterwards` says what
    comes next then, in the consultation's language. `reached` are the phases that staff have stated
    since, in their order.

    `theme` and `cause`, a great cause that several consultations serve, are names: whoever bears the
    same one belongs together. `featured` ones stand first.
    """

    id: str
    slug: str
    question: str
    language: str
    opens: datetime
    closes: datetime
    sources: tuple[Source, ...] = field(default=(DIRECT_SOURCE,))
    prefix: str | None = None
    boxes: int = 0
    results: ResultsRule = ResultsRule.AFTER_VOTE
    rehearsal: bool = False
    retention: int = RETENTION
    proposing: bool = False
    afterwards: str | None = None
    deck: DeckRules = field(default=DeckRules())
    proposals_until: datetime | None = None
    reached: tuple[Reached, ...] = ()
    kind: Kind = Kind.CONSULTATION
    theme: str | None = None
    cause: str | None = None
    featured: bool = False
    operation: str | None = None
    partners: tuple[Partner, ...] = ()
    answers: tuple[Answer, ...] = ()
    selected: tuple[Selected, ...] = ()
    workshops: tuple[Workshop, ...] = ()
    actions: tuple[Action, ...] = ()
    endorsements: tuple[Endorsement, ...] = ()

    @property
    def keeps_until(self) -> datetime:
        """Return the instant from which the ballots and the voter key are destroyed."""
        return self.closes + timedelta(days=self.retention)

    def source(self, name: str) -> Source:
        """Return the source called `name`, or raise `SourceUnknown`."""
        for source in self.sources:
            if source.name == name:
                return source
        raise SourceUnknown(f"No source “{name}” in {self.slug}.", field="source")

    @property
    def proposes_until(self) -> datetime:
        """Return the instant from which readers no longer propose, if they do here."""
        return min(self.proposals_until or self.closes, self.closes)

    def phase(self, now: datetime) -> Phase:
        if now < self.opens:
            return Phase.ANNOUNCED
        if now >= self.closes:
            return latest(self.reached, now) or Phase.CLOSED
        return Phase.OPEN if now < self.proposes_until else Phase.VOTE_ONLY

    def answered(self, answer: Answer, known: Container[int], today: date) -> "Consultation":
        """Return it with the answer to one of the `known` questions, as it reads from today on.

        Raises `AnswerRefused` where nothing is asked of anybody, `ProposalUnknown` for others.
        """
        if self.kind is not Kind.CITIZENS_QUESTION:
            raise AnswerRefused(f"{self.slug} is no {Kind.CITIZENS_QUESTION}.", field="kind")
        if answer.proposal not in known:
            raise ProposalUnknown(f"No proposal {answer.proposal} in {self.slug}.")
        return replace(self, answers=with_answer(self.answers, answer, today))

    def closed(self, now: datetime) -> "Consultation":
        """Return it closed now, before its time."""
        closes = now.astimezone(self.closes.tzinfo)
        until = self.proposals_until and min(self.proposals_until, closes)
        return replace(self, closes=closes, proposals_until=until)

    def takes_proposals(self, now: datetime) -> bool:
        """Whether readers may propose now, or once the vote is open."""
        return self.proposing and now < self.proposes_until

    def reaching(self, phase: Phase, now: datetime) -> "Consultation":
        """Return it in that phase, which staff state; raise `PhaseRefused` if it cannot be."""
        if not self.phase(now).is_over:
            raise PhaseRefused(f"{self.slug} is {self.phase(now)}: close it first.", field="phase")
        return replace(self, reached=reaching(self.reached, phase, now))

    def demand_open(self, now: datetime) -> None:
        """Raise `NotOpenYet` or `Closed` unless votes are taken at this instant."""
        if now < self.opens:
            raise NotOpenYet(f"{self.slug} opens on {self.opens.isoformat()}.")
        self.demand_not_closed(now)

    def demand_not_closed(self, now: datetime) -> None:
        """Raise `Closed` once the time is over."""
        if now >= self.closes:
            raise Closed(f"{self.slug} closed on {self.closes.isoformat()}.")

    def demand_proposing(self, now: datetime) -> None:
        """Raise `ProposalsNotTaken` unless readers propose here, `ProposalsClosed` if they did."""
        if not self.proposing:
            raise ProposalsNotTaken(f"{self.slug} takes no proposals from readers.")
        if now >= self.proposes_until:
            raise self.too_late_to_propose()

    def too_late_to_propose(self) -> ProposalsClosed:
        until = self.proposes_until.isoformat()
        return ProposalsClosed(f"{self.slug} took proposals until {until}.")

    def box_of(self, place: int) -> int:
        """Return the ballot box of a place, a 16-bit number."""
        return place % self.boxes
