"""The receiver's database: SQLite in one file by default, PostgreSQL by its URL."""

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from server.central.receiver.tables import metadata
from server.settings import SettingsError

BUSY_TIMEOUT = 8_000  # milliseconds a writer waits for another; less than the sender's patience
READ_ONLY = {"isoloir_read_only": True}


class DatabaseUnfit(SettingsError):
    """The database cannot be used. The message is one line that says what to do."""


def open_database(url: str) -> Engine:
    """Return an engine with the tables in place; raise `DatabaseUnfit`."""
    try:
        address = make_url(url)
        if address.drivername in {"postgres", "postgresql"}:
            address = address.set(drivername="postgresql+psycopg")
        engine = create_engine(address, pool_pre_ping=True)
        if engine.dialect.name == "sqlite":
            _prepare_sqlite(engine)
        metadata.create_all(engine)
    except (ArgumentError, SQLAlchemyError, ImportError) as error:
        reason = str(error).splitlines()[0]
        raise DatabaseUnfit(f"The receiver's database cannot be used: {reason}") from error
    # Workers forked from here on open connections of their own.
    engine.dispose()
    return engine


def _prepare_sqlite(engine: Engine) -> None:
    """Let readers pass a writer, and writers wait for each other instead of failing."""

    @event.listens_for(engine, "connect")
    def configure(connection: object, _: ConnectionPoolEntry) -> None:
        # None: SQLAlchemy, not the driver, begins transactions (below).
        connection.isolation_level = None  # type: ignore[attr-defined]
        cursor = connection.cursor()  # type: ignore[attr-defined]
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and writes later could not be retried by the busy timeout.
        reads = connection.get_execution_options().get("isoloir_read_only")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
