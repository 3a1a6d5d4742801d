"""The queue: what waits for staff, in which order, and when it will be empty."""

from collections.abc import Iterable
from dataclasses import dataclass

from server.consultations.brakes import DAY
from server.consultations.consultation import Consultation
from server.consultations.moderation import Decision
from server.consultations.proposing import Submission

LOCK = 60_000  # milliseconds a proposal is taken to be looked at, from the last sign of life
HOUR = DAY // 24


def promise(_consultation: Consultation) -> int:
    """Return within how many milliseconds an author may expect a decision."""
    return DAY


@dataclass(frozen=True)
class Postponed:
    """Why a proposal waits until an instant (ms), for colleagues."""

    until: int
    by: str
    note: str = ""
    id: str = ""  # of the act, which an undo names


@dataclass(frozen=True)
class Case:
    """A proposal as a moderator meets it. `version` goes with every verdict on it.

    `since` is when it began to wait and `due` when the promise ends (ms). `holder` is who else
    looks at it now, and hinders nobody.
    """

    consultation: Consultation
    submission: Submission
    version: str
    since: int
    labels: tuple[str, ...] = ()
    postponed: Postponed | None = None
    decision: Decision | None = None
    holder: str | None = None

    @property
    def undo(self) -> str:
        """Return what an undo of the last decision names; nothing if there was none."""
        if self.postponed:
            return self.postponed.id
        return self.decision.id if self.decision else ""

    @property
    def due(self) -> int:
        return self.since + promise(self.consultation)


@dataclass(frozen=True)
class Figures:
    """How it stands, of one consultation or of several. `oldest` is since when it waits (ms).

    `decided` and `arrived` are of the last hour, by everybody.
    """

    waiting: int = 0
    postponed: int = 0
    oldest: int | None = None
    decided: int = 0
    arrived: int = 0

    def empty_at(self, now: int) -> int | None:
        """Return when nothing will wait any more at this pace (ms); None if that never comes."""
        if not self.waiting:
            return now
        pace = self.decided - self.arrived
        return now + self.waiting * HOUR // pace if pace > 0 else None


def together(figures: Iterable[Figures]) -> Figures:
    """Return the figures of several queues as of one."""
    every = list(figures)
    return Figures(
        waiting=sum(one.waiting for one in every),
        postponed=sum(one.postponed for one in every),
        oldest=min((one.oldest for one in every if one.oldest is not None), default=None),
        decided=sum(one.decided for one in every),
        arrived=sum(one.arrived for one in every),
    )
