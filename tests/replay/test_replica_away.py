"""While a replica is away votes may have to wait, but an operator can look after all the rest."""

from pathlib import Path

import pytest

from server.consultations.consultation import Consultation
from server.settings import Settings
from server.store.store import Store
from tests.replay.shell import Shell


@pytest.fixture
def waiting(settings: Settings, tmp_path: Path) -> Shell:
    """A shell beside a service that waits for a replica, of which there is none now."""
    environ = {
        "REDIS_URL": settings.redis_url,
        "ISOLOIR_REPLICAS": "1",
        "ISOLOIR_URL": settings.public_url,
        "ISOLOIR_SECRET_KEYS": settings.secret_keys[0],
    }
    return Shell(tmp_path, environ)


def test_what_is_only_read_or_prepared_needs_no_replica(
    waiting: Shell, store: Store, opened: Consultation, tmp_path: Path
) -> None:
    assert opened.slug in waiting.run("consultation", "list").stdout
    assert waiting.run("recount", opened.slug).returncode == 0
    backed_up = waiting.run("backup", tmp_path / "a.zip")
    assert backed_up.returncode == 0, backed_up.stderr
    file = tmp_path / "a.yaml"
    file.write_text(waiting.run("consultation", "export", opened.slug).stdout)
    store.redis.flushall()
    assert waiting.run("consultation", "import", file).returncode == 0
    shown = waiting.run("minutes", "show", opened.slug)
    assert "has no minutes" in shown.stderr


@pytest.mark.parametrize("command", ["close", "purge"])
def test_what_every_server_must_know_for_good_demands_the_replica(
    waiting: Shell, store: Store, opened: Consultation, command: str
) -> None:
    """A box is sealed, and ballots are destroyed, on all of them or not at all."""
    done = waiting.run("consultation", command, opened.slug)
    assert (done.returncode, done.stdout) == (1, "")
    assert "has 0 replicas of 1" in done.stderr
    assert store.consultations.by_slug(opened.slug) == opened
