"""What to send next is decided from what the receiver says it has, and from nothing else."""

from datetime import UTC, datetime, timedelta

import pytest

from server.central import pace
from server.central.acknowledged import Acknowledged
from server.central.reconcile import COMPLETE_EVERY, Next, Own, data_lost, new_epoch, next_step
from server.store.sync_state import SyncState

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
KNOWN = Acknowledged(100, (4, 2), 9, 1, "d" * 64, NOW.isoformat())
OWN = Own(100, 9, (4, 2))
STATE = SyncState(
    epoch=100, sequence=9, acknowledged=KNOWN, want_complete=False, complete_at=NOW, final=6
)


@pytest.mark.parametrize(
    ("own", "lost"),
    [
        (OWN, False),
        (Own(100, 12, (9, 9)), False),
        (Own(101, 0, (0, 0)), False),  # already a new epoch
        (Own(99, 12, (9, 9)), True),  # an emptied store that voting has filled again
        (Own(100, 8, (9, 9)), True),  # an old backup, its revisions past the old ones by now
        (Own(100, 9, (9, 1)), True),  # one box of several
        (Own(100, 9, (9,)), True),  # other boxes
    ],
)
def test_lost_data_is_seen(own: Own, lost: bool) -> None:
    assert data_lost(own, KNOWN) is lost
    assert data_lost(own, None) is False


def test_a_new_epoch_is_above_every_one_the_receiver_knows() -> None:
    assert new_epoch(50, KNOWN) == 101
    assert new_epoch(500, KNOWN) == 500
    assert new_epoch(50, None) == 50


@pytest.mark.parametrize(
    ("changes", "revisions", "closed", "expected"),
    [
        ({}, (4, 2), False, Next.NOTHING),
        ({}, (4, 3), False, Next.CHANGES),
        ({"epoch": 0}, (4, 3), False, Next.ASK),
        ({}, (3, 9), False, Next.ASK),
        ({"acknowledged": None}, (4, 2), False, Next.COMPLETE),
        ({"want_complete": True}, (4, 2), False, Next.COMPLETE),
        ({"complete_at": None}, (4, 2), False, Next.COMPLETE),
        ({"complete_at": NOW - COMPLETE_EVERY}, (4, 3), False, Next.COMPLETE),
        ({"complete_at": NOW - COMPLETE_EVERY}, (4, 2), False, Next.NOTHING),
        ({"final": None}, (4, 2), True, Next.COMPLETE),
        ({}, (4, 2), True, Next.NOTHING),
        ({}, (4, 3), True, Next.COMPLETE),
    ],
)
def test_the_next_step(
    changes: dict[str, object], revisions: tuple[int, ...], closed: bool, expected: Next
) -> None:
    state = SyncState(**{**STATE.__dict__, **changes})  # type: ignore[arg-type]
    assert next_step(state, revisions, closed, NOW) is expected


def test_pauses_double_to_a_minute_and_are_spread() -> None:
    assert pace.pause(0, 0.7) == pace.INTERVAL
    longest = [pace.pause(failures, 1.0) for failures in range(1, 20)]
    assert longest[:5] == [timedelta(seconds=2**n) for n in range(1, 6)]
    assert set(longest[5:]) == {pace.LONGEST}
    assert pace.pause(3, 0.0) == timedelta(seconds=4)
