"""A backup is whole or not there, and whatever was acknowledged before it is in it."""

import io
import os
import socket
import stat
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from server.cli.whole_file import whole_file
from server.consultations.consultation import Consultation
from server.store.backup import back_up
from server.store.backup_file import BackupError, open_backup
from server.store.image import begun_before, image_of
from server.store.store import Store, open_store
from server.supervisor.embedded import EmbeddedStore
from tests.backup.steps import backed_up, cast, contents, fill, restored
from tests.cluster.nodes import until
from tests.replay.shell import Shell


class Crowd:
    """Four people at a time, each of whom votes as a new voter, until `stop`."""

    def __init__(self, store: Store, opened: Consultation) -> None:
        self.acknowledged: list[tuple[str, int]] = []
        self._store, self._opened = store, opened
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._vote, args=(n,)) for n in range(4)]

    def __enter__(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, votes: int) -> None:
        until(lambda: len(self.acknowledged) >= votes)

    def _vote(self, number: int) -> None:
        turn = 0
        while not self._over.is_set():
            voter, proposal = f"voter-{number}-{turn // 20}", turn % 20 + 1
            cast(self._store, self._opened, voter, proposal)
            self.acknowledged.append((voter, proposal))
            turn += 1


def test_every_vote_acknowledged_before_a_backup_is_in_it(
    store: Store, opened: Consultation, target: Store, tmp_path: Path
) -> None:
    """Also of the crowd that goes on voting meanwhile; and the counts are exact."""
    with Crowd(store, opened) as crowd:
        crowd.wait_for(500)
        before = list(crowd.acknowledged)
        manifest = backed_up(store, tmp_path / "a.zip")
        crowd.wait_for(len(crowd.acknowledged) + 100)
    (there,) = restored(target, tmp_path / "a.zip")
    assert there == opened
    held = {voter: target.ballots.voted(there, 0, voter) for voter, _ in before}
    assert [vote for vote in before if vote[1] not in held[vote[0]]] == []
    assert target.recount.compare(there) == []
    assert target.tallies.revisions(there) >= manifest.consultations[0].revisions
    assert target.tallies.revisions(there) < store.tallies.revisions(opened)


def test_what_is_restored_is_what_was_backed_up(
    store: Store, opened: Consultation, target: Store, tmp_path: Path
) -> None:
    """Each kind of value, what has an end, and a voter whose ballots fill two records."""
    store.consultations.place_key()
    fill(store, opened, voters=30)
    for proposal in range(1, 600):
        cast(store, opened, "avid", proposal)
    store.ballots.withdraw(opened, 0, "early", 1, number=7)
    with store.redis.pipeline() as odd:
        odd.rpush("iso:c:{1}:list", *range(3000)).sadd("iso:c:{1}:set", *range(3000))
        odd.set("iso:c:{1}:bytes", b"\x00\xff\r\n").execute()
    kinds = {store.redis.type(key) for key in store.redis.scan_iter("iso:*")}
    assert kinds == {"string", "hash", "list", "set", "zset"}
    store.redis.set("other:application", "not ours")
    backed_up(store, tmp_path / "a.zip")
    restored(target, tmp_path / "a.zip")
    target.redis.delete("iso:c:{1}:bytes")
    store.redis.delete("iso:c:{1}:bytes")
    assert contents(target) == contents(store)
    assert target.redis.exists("other:application") == 0
    encoding = target.redis.object("encoding", "iso:{1.0}avid")
    assert encoding == "intset"


@contextmanager
def user(store: Store, server: EmbeddedStore, *rules: str) -> Iterator[Store]:
    """Open the store as a user who may do everything but for `rules`."""
    store.redis.acl_setuser("backup", reset=True, enabled=True, passwords=["+secret"])
    store.redis.execute_command("ACL", "SETUSER", "backup", "~*", "&*", "+@all", *rules)
    opened = open_store(f"unix://backup:secret@{server.socket}")
    try:
        yield opened
    finally:
        opened.close()
        store.redis.acl_deluser("backup")


def test_a_server_that_frames_the_image_by_its_length_is_understood(
    store: Store,
    opened: Consultation,
    store_server: EmbeddedStore,
    target: Store,
    shell: Shell,
    tmp_path: Path,
) -> None:
    """As one does that does not let us say what we can take."""
    fill(store, opened, voters=20)
    with user(store, store_server, "-replconf") as plain:
        with image_of(plain.redis) as image:
            assert image.length
            assert sum(map(len, image.chunks)) == image.length
        environ = {**shell.environ, "REDIS_URL": f"unix://backup:secret@{store_server.socket}"}
        done = Shell(shell.data, environ).run("backup", tmp_path / "a.zip")
    assert done.stderr.endswith("into its own folder too: delete dump.rdb.\n")
    (store_server.data / "dump.rdb").unlink()  # as the command tells one to
    with image_of(store.redis) as image:
        assert image.length is None
    restored(target, tmp_path / "a.zip")
    assert contents(target) == contents(store)


def test_an_image_says_when_it_was_begun(store: Store) -> None:
    asked = store.redis.time()[0]
    with image_of(store.redis) as image:
        head = b"".join(image.chunks)[:512]
    assert not begun_before(head, asked)
    assert begun_before(head, store.redis.time()[0] + 3)


def test_the_clock_in_an_image_may_lag_a_little() -> None:
    """A server reads it from a coarser clock than the one it tells the time by."""
    second = 1_800_000_000
    head = b"\xfa\x05ctime\xc2" + second.to_bytes(4, "little") + b"\xfa"
    assert not begun_before(head, second + 1.004)
    assert begun_before(head, second + 1.1)
    assert begun_before(b"\xfa\x05ctime\x0a1800000000", second + 1.1)


def test_a_server_that_gives_no_image_is_named_with_what_to_do_instead(
    store: Store, store_server: EmbeddedStore, tmp_path: Path
) -> None:
    path = tmp_path / "a.zip"
    with (
        user(store, store_server, "-sync") as refused,
        pytest.raises(BackupError, match=r"NOPERM.*a managed one has snapshots of its own"),
    ):
        backed_up(refused, path)
    assert list(tmp_path.iterdir()) == []


def test_a_connection_that_breaks_half_way_leaves_no_file(
    store: Store, opened: Consultation, store_server: EmbeddedStore, tmp_path: Path
) -> None:
    fill(store, opened, voters=300)
    with image_of(store.redis) as image:
        size = sum(map(len, image.chunks))
    with cutting(store_server.socket, after=size // 2) as port:
        broken = open_store(f"redis://127.0.0.1:{port}")
        with pytest.raises(BackupError, match="broke"):
            backed_up(broken, tmp_path / "a.zip")
        broken.close()
    assert list(tmp_path.iterdir()) == []


@contextmanager
def cutting(server: Path, after: int) -> Iterator[int]:
    """Pass connections on to a unix socket; cut each that has answered more than `after` bytes."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_accept, args=(listening, server, after), daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


def _accept(listening: socket.socket, server: Path, after: int) -> None:
    while True:
        try:
            near, _ = listening.accept()
        except OSError:
            return
        far = socket.socket(socket.AF_UNIX)
        far.connect(str(server))
        threading.Thread(target=_pump, args=(near, far, None), daemon=True).start()
        threading.Thread(target=_pump, args=(far, near, after), daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket, after: int | None) -> None:
    passed = 0
    while chunk := _received(source):
        passed += len(chunk)
        if after is not None and passed > after:
            break
        sink.sendall(chunk)
    for one in (source, sink):
        _shut(one)


def test_a_full_disk_leaves_no_file_and_one_line(
    store: Store, opened: Consultation, shell: Shell, tmp_path: Path
) -> None:
    fill(store, opened, voters=300)
    path = tmp_path / "folder" / "a.zip"
    path.parent.mkdir()
    command = f"ulimit -f 2; exec {' '.join(shell._command('backup', path))}"
    ended = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, env=shell._environ
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == f"{path} takes no more: File too large.\n"
    assert list(path.parent.iterdir()) == []


def test_a_backup_is_for_its_owner_only_and_never_replaces_another_unasked(
    store: Store, opened: Consultation, shell: Shell, tmp_path: Path
) -> None:
    cast(store, opened)
    path = tmp_path / "folder" / "a.zip"
    path.parent.mkdir()
    done = shell.run("backup", path)
    assert done.returncode == 0, done.stderr
    assert f"{path}: 1 consultation as of" in done.stderr
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    first = path.read_bytes()
    assert "exists" in shell.run("backup", path).stderr
    assert path.read_bytes() == first
    assert shell.run("backup", path, "--force").returncode == 0
    assert path.read_bytes() != first
    assert list(path.parent.iterdir()) == [path]


def test_a_backup_can_go_into_a_pipe(
    store: Store, opened: Consultation, shell: Shell, target: Store, tmp_path: Path
) -> None:
    fill(store, opened, voters=20)
    with (tmp_path / "a.zip").open("wb") as pipe:
        command = shell._command("backup", "-")
        subprocess.run(command, stdout=pipe, env=shell._environ, check=True)
    restored(target, tmp_path / "a.zip")
    assert contents(target) == contents(store)


def test_two_processes_do_not_write_the_same_file(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with whole_file(path, force=False) as file:
        file.write(b"first")
        with (
            pytest.raises(BackupError, match="Another process is writing"),
            whole_file(path, force=False),
        ):
            raise AssertionError
    assert path.read_bytes() == b"first"


def test_what_a_killed_process_left_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.with_name("a.zip.part").write_bytes(b"a long half of a backup")
    with whole_file(path, force=False) as file:
        file.write(b"whole")
    assert path.read_bytes() == b"whole"
    assert list(tmp_path.iterdir()) == [path]


def a_link(part: Path, elsewhere: Path) -> None:
    elsewhere.write_bytes(b"kept")
    part.hardlink_to(elsewhere)


def a_symbolic_link(part: Path, elsewhere: Path) -> None:
    elsewhere.write_bytes(b"kept")
    part.symlink_to(elsewhere)


def a_pipe(part: Path, elsewhere: Path) -> None:
    elsewhere.write_bytes(b"kept")
    os.mkfifo(part)


@pytest.mark.parametrize("put", [a_link, a_symbolic_link, a_pipe])
def test_what_leads_elsewhere_is_not_written(
    put: Callable[[Path, Path], None], tmp_path: Path
) -> None:
    """In a folder that others can write to: they would read how people voted."""
    path, elsewhere = tmp_path / "a.zip", tmp_path / "elsewhere"
    part = path.with_name("a.zip.part")
    put(part, elsewhere)
    with pytest.raises(BackupError, match=r"a\.zip\.part"), whole_file(path, force=False):
        raise AssertionError
    assert elsewhere.read_bytes() == b"kept"
    assert part.is_symlink() or part.exists()
    assert not path.exists()


def test_a_file_of_another_user_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever owns it may have it open, whatever its mode becomes."""
    path = tmp_path / "a.zip"
    part = path.with_name("a.zip.part")
    part.write_bytes(b"theirs")
    somebody_else = os.geteuid() + 1
    monkeypatch.setattr("os.geteuid", lambda: somebody_else)
    with pytest.raises(BackupError, match="is not ours alone"), whole_file(path, force=False):
        raise AssertionError
    assert part.read_bytes() == b"theirs"


def test_the_manifest_says_what_is_in_the_backup(
    store: Store, opened: Consultation, tmp_path: Path
) -> None:
    fill(store, opened, voters=5)
    made = backed_up(store, tmp_path / "a.zip")
    with open_backup(tmp_path / "a.zip") as backup:
        backup.verify()
        assert backup.manifest == made
    (image,) = made.images
    assert image.server.split()[0] in {"valkey", "redis"}
    (counted,) = made.consultations
    assert (counted.slug, counted.id) == (opened.slug, opened.id)
    assert counted.revisions == store.tallies.revisions(opened) == (15,)


def test_progress_counts_up_to_the_whole(store: Store, opened: Consultation) -> None:
    fill(store, opened, voters=300)
    told: list[int] = []
    made = back_up(store, io.BytesIO(), lambda size, _: told.append(size))
    assert told == sorted(told)
    assert told[-1] == made.images[0].bytes


def _received(source: socket.socket) -> bytes:
    try:
        return source.recv(4096)
    except OSError:
        return b""


def _shut(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
