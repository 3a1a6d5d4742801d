"""The receiver's two tables: where each consultation stands, and one row per proposal and source.

The 36 counters of a row are columns, so that any database tool can add them up.
"""

import re
from collections.abc import Iterator

from sqlalchemy import BigInteger, Boolean, Column, DateTime, MetaData, String, Table, Text

from server.consultations.ballots import QUALIFICATIONS, Vote

COUNTERS = {"count": "count", "countVerified": "verified", "countSequence": "sequence"}


def _snake(name: str) -> str:
    return re.sub(r"(?=[A-Z])", "_", name).lower()


def counter_column(key: str, counter: str) -> str:
    """Return the column of one counter of a vote or qualification: `like_it_verified`."""
    return f"{_snake(key)}_{COUNTERS[counter]}"


def counter_names() -> Iterator[tuple[Vote, str, str]]:
    """Yield (vote, the vote itself or one of its qualifications, counter), in column order."""
    for vote, qualifications in QUALIFICATIONS.items():
        for key in (str(vote), *qualifications):
            for counter in COUNTERS:
                yield vote, key, counter


COUNTER_COLUMNS = tuple(counter_column(key, counter) for _, key, counter in counter_names())

metadata = MetaData()

standings = Table(
    "isoloir_standings",
    metadata,
    Column("deployment", String(100), primary_key=True),
    Column("consultation", String(100), primary_key=True),
    # The newest document; all null until one has arrived.
    Column("epoch", BigInteger),
    Column("sequence", BigInteger),
    Column("fence", BigInteger),
    Column("revisions", Text),  # JSON, one number per ballot box
    Column("digest", String(64)),
    Column("as_of", String(40)),
    Column("received_at", DateTime(timezone=True)),
    Column("want_complete", Boolean, nullable=False),
    # The newest complete document: what is older than it has nothing to add.
    Column("floor_epoch", BigInteger, nullable=False),
    Column("floor_revision", BigInteger, nullable=False),
    Column("floor_sequence", BigInteger, nullable=False),
)

tallies = Table(
    "isoloir_tallies",
    metadata,
    Column("deployment", String(100), primary_key=True),
    Column("consultation", String(100), primary_key=True),
    Column("proposal", String(200), primary_key=True),
    Column("source", String(100), primary_key=True),
    Column("epoch", BigInteger, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    *(Column(name, BigInteger, nullable=False) for name in COUNTER_COLUMNS),
)
