"""An overview of what has been received: per consultation and deployment, the sums of each source."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, Select, Table, func, select
from sqlalchemy.engine import RowMapping

from server.central.document import REHEARSAL
from server.central.receiver.database import READ_ONLY
from server.central.receiver.tables import counter_column, standings, tallies
from server.consultations.ballots import Vote

KEY = ("deployment", "consultation")


@dataclass(frozen=True)
class Sums:
    """Ballots by vote, and how many of all are verified."""

    agree: int = 0
    disagree: int = 0
    neutral: int = 0
    verified: int = 0

    @property
    def total(self) -> int:
        return self.agree + self.disagree + self.neutral

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.agree + other.agree,
            self.disagree + other.disagree,
            self.neutral + other.neutral,
            self.verified + other.verified,
        )


@dataclass(frozen=True)
class Delivery:
    """What one deployment sent of one consultation. `sources` is in the order of their votes."""

    deployment: str
    consultation: str
    epoch: int | None
    revision: int
    sequence: int | None
    received_at: datetime | None
    want_complete: bool
    sources: tuple[tuple[str, Sums], ...]

    @property
    def rehearsal(self) -> bool:
        return self.deployment.endswith(REHEARSAL)

    @property
    def sums(self) -> Sums:
        return total(sums for _, sums in self.sources)


def total(parts: Iterable[Sums]) -> Sums:
    return sum(parts, Sums())


def deliveries(engine: Engine) -> list[Delivery]:
    """Return all that was received, by consultation and deployment."""
    with engine.connect().execution_options(**READ_ONLY) as connection:
        sums = connection.execute(_sums()).mappings().all()
        states = connection.execute(select(standings).order_by(*_columns(standings))).mappings()
        return [_delivery(state, sums) for state in states.all()]


def _sums() -> Select[Any]:
    """One row per source. The columns carry the names of `Sums`."""
    votes = {str(vote): tallies.c[counter_column(vote, "count")] for vote in Vote}
    verified = [tallies.c[counter_column(vote, "countVerified")] for vote in Vote]
    columns = [func.sum(column).label(name) for name, column in votes.items()]
    columns.append(func.sum(sum(verified[1:], verified[0])).label("verified"))
    source = tallies.c.source
    return select(*_columns(tallies), source, *columns).group_by(*_columns(tallies), source)


def _columns(table: Table) -> list[Any]:
    return [table.c.consultation, table.c.deployment]


def _delivery(state: RowMapping, sums: Iterable[RowMapping]) -> Delivery:
    mine = [row for row in sums if all(row[name] == state[name] for name in KEY)]
    # PostgreSQL adds big integers up to a decimal.
    names = [field.name for field in fields(Sums)]
    by_source = [(row["source"], Sums(**{name: int(row[name]) for name in names})) for row in mine]
    received = state["received_at"]
    return Delivery(
        deployment=state["deployment"],
        consultation=state["consultation"],
        epoch=state["epoch"],
        revision=sum(json.loads(state["revisions"] or "[]")),
        sequence=state["sequence"],
        # SQLite gives back what it was given, without the zone: it was UTC.
        received_at=received.replace(tzinfo=received.tzinfo or UTC) if received else None,
        want_complete=state["want_complete"],
        sources=tuple(sorted(by_source, key=lambda pair: (-pair[1].total, pair[0]))),
    )
