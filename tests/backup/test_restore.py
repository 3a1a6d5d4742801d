"""A store is restored whole, into an empty one, or it says that it is not."""

import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from server.app import create_app
from server.consultations.actions import Action, News
from server.consultations.consultation import Consultation
from server.consultations.errors import LinkInvalid, ReportLinkUnknown
from server.settings import Settings
from server.staff.acts import by_operator
from server.store import keys
from server.store.backup_file import MANIFEST, BackupError, open_backup
from server.store.fitness import check
from server.store.restore import Restore
from server.store.store import Store
from server.supervisor.embedded import EmbeddedStore
from server.web.credentials import Credentials
from server.web.service import NAME
from tests.backup.steps import backed_up, cast, contents, fill, restored, silent
from tests.cluster.nodes import until
from tests.conftest import consultation, proposals
from tests.replay.shell import Shell
from tests.store.test_staff import ACT, AWA, made_token, signed_in

API = "/api/v1"


@pytest.fixture
def backup(store: Store, opened: Consultation, tmp_path: Path) -> Path:
    """A backup of thirty voters."""
    store.consultations.place_key()
    fill(store, opened, voters=30)
    backed_up(store, tmp_path / "a.zip")
    return tmp_path / "a.zip"


def test_a_restore_says_what_it_restored_and_recounts_it(
    backup: Path, target: Store, there: Shell
) -> None:
    done = there.run("restore", backup)
    assert (done.returncode, done.stderr) == (0, "")
    first, silence, recounted = done.stdout.splitlines()
    assert silence.endswith("How much, the central platform could say: none is configured.")
    assert first.startswith("Restored: 1 consultations as of 20")
    assert recounted == (
        "reinventer-le-travail: the tallies are what the ballots say (voters: 30)."
    )
    check(target.redis)


def test_tallies_that_differ_from_their_ballots_end_with_an_error(
    store: Store, opened: Consultation, target: Store, there: Shell, tmp_path: Path
) -> None:
    """But the service can go on, and a recount mends them."""
    fill(store, opened, voters=5)
    store.redis.hincrby(keys.Box(opened.id, 0).tally(1), "2.64", 1)
    backed_up(store, tmp_path / "a.zip")
    done = there.run("restore", tmp_path / "a.zip")
    assert done.returncode == 1
    assert "`isoloir recount --fix reinventer-le-travail` mends them" in done.stdout
    assert target.consultations.all() == (opened,)


def test_ballots_that_were_to_be_destroyed_meanwhile_are_named(
    store: Store, opened: Consultation, there: Shell, target: Store, tmp_path: Path
) -> None:
    cast(store, opened)
    old = datetime.now(UTC) - timedelta(days=opened.retention + 2)
    store.consultations.replace(replace(opened, opens=old - timedelta(days=1), closes=old))
    backed_up(store, tmp_path / "a.zip")
    told = there.run("restore", tmp_path / "a.zip").stdout
    assert f"its ballots were to be kept until {old + timedelta(days=opened.retention):%F}" in told


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """Write the archive again with some of its entries changed."""
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    change(entries)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)


def with_manifest(**changes: object) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        def change(entries: dict[str, bytes]) -> None:
            entries[MANIFEST] = json.dumps(json.loads(entries[MANIFEST]) | changes).encode()

        rewritten(path, change)

    return damage


def with_entry(name: str, content: bytes) -> Callable[[Path], None]:
    return lambda path: rewritten(path, lambda entries: entries.update({name: content}))


def truncated(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes(content)


def no_archive(path: Path) -> None:
    path.write_bytes(b"REDIS0011 or whatever")


OUTSIDE = {"name": "../../outside", "bytes": 3, "sha256": "0", "server": "", "as_of": ""}


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (truncated, "is damaged or no backup"),
        (no_archive, "is damaged or no backup"),
        (flipped, "is damaged or no backup"),
        (with_entry("image-0.rdb", b"another image"), "its checksum is wrong"),
        (with_entry(MANIFEST, b"{"), "is damaged or no backup"),
        (with_entry(MANIFEST, b"[]"), "is damaged or no backup"),
        (with_manifest(images=[OUTSIDE]), "is damaged or no backup"),
        (with_manifest(images=[{}]), "is damaged or no backup"),
        (with_manifest(images=7), "is damaged or no backup"),
        (with_manifest(consultations=[{"slug": "a"}]), "is damaged or no backup"),
        (with_manifest(format=2), "A newer Isoloir made this backup"),
        (with_manifest(layout=1), "(layout 1, this one needs 2): restore it with the release"),
    ],
)
def test_a_file_that_is_damaged_or_made_to_harm_changes_nothing(
    backup: Path, damage: Callable[[Path], None], words: str, target: Store, there: Shell
) -> None:
    damage(backup)
    done = there.run("restore", backup)
    assert (done.returncode, done.stdout) == (1, "")
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert target.redis.keys("*") == []
    assert sorted(backup.parent.iterdir()) == [backup]


def test_an_image_of_a_newer_server_is_refused_with_what_to_do(
    backup: Path, target: Store, there: Shell
) -> None:
    """Nothing was written, so the store is free for another try."""

    def newer(entries: dict[str, bytes]) -> None:
        image = entries["image-0.rdb"]
        entries["image-0.rdb"] = image[:6] + b"999" + image[9:]
        manifest = json.loads(entries[MANIFEST])
        manifest["images"][0]["sha256"] = sha256(entries["image-0.rdb"]).hexdigest()
        entries[MANIFEST] = json.dumps(manifest).encode()

    rewritten(backup, newer)
    done = there.run("restore", backup)
    assert done.returncode == 1
    assert "it is of a newer or another server. Name one that can with --server." in done.stderr
    assert target.redis.keys("*") == []


def test_an_image_that_lacks_votes_the_manifest_promises_is_not_let_in(
    backup: Path, target: Store
) -> None:
    with_manifest(consultations=[{"slug": "reinventer-le-travail", "id": "1", "revisions": [91]}])(
        backup
    )
    with open_backup(backup) as opened:
        restore = Restore(target, opened)
        restore.begin()
        with pytest.raises(BackupError, match="Not all of reinventer-le-travail is in the backup"):
            restore.copy(silent)
    assert target.consultations.all() == ()


def test_a_store_with_anything_in_it_is_left_alone(
    backup: Path, target: Store, there: Shell
) -> None:
    target.consultations.create(consultation("une-autre"), [])
    before = contents(target)
    done = there.run("restore", backup)
    assert done.returncode == 1
    assert done.stderr.startswith("The store is not empty: there is iso:")
    again = there.run("restore", "--start-over", backup)
    assert again.returncode == 1
    assert "No restore into this store was broken off" in again.stderr
    assert contents(target) == before


def test_a_service_that_started_on_the_empty_store_serves_the_restored_one(
    backup: Path, store: Store, target: Store, settings: Settings, second_server: EmbeddedStore
) -> None:
    """Its readers' credentials lead to the same boxes as before."""
    app = create_app(replace(settings, redis_url=second_server.url))
    client = app.test_client()
    address = f"{API}/consultations/reinventer-le-travail"
    assert client.get(address).status_code == 404
    restored(target, backup)
    until(lambda: client.get(address).status_code == 200)
    place_key = store.consultations.place_key()
    issued = app.extensions[NAME].credentials
    app_credential = issued.read(issued.issue("rmc-bfm", "192.0.2.7", 0))
    expected = Credentials(settings.secret_keys, lambda: place_key)
    assert app_credential.place == expected.read(expected.issue("rmc-bfm", "192.0.2.7", 0)).place
    assert target.consultations.place_key() == place_key
    app.extensions[NAME].store.close()


def test_staff_come_back_with_their_trail_and_nothing_lets_anybody_in(
    store: Store, opened: Consultation, target: Store, there: Shell, tmp_path: Path
) -> None:
    session, token = signed_in(store), made_token(store)
    link = store.staff.invite(AWA, ACT).secret
    backed_up(store, tmp_path / "a.zip")
    assert there.run("restore", tmp_path / "a.zip").returncode == 0
    assert target.staff.members() == (AWA,)
    assert target.staff.use_token(token, datetime.now(UTC).date()) is None
    assert target.acts.latest() == store.acts.latest()
    assert target.staff.session(session) is None
    with pytest.raises(LinkInvalid):
        target.staff.sign_in(link, "fr")


def test_a_restore_revives_no_link_of_a_partner_and_says_so(
    store: Store, target: Store, there: Shell, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    asked = consultation("close", opens=now - timedelta(days=9), closes=now - timedelta(days=1))
    store.consultations.place_key()
    made = store.consultations.create(asked, proposals())
    action = Action(0, "Parrainer", "Mentor", "Mille jeunes.", now.date())
    store.committing.add("close", action, now, by_operator)
    secret = store.reports.link("close", 1, by_operator).link or ""
    news = News(now.date(), "Cent jeunes.")
    store.reports.draft("close", 1, lambda one: one.drafted(news, store.clock.now()))
    backed_up(store, tmp_path / "a.zip")
    done = there.run("restore", tmp_path / "a.zip")
    assert "Links of partners were ended, 1 in all" in done.stdout
    found = target.reports.of(made, 1)
    assert [one.news for one in found.waiting] == [news]
    with pytest.raises(ReportLinkUnknown):
        found.opened_by(secret)
