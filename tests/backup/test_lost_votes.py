"""What the central platform has more than the restored store is said, and then put right."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from server.central.client import Central
from server.central.courier import Courier
from server.central.restored import Heard, settle
from server.central.syncer import Syncer
from server.consultations.consultation import Consultation
from server.settings import Settings
from server.store.backup_file import open_backup
from server.store.restore import Restore
from server.store.store import Store
from server.store.sync_state import SyncStates
from tests.backup.steps import AGREE, BFM, DISAGREE, backed_up, cast, fill, silent
from tests.conftest import consultation, proposals
from tests.contract import conftest
from tests.contract.sending import SECRET
from tests.contract.serving import Served
from tests.contract.test_syncer import Clock, assert_equal, turns
from tests.replay.shell import Shell

receiver = conftest.receiver


@pytest.fixture
def served(receiver: Flask) -> Iterator[Served]:
    serving = Served(receiver)
    serving.start()
    yield serving
    serving.stop()


@pytest.fixture
def central(settings: Settings, served: Served) -> Settings:
    return replace(settings, central_url=served.url, central_secret=SECRET, deployment="essai")


def sync(store: Store, central: Settings) -> None:
    clock = Clock()
    syncer = Syncer(store, central, clock)
    turns(syncer, clock)
    syncer.close()


def restored(target: Store, path: Path, central: Settings) -> list[Heard]:
    with open_backup(path) as backup:
        restore = Restore(target, backup)
        restore.begin()
        found = restore.copy(silent)
        heard = list(settle(target, central, found, datetime.now(UTC)))
        restore.finish()
    return heard


def test_a_restore_says_how_many_changes_are_missing_and_the_next_sync_puts_the_rest_right(
    store: Store,
    opened: Consultation,
    target: Store,
    central: Settings,
    served: Served,
    there: Shell,
    tmp_path: Path,
) -> None:
    """In another epoch, so that lower counts are taken for the newer ones."""
    quiet = store.consultations.create(consultation("une-autre"), proposals())
    fill(store, opened, voters=10)
    cast(store, quiet)
    sync(store, central)
    backed_up(store, tmp_path / "a.zip")
    for number in range(7):
        cast(store, opened, f"late-{number}", ballot=DISAGREE, source=BFM)
    cast(store, opened, "late-0", ballot=AGREE)
    sync(store, central)
    shell = Shell(
        there.data,
        {
            **there.environ,
            "ISOLOIR_DEPLOYMENT": "essai",
            "ISOLOIR_CENTRAL_URL": served.url,
            "ISOLOIR_CENTRAL_SECRET": SECRET,
        },
    )
    done = shell.run("restore", tmp_path / "a.zip")
    assert done.returncode == 0, done.stderr
    assert (
        "reinventer-le-travail: 8 votes were given, changed or withdrawn since the backup "
        "and are lost, at least."
    ) in done.stdout
    assert (
        "une-autre: the central platform knows of no vote that is not in the backup." in done.stdout
    )
    there_state = SyncStates(target.redis).read(opened)
    assert there_state.epoch > SyncStates(store.redis).read(opened).epoch
    assert there_state.data_lost_at is not None
    cast(target, opened, "afterwards")
    sync(target, central)
    assert_equal(target, served, opened)
    assert_equal(target, served, quiet)


def test_a_late_document_of_the_store_that_was_given_up_changes_nothing(
    store: Store,
    opened: Consultation,
    target: Store,
    central: Settings,
    served: Served,
    tmp_path: Path,
) -> None:
    """It has more votes and a higher fence, but both only hold within their epoch."""
    fill(store, opened, voters=10)
    sync(store, central)
    backed_up(store, tmp_path / "a.zip")
    (heard,) = restored(target, tmp_path / "a.zip", central)
    assert (heard.missing, heard.silence) == (0, None)
    sync(target, central)
    cast(store, opened, "nobody-counts-this")
    platform = Central(served.url, (SECRET,))
    Courier(store, platform, "essai", lambda: datetime.now(UTC)).send(opened, 99, complete=True)
    platform.close()
    assert_equal(target, served, opened)


def test_after_two_restores_nobody_can_tell_what_is_missing(
    store: Store, opened: Consultation, target: Store, central: Settings, tmp_path: Path
) -> None:
    """The central platform has counted since the first one, in another epoch."""
    fill(store, opened, voters=10)
    sync(store, central)
    backed_up(store, tmp_path / "a.zip")
    restored(target, tmp_path / "a.zip", central)
    sync(target, central)
    target.redis.flushall()
    (heard,) = restored(target, tmp_path / "a.zip", central)
    assert heard.missing is None
    assert SyncStates(target.redis).read(opened).data_lost_at is not None


def test_a_central_platform_that_is_away_is_asked_once_and_the_epoch_is_drawn_all_the_same(
    store: Store,
    opened: Consultation,
    target: Store,
    central: Settings,
    served: Served,
    tmp_path: Path,
) -> None:
    quiet = store.consultations.create(consultation("une-autre"), proposals())
    fill(store, opened, voters=10)
    cast(store, quiet)
    sync(store, central)
    backed_up(store, tmp_path / "a.zip")
    served.stop()
    heard = restored(target, tmp_path / "a.zip", central)
    assert {one.silence for one in heard} == {"The receiver does not answer (NewConnectionError)."}
    served.start()
    assert SyncStates(target.redis).read(opened).epoch > SyncStates(store.redis).read(opened).epoch
    sync(target, central)
    assert_equal(target, served, opened)
