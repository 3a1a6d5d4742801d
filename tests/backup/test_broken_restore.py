"""A restore that was broken off is never taken for a healthy store."""

import signal
from dataclasses import replace
from pathlib import Path

import pytest

from server.app import create_app
from server.consultations.consultation import Consultation
from server.settings import Settings
from server.store import keys
from server.store.backup_file import BackupError, open_backup
from server.store.connection import StoreUnfit
from server.store.emptiness import start_over
from server.store.restore import Restore
from server.store.store import Store, open_store
from server.supervisor.embedded import EmbeddedStore
from server.web.service import NAME
from tests.backup.steps import backed_up, contents, fill, silent
from tests.cluster.nodes import until
from tests.replay.shell import Shell


@pytest.fixture
def backup(store: Store, opened: Consultation, tmp_path: Path) -> Path:
    """A backup that takes several round trips to restore."""
    fill(store, opened, voters=3000, each=1)
    backed_up(store, tmp_path / "a.zip")
    return tmp_path / "a.zip"


def test_a_restore_that_was_killed_half_way_is_known_by_everybody_and_can_start_over(
    backup: Path,
    store: Store,
    target: Store,
    there: Shell,
    settings: Settings,
    second_server: EmbeddedStore,
    tmp_path: Path,
) -> None:
    app = create_app(replace(settings, redis_url=second_server.url))
    client = app.test_client()
    assert client.get("/health/ready").status_code == 200
    here = Shell(there.data, {**there.environ, "TMPDIR": str(tmp_path)})
    killed = here.start("restore", backup)
    until(lambda: target.redis.dbsize() > 100)
    target.redis.client_pause(60_000, all=False)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    target.redis.client_unpause()

    assert 100 < target.redis.dbsize() < store.redis.dbsize()
    assert target.consultations.all() == ()
    with pytest.raises(StoreUnfit, match=r"is being restored since 20.*with --start-over"):
        open_store(second_server.url)
    assert client.get("/health/ready").status_code == 503
    again = there.run("restore", backup)
    assert again.returncode == 1
    assert "with --start-over" in again.stderr

    done = there.run("restore", "--start-over", backup)
    assert done.returncode == 0, done.stderr
    assert client.get("/health/ready").status_code == 200
    recounted = {keys.Box("1", 0).generation}
    assert contents(target).keys() == contents(store).keys() | recounted
    app.extensions[NAME].store.close()


def test_a_restore_that_is_told_to_stop_leaves_no_ballots_behind(
    backup: Path, target: Store, there: Shell, tmp_path: Path
) -> None:
    """Only the half that it has written, with the mark on it."""
    folder = tmp_path / "own"
    folder.mkdir()
    told = Shell(there.data, {**there.environ, "TMPDIR": str(folder)}).start("restore", backup)
    until(lambda: target.redis.dbsize() > 100)
    target.redis.client_pause(60_000, all=False)
    assert list(folder.iterdir())
    told.terminate()
    output, _ = told.communicate()
    target.redis.client_unpause()
    assert told.returncode == 130
    assert output.strip() == "Half of it is restored: restore again with --start-over."
    assert list(folder.iterdir()) == []
    assert target.redis.exists(keys.RESTORING)


def test_of_two_restores_the_one_that_was_overtaken_stops(backup: Path, target: Store) -> None:
    with open_backup(backup) as opened:
        first = Restore(target, opened)
        first.begin()
        with pytest.raises(BackupError, match="not empty"):
            Restore(target, opened).begin()
        start_over(target.redis)
        second = Restore(target, opened)
        second.begin()
        with pytest.raises(BackupError, match="Another restore into this store has begun since"):
            first.copy(silent)
        with pytest.raises(BackupError, match="Another restore into this store has begun since"):
            first.finish()
        first.give_up()
        assert target.redis.exists(keys.RESTORING)
        start_over(target.redis)


def test_a_restore_that_fails_before_it_has_written_frees_the_store(
    backup: Path, target: Store, there: Shell
) -> None:
    done = there.run("restore", backup, "--server", "/bin/false")
    assert done.returncode == 1
    assert "The server here cannot load the image of" in done.stderr
    assert target.redis.keys("*") == []
