"""Standings: how each consultation is doing, worst first. Pure; the console and the API show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from server.consultations.consultation import Consultation, Source
from server.consultations.results import shares
from server.staff.figures import FRESH, Figures, Queue, Votes

HOUR = 3_600_000  # milliseconds
PROMISE = 24 * HOUR  # within which a proposal is decided on
LATE = 5 * 60_000  # ms that the central platform may lag behind before somebody should look
GAP = 0.1  # of all ballots that readers are not shown, from which on somebody should look
GAP_FROM = 20  # ballots; a tenth of a dozen is nothing
RECENT = timedelta(hours=24)


class Alarm(StrEnum):
    """What somebody should look at, the worst first."""

    DATA_LOST = "data-lost"
    COUNT_STALE = "count-stale"
    QUEUE_LATE = "queue-late"
    GAP_WIDE = "gap-wide"
    SYNC_LATE = "sync-late"
    DRAFTS_WAITING = "drafts-waiting"
    ACTION_SILENT = "action-silent"


@dataclass(frozen=True)
class Sync:
    """How far the central platform is behind, in milliseconds; none if it never was told."""

    lag: int | None
    error: str | None = None
    acknowledged_at: datetime | None = None
    data_lost_at: datetime | None = None


@dataclass(frozen=True)
class SourceStanding:
    """One source. `share` is its part of the verified votes, in whole percent."""

    source: Source
    votes: Votes
    voters: int
    share: int


@dataclass(frozen=True)
class Standing:
    """One consultation as staff see it. What an editor does not see is None."""

    consultation: Consultation
    phase: str
    now: int  # milliseconds by the store's clock
    counted_at: int | None
    votes: Votes | None
    participants: int | None
    sources: tuple[SourceStanding, ...] = ()
    per_minute: float | None = None
    queue: Queue | None = None
    sync: Sync | None = None
    whole: bool = True  # every source, with what readers are not shown
    drafts: int = 0  # of partners, that wait
    silent: int = 0  # actions without news for six months

    @property
    def gap(self) -> float:
        """The part of the ballots that readers are not shown, of 1."""
        return self.votes.gap / self.votes.count if self.votes and self.votes.count else 0.0

    @property
    def queue_age(self) -> int:
        oldest = self.queue.oldest if self.queue else None
        return max(0, self.now - oldest) if oldest else 0

    @property
    def lag(self) -> int:
        return (self.sync.lag or 0) if self.sync else 0

    @property
    def stale(self) -> bool:
        return self.counted_at is None or self.now - self.counted_at > FRESH

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """Return what is wrong, worst first; nothing for an editor, who could not mend it."""
        if not self.whole:
            return ()
        wide = self.votes is not None and self.votes.gap >= GAP_FROM and self.gap >= GAP
        return tuple(
            alarm
            for alarm, sounds in (
                (Alarm.DATA_LOST, self._lost_data),
                (Alarm.COUNT_STALE, self.stale),
                (Alarm.QUEUE_LATE, self.queue_age > PROMISE),
                (Alarm.GAP_WIDE, wide),
                (Alarm.SYNC_LATE, self.lag > LATE),
                (Alarm.DRAFTS_WAITING, self.drafts > 0),
                (Alarm.ACTION_SILENT, self.silent > 0),
            )
            if sounds
        )

    @property
    def _lost_data(self) -> bool:
        lost = self.sync.data_lost_at if self.sync else None
        return lost is not None and self.now - lost.timestamp() * 1000 < RECENT / _MS

    @property
    def rank(self) -> tuple[object, ...]:
        """Sorts the worst first, and rehearsals last whatever is wrong with them."""
        worst = min((list(Alarm).index(one) for one in self.alarms), default=len(Alarm))
        rehearsal = self.consultation.rehearsal
        opened = self.phase != "open"
        ends, slug = self.consultation.closes, self.consultation.slug
        return (rehearsal, worst, -self.queue_age, -self.gap, -self.lag, opened, ends, slug)


_MS = timedelta(milliseconds=1)


def worst_first(standings: Iterable[Standing]) -> list[Standing]:
    return sorted(standings, key=lambda one: one.rank)


def whole(
    consultation: Consultation,
    now: int,
    moment: datetime,
    figures: Figures | None,
    sync: Sync | None,
) -> Standing:
    """Return a consultation with all its figures."""
    phase = str(consultation.phase(moment))
    if figures is None:
        return Standing(consultation, phase, now, None, None, None, sync=sync)
    return Standing(
        consultation,
        phase,
        now,
        figures.as_of,
        figures.votes,
        figures.participants,
        _by_source(consultation, figures),
        figures.per_minute(now),
        figures.queue,
        sync,
    )


def own(standing: Standing, names: Iterable[str]) -> Standing:
    """Return what an editor of these sources sees: their verified figures, and nothing else."""
    wanted = set(names)
    mine = tuple(one for one in standing.sources if one.source.name in wanted)
    verified = [Votes(one.votes.verified, one.votes.verified) for one in mine]
    known = standing.counted_at is not None
    return Standing(
        standing.consultation,
        standing.phase,
        standing.now,
        standing.counted_at,
        sum(verified, Votes()) if known else None,
        sum(one.voters for one in mine) if known else None,
        tuple(
            SourceStanding(one.source, votes, one.voters, one.share)
            for one, votes in zip(mine, verified, strict=True)
        ),
        whole=False,
    )


def _by_source(consultation: Consultation, figures: Figures) -> tuple[SourceStanding, ...]:
    """Return every source that is in the definition or has votes, the largest first."""
    known = {source.number: source for source in consultation.sources}
    numbers = sorted({*known, *figures.sources, *figures.voters})
    votes = [figures.sources.get(number, Votes()) for number in numbers]
    found = [
        SourceStanding(
            known.get(number) or _nameless(number), one, figures.voters.get(number, 0), share
        )
        for number, one, share in zip(
            numbers, votes, shares([one.verified for one in votes]), strict=True
        )
    ]
    return tuple(sorted(found, key=lambda one: (-one.votes.verified, one.source.number)))


def _nameless(number: int) -> Source:
    """Return a source that the definition does not name any more."""
    return Source(number, f"source-{number}", f"#{number}", "")
