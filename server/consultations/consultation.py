"""A consultation: one open question, asked for a limited time, in several media at once."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from server.consultations.errors import Closed, NotOpenYet, SourceUnknown

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
PROPOSAL_LENGTH = (12, 140)  # characters
RETENTION = 90  # days; time for a complaint, a late recount and a second version of the minutes
DIRECT = "direct"
DIRECT_NUMBER = 1
HOUSE = "isoloir"
MOST_SOURCES = 127  # a stored ballot has seven bits for its source's number, from 1


class Phase(StrEnum):
    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"


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


# Votes on our own pages, and those that carry no ticket, have no media title.
DIRECT_SOURCE = Source(DIRECT_NUMBER, DIRECT, "Isoloir", HOUSE)


@dataclass(frozen=True)
class Proposal:
    """One answer from the public. `central` is the central platform's own id, if it has one."""

    id: int
    text: str
    language: str
    author: str | None = None  # first name
    age: int | None = None  # years
    state: ProposalState = ProposalState.ACCEPTED
    central: str | None = None


@dataclass(frozen=True)
class Consultation:
    """Times carry a time zone. `boxes` is fixed when the consultation is created; none before
    that leaves their number to the store.

    `retention` is how long the ballots are kept after the close, in days.
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

    def phase(self, now: datetime) -> Phase:
        if now < self.opens:
            return Phase.UPCOMING
        return Phase.OPEN if now < self.closes else Phase.CLOSED

    def demand_open(self, now: datetime) -> None:
        """Raise `NotOpenYet` or `Closed` unless votes are taken at this instant."""
        phase = self.phase(now)
        if phase is Phase.UPCOMING:
            raise NotOpenYet(f"{self.slug} opens on {self.opens.isoformat()}.")
        if phase is Phase.CLOSED:
            raise Closed(f"{self.slug} closed on {self.closes.isoformat()}.")

    def box_of(self, place: int) -> int:
        """Return the ballot box of a place, a 16-bit number."""
        return place % self.boxes
