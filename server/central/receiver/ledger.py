"""The ledger: keep of every row the newest, in one transaction per document."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, and_, delete, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Row

from server.central.acknowledged import Acknowledged, Place
from server.central.receiver.database import READ_ONLY
from server.central.receiver.standing import Standing, TalliesDocument
from server.central.receiver.tables import COUNTER_COLUMNS, standings, tallies

INSERTS: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
IDENTITY = ("deployment", "consultation", "proposal", "source")
PLACE = ("epoch", "revision", "sequence")


class FenceLower(Exception):
    """The sender has lost its lease to another. `standing` says what is acknowledged."""

    def __init__(self, standing: Standing) -> None:
        super().__init__("Another sender holds a higher fence.")
        self.standing = standing


class Ledger:
    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def take(self, document: TalliesDocument) -> Standing:
        """Keep what is new in the document and return the standing; raise `FenceLower`."""
        with self._engine.begin() as connection:
            standing = _lock(connection, document.deployment, document.consultation)
            if standing.fenced_off(document):
                raise FenceLower(standing)
            if not standing.outdated(document):
                _write_rows(connection, document)
            after = standing.after(document)
            if after != standing:
                _save(connection, document, after, self._clock())
        return after

    def standing(self, deployment: str, consultation: str) -> Standing:
        with self._engine.connect().execution_options(**READ_ONLY) as connection:
            return _read(connection, deployment, consultation)

    def rows(
        self, deployment: str, consultation: str
    ) -> tuple[Standing, list[tuple[str, str, tuple[int, ...]]]]:
        """Return the standing and (proposal, source, counters) of one instant, without zero rows.

        A row of zeros is kept in the table, so that nothing late can bring its votes back.
        """
        query = (
            select(tallies)
            .where(*_of(tallies, deployment, consultation))
            .order_by(tallies.c.proposal, tallies.c.source)
        )
        with self._engine.connect().execution_options(**READ_ONLY) as connection:
            standing = _read(connection, deployment, consultation)
            found = connection.execute(query).mappings().all()
        rows = [
            (row["proposal"], row["source"], tuple(row[name] for name in COUNTER_COLUMNS))
            for row in found
        ]
        return standing, sorted(row for row in rows if any(row[2]))


def _of(table: Any, deployment: str, consultation: str) -> tuple[Any, Any]:
    return table.c.deployment == deployment, table.c.consultation == consultation


def _lock(connection: Connection, deployment: str, consultation: str) -> Standing:
    """Read the standing, made if new, and keep every other document of it waiting until we are done.

    SQLite has one writer anyway; PostgreSQL locks the row.
    """
    first = {
        "deployment": deployment,
        "consultation": consultation,
        "want_complete": True,
        **dict.fromkeys(("floor_epoch", "floor_revision", "floor_sequence"), 0),
    }
    insert = INSERTS[connection.dialect.name](standings).values(first)
    connection.execute(insert.on_conflict_do_nothing())
    return _read(connection, deployment, consultation, lock=True)


def _read(
    connection: Connection, deployment: str, consultation: str, lock: bool = False
) -> Standing:
    query = select(standings).where(*_of(standings, deployment, consultation))
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return _standing(row) if row else Standing()


def _standing(row: Row[Any]) -> Standing:
    floor = (row.floor_epoch, row.floor_revision, row.floor_sequence)
    if row.epoch is None:
        return Standing(None, row.want_complete, floor)
    revisions = tuple(json.loads(row.revisions))
    known = Acknowledged(row.epoch, revisions, row.sequence, row.fence, row.digest, row.as_of)
    return Standing(known, row.want_complete, floor)


def _save(
    connection: Connection, document: TalliesDocument, standing: Standing, now: datetime
) -> None:
    values: dict[str, Any] = {"want_complete": standing.want_complete, "received_at": now}
    known, floor = standing.acknowledged, standing.floor
    if known:
        names = ("epoch", "sequence", "fence", "digest", "as_of")
        values |= {name: getattr(known, name) for name in names}
        values["revisions"] = json.dumps(known.revisions)
    values |= dict(zip(("floor_epoch", "floor_revision", "floor_sequence"), floor, strict=True))
    chosen = _of(standings, document.deployment, document.consultation)
    connection.execute(update(standings).where(*chosen).values(values))


def _write_rows(connection: Connection, document: TalliesDocument) -> None:
    """Keep each row unless a newer one is there; a complete document removes what it lacks."""
    if document.rows:
        insert = INSERTS[connection.dialect.name](tallies)
        values = {name: insert.excluded[name] for name in (*PLACE, *COUNTER_COLUMNS)}
        newer = _place(insert.excluded) > _place(tallies.c)
        upsert = insert.on_conflict_do_update(index_elements=IDENTITY, set_=values, where=newer)
        connection.execute(upsert, _records(document))
    if document.complete:
        # Its own rows have its own place by now, so whatever is older is not among them.
        older = _place(tallies.c) < tuple_(*document.place)
        mine = _of(tallies, document.deployment, document.consultation)
        connection.execute(delete(tallies).where(and_(*mine, older)))


def _place(columns: Any) -> Any:
    return tuple_(*(columns[name] for name in PLACE))


def _records(document: TalliesDocument) -> list[dict[str, Any]]:
    place: Place = document.place
    common = {"deployment": document.deployment, "consultation": document.consultation}
    common_place = dict(zip(PLACE, place, strict=True))
    return [
        {
            **common,
            "proposal": proposal,
            "source": source,
            **common_place,
            **dict(zip(COUNTER_COLUMNS, counts, strict=True)),
        }
        for (proposal, source), counts in document.rows.items()
    ]
