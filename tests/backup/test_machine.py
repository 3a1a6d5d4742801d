"""The whole way that the page shows: a machine is lost, and another one takes its place."""

import shutil
from pathlib import Path

from server.demo.consultation import FILE
from server.demo.media import SLUG
from tests.replay.shell import Shell
from tests.run.machine import Machine, machine, until
from tests.run.test_demo import progress, vote


def open_to_readers(service: Machine) -> bool:
    return service.ready() and service.get(f"/api/v1/consultations/{SLUG}").status == 200


def test_readers_go_on_voting_on_another_machine(tmp_path: Path) -> None:
    """With the credentials they have: the secrets were kept beside the backup."""
    lost, here, backup = tmp_path / "lost", tmp_path / "here", tmp_path / "a.zip"
    with machine("serve", lost) as service:
        assert Shell(lost).run("consultation", "import", FILE).returncode == 0
        until(lambda: open_to_readers(service), "the consultation is open")
        reader = vote(service)
        assert Shell(lost).run("backup", backup).returncode == 0
    here.mkdir(mode=0o700)
    shutil.copy(lost / "environment", here)
    with machine("serve", here) as service:
        done = Shell(here).run("restore", backup)
        assert done.returncode == 0, done.stderr
        until(lambda: open_to_readers(service), "the consultation is open again")
        assert progress(service, reader) == 1
        vote(service)
        recounted = Shell(here).run("recount", SLUG)
    assert recounted.stdout == f"{SLUG}: the tallies are what the ballots say (voters: 2).\n"
