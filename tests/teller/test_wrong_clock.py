"""A clock that is wrong seals nothing, draws up nothing, and destroys nothing."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.consultations.ballots import Ballot, Trust, Vote
from server.consultations.consultation import Consultation
from server.consultations.errors import ClocksApart
from server.settings import Settings
from server.store import keys
from server.store.ballots import Wish
from server.store.store import Store
from server.teller.agreed_time import AGAIN, AgreedTime
from tests.minutes.conftest import KEY
from tests.minutes.test_teller import values
from tests.run.machine import environ, until

WRONG = """
from datetime import UTC, datetime, timedelta
from server.settings import Settings
from server.teller import main
main.now = lambda: datetime.now(UTC) + timedelta(days=365)
main.run(Settings.load())
"""


@contextmanager
def a_year_ahead(settings: Settings, log: Path) -> Iterator[None]:
    """Run the real teller on a machine whose clock is a year ahead."""
    variables = environ(**values(settings, ISOLOIR_SIGNING_KEY=KEY))
    with log.open("ab") as said:
        process = subprocess.Popen(
            [sys.executable, "-c", WRONG], env=variables, stdout=said, stderr=subprocess.STDOUT
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def test_a_teller_whose_clock_is_a_year_ahead_counts_and_does_nothing_that_cannot_be_undone(
    store: Store, opened: Consultation, settings: Settings, tmp_path: Path
) -> None:
    store.consultations.replace(replace(opened, retention=0))
    log = tmp_path / "log"
    with a_year_ahead(settings, log):
        until(lambda: "clock" in log.read_text(), "it is said")
        store.ballots.cast(opened, 0, "nora", Wish(1, Ballot(Vote.AGREE), Trust.SEQUENCE, 2))
        until(lambda: bool(store.redis.exists(keys.results(opened.id))), "it counts")
    assert not store.redis.exists(keys.Box(opened.id, 0).seal, keys.minutes(opened.id))
    assert store.consultations.voter_key(opened)
    (line,) = log.read_text().splitlines()
    assert line.endswith(
        "Nothing is closed and no ballot is destroyed: The clock of this machine is 31536000 s "
        "ahead of the store's. Set both by a time service."
    )


@pytest.mark.parametrize("seconds", [-61.5, 61.5])
def test_a_minute_apart_is_too_much(store: Store, seconds: float) -> None:
    with pytest.raises(ClocksApart, match="ahead of" if seconds > 0 else "behind"):
        AgreedTime(store.clock, lambda: datetime.now(UTC) + timedelta(seconds=seconds))()


def test_less_is_none_of_our_business_and_the_time_is_the_stores(store: Store) -> None:
    own = datetime.now(UTC) + timedelta(seconds=58)
    agreed = AgreedTime(store.clock, lambda: own)()
    assert abs(agreed - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_clock_set_right_is_heeded_at_once_and_a_wrong_one_told_every_few_minutes(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    ahead, ticks = [timedelta(days=1)], [1000.0]
    agreed = AgreedTime(store.clock, lambda: datetime.now(UTC) + ahead[0], lambda: ticks[0])
    for _ in range(3):
        with pytest.raises(ClocksApart):
            agreed()
    ticks[0] += AGAIN
    with pytest.raises(ClocksApart):
        agreed()
    assert len(caplog.messages) == 2
    ahead[0] = timedelta(0)
    assert agreed()
