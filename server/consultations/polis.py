"""Polis exports: a published conversation as statements and everyone's history of votes.

Format: github.com/compdemocracy/openData. The history is the truth: a later row of one voter on
one comment replaces the earlier one; the sums in comments.csv do not always agree with it.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from server.consultations.ballots import Vote
from server.consultations.errors import Fault, FileRefused

VOTES = {"1": Vote.AGREE, "-1": Vote.DISAGREE, "0": Vote.NEUTRAL}
VOTE_COLUMNS = ("timestamp", "comment-id", "voter-id", "vote")
COMMENT_COLUMNS = ("comment-id", "comment-body")
NUMBER = re.compile(r"[0-9]{1,15}")  # longer ones have lost digits in some spreadsheet

Counts = Mapping[Vote, int]
Item = TypeVar("Item")


@dataclass(frozen=True)
class Statement:
    """One comment, its text as published: any length, any moderation state."""

    comment: int
    text: str


@dataclass(frozen=True)
class Wish:
    """One row: what a voter wanted on a comment. `moment` is in milliseconds since 1970."""

    moment: int
    comment: int
    vote: Vote


@dataclass(frozen=True)
class Conversation:
    """`histories` holds each voter's wishes in the order of time, equal times in file order."""

    statements: tuple[Statement, ...]
    histories: Mapping[int, tuple[Wish, ...]]

    @property
    def wishes(self) -> int:
        return sum(map(len, self.histories.values()))

    def outcome(self) -> dict[int, Counts]:
        """Return comment -> vote -> voters whose last word on it was that vote."""
        last = {
            (voter, wish.comment): wish.vote
            for voter, history in self.histories.items()
            for wish in history
        }
        totals = Counter((comment, vote) for (_, comment), vote in last.items())
        return {
            statement.comment: {vote: totals[statement.comment, vote] for vote in Vote}
            for statement in self.statements
        }


class _Unreadable(Exception):
    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


def parse(votes: bytes, votes_path: str, comments: bytes, comments_path: str) -> Conversation:
    """Return the conversation; raise `FileRefused` with every fault of the first faulty file."""
    statements = _statements(comments, comments_path)
    known = {statement.comment for statement in statements}
    rows = _rows(votes, votes_path, VOTE_COLUMNS, lambda row: _wish(row, known))
    histories: dict[int, list[Wish]] = {}
    for voter, wish in rows:
        histories.setdefault(voter, []).append(wish)
    # sorted() is stable: rows of the same millisecond stay in file order.
    ordered = {v: tuple(sorted(h, key=lambda w: w.moment)) for v, h in histories.items()}
    return Conversation(statements, ordered)


def _statements(content: bytes, path: str) -> tuple[Statement, ...]:
    seen: set[int] = set()

    def statement(row: Mapping[str, str]) -> Statement:
        comment = _number(row, "comment-id")
        if comment in seen:
            raise _Unreadable("comment-id", f"{comment} is there twice.")
        seen.add(comment)
        if not row["comment-body"].strip():
            raise _Unreadable("comment-body", "is empty.")
        return Statement(comment, row["comment-body"])

    found = _rows(content, path, COMMENT_COLUMNS, statement)
    return tuple(sorted(found, key=lambda one: one.comment))


def _wish(row: Mapping[str, str], known: set[int]) -> tuple[int, Wish]:
    moment, comment = _number(row, "timestamp"), _number(row, "comment-id")
    if comment not in known:
        raise _Unreadable("comment-id", f"{comment} is not among the comments.")
    vote = VOTES.get(row["vote"].strip())
    if vote is None:
        raise _Unreadable("vote", f"must be 1, -1 or 0, not “{row['vote']}”.")
    return _number(row, "voter-id"), Wish(moment, comment, vote)


def _number(row: Mapping[str, str], column: str) -> int:
    text = row[column].strip()
    if not NUMBER.fullmatch(text):
        raise _Unreadable(column, f"must be a whole number, not “{row[column]}”.")
    return int(text)


def _rows(
    content: bytes, path: str, columns: tuple[str, ...], read: Callable[[Mapping[str, str]], Item]
) -> list[Item]:
    """Read every row; raise `FileRefused` with all faults if there is one."""
    found, faults = [], []
    for line, row in _lines(content, path, columns):
        try:
            found.append(read(row))
        except _Unreadable as fault:
            faults.append(Fault(line, fault.column, str(fault)))
        except KeyError as missing:
            faults.append(Fault(line, missing.args[0], "is missing: the row is too short."))
    if not found and not faults:
        faults.append(Fault(1, "file", "holds no row."))
    if faults:
        raise FileRefused(path, faults)
    return found


def _lines(
    content: bytes, path: str, columns: tuple[str, ...]
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield the line on which each row begins, and its cells by column."""
    reader = csv.reader(io.StringIO(_decode(content, path), newline=""), strict=True)
    start = 1
    try:
        header = [name.strip() for name in next(reader, [])]
        absent = [Fault(1, name, "column is missing.") for name in columns if name not in header]
        if absent:
            raise FileRefused(path, absent)
        start = reader.line_num + 1
        for cells in reader:
            if cells:
                # A quoted text may span lines: the row begins where the last one ended.
                yield start, dict(zip(header, cells, strict=False))
            start = reader.line_num + 1
    except csv.Error as error:
        raise FileRefused(path, [Fault(start, "row", f"cannot be read: {error}.")]) from None


def _decode(content: bytes, path: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileRefused(path, [Fault(line, "file", "is not UTF-8 text.")]) from None


def topic(summary: bytes) -> str | None:
    """Return the topic that summary.csv names, if it does."""
    try:
        rows = csv.reader(io.StringIO(summary.decode("utf-8-sig"), newline=""))
        return next((row[1].strip() for row in rows if row[:1] == ["topic"] and row[1:]), None)
    except (UnicodeDecodeError, csv.Error):
        return None
