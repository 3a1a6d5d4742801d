"""Reconciling: compare what the receiver has with what the store has, and say what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from server.central.acknowledged import Acknowledged
from server.store.sync_state import SyncState

COMPLETE_EVERY = timedelta(minutes=10)


class Next(Enum):
    """`ASK` what the receiver has; send `CHANGES` since then, or a `COMPLETE` document."""

    NOTHING = "nothing"
    ASK = "ask"
    CHANGES = "changes"
    COMPLETE = "complete"


@dataclass(frozen=True)
class Own:
    """The store's side. `epoch` is 0 until one is drawn, `sequence` the last one drawn."""

    epoch: int
    sequence: int
    revisions: tuple[int, ...]


def next_step(state: SyncState, revisions: Sequence[int], closed: bool, now: datetime) -> Next:
    """Say what one consultation needs, by what is remembered of the receiver."""
    known = state.acknowledged
    if state.epoch == 0 or (known and not _covers(revisions, known.revisions)):
        return Next.ASK
    if known is None or state.want_complete or state.complete_at is None:
        return Next.COMPLETE
    if closed and state.final != sum(revisions):
        return Next.COMPLETE
    if known.revision == sum(revisions):
        return Next.NOTHING
    return Next.COMPLETE if now - state.complete_at >= COMPLETE_EVERY else Next.CHANGES


def data_lost(own: Own, acknowledged: Acknowledged | None) -> bool:
    """Whether the receiver has what this store never saw: an old backup, or an emptied store.

    The sequence is drawn before a document is sent, so it tells even when new votes have carried
    the revisions past the old ones.
    """
    if acknowledged is None or acknowledged.epoch < own.epoch:
        return False
    if acknowledged.epoch > own.epoch or acknowledged.sequence > own.sequence:
        return True
    return not _covers(own.revisions, acknowledged.revisions)


def new_epoch(now: int, acknowledged: Acknowledged | None) -> int:
    """Return an epoch (milliseconds) above every one the receiver knows."""
    return max(now, acknowledged.epoch + 1) if acknowledged else now


def _covers(ours: Sequence[int], theirs: Sequence[int]) -> bool:
    """Whether no box of the receiver's is ahead of ours."""
    return len(ours) == len(theirs) and all(a >= b for a, b in zip(ours, theirs, strict=True))
