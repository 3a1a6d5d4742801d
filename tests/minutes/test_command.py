"""`isoloir minutes`, as staff and anybody else type it."""

import json
import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import click
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from werkzeug.serving import make_server

from server.cli.public_keys import given
from server.consultations.consultation import Consultation
from server.consultations.rows import compact
from server.settings import Settings
from server.store.store import Store
from server.supervisor.environment import write
from tests.minutes.conftest import KEY, OTHER_KEY, closing, content, public
from tests.minutes.writing import changed, minutes, written
from tests.replay.shell import Shell

PUBLIC = f"whpk_{public().base64}"


@pytest.fixture
def nowhere(tmp_path: Path) -> Shell:
    """A machine without a service: there is only the file."""
    return Shell(tmp_path / "no-data")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "minutes.json"
    path.write_bytes(written())
    return path


def test_a_true_file_is_proven_with_the_key_alone(nowhere: Shell, file: Path) -> None:
    done = nowhere.run("minutes", "verify", file, "--key", PUBLIC)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "Says: Comment mieux dormir\u202f? (mieux-dormir)",
        "Says: version 1 of the minutes, drawn up 2027-03-12T12:00:00.000+00:00 by essai "
        "(https://vote.example).",
        "Says: votes 27, voters 50.",
        done.stdout.splitlines()[3],
        "Says: a recount of all ballots gave the same numbers.",
        f"Proven: key {public().id} (given with --key) signed exactly this.",
        "Proven: checksum and totals are those of the rows (4).",
    ]


def test_a_changed_digit_is_told(nowhere: Shell, file: Path) -> None:
    file.write_bytes(changed(lambda d: d["totals"]["agree"].update(count=6)))
    done = nowhere.run("minutes", "verify", file, "--key", PUBLIC)
    assert done.returncode == 1
    assert "Proven" not in done.stdout
    assert "NOT PROVEN: the signature" in done.stdout
    assert "NOT PROVEN: The totals are not the sums" in done.stdout


def test_another_key_is_told(nowhere: Shell, file: Path) -> None:
    other = f"whpk_{public(OTHER_KEY).base64}"
    done = nowhere.run("minutes", "verify", file, "--key", other)
    assert done.returncode == 1
    assert (
        f"it names key {public().id}, not {public(OTHER_KEY).id} (given with --key)" in done.stdout
    )


def test_the_key_inside_the_file_proves_nothing(nowhere: Shell, file: Path) -> None:
    """Anybody can write minutes and sign them; that is no reason to believe them."""
    done = nowhere.run("minutes", "verify", file)
    assert done.returncode == 1
    assert "anybody can write a file with a key of their own" in done.stdout
    assert "--key" in done.stdout
    file.write_bytes(changed(lambda d: d["voters"].update(total=9)))
    assert "does not even fit" in nowhere.run("minutes", "verify", file).stdout


def key_files() -> dict[str, bytes]:
    pem = Ed25519PublicKey.from_public_bytes(public().raw).public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )
    listed = [
        {"id": "x", "algorithm": "Other", "publicKey": "?"},
        {"id": "y", "algorithm": "Ed25519", "publicKey": public(OTHER_KEY).base64},
        {"id": "z", "algorithm": "Ed25519", "publicKey": public().base64},
    ]
    return {
        "key.pem": pem,
        "key.txt": f"{PUBLIC}\n".encode(),
        "base64.txt": public().base64.encode(),
        "keys.json": json.dumps({"keys": listed}).encode(),
    }


@pytest.mark.parametrize("name", key_files())
def test_a_key_may_come_as_a_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(key_files()[name])
    assert given(str(tmp_path / name)).named(public().id) == public()


NO_KEYS = {
    "other.pem": X25519PrivateKey.generate()
    .public_key()
    .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    "broken.pem": b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
    "list.json": b"[]",
    "odd.json": b'{"keys":[7]}',
    "deep.json": b'{"keys":' + b"[" * 60_000,
    "binary": b"\xff" * 32,
    "large": b"A" * 70_000,
    "empty": b"",
}


@pytest.mark.parametrize("name", NO_KEYS)
def test_a_file_without_a_key_is_told_in_one_line(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(NO_KEYS[name])
    with pytest.raises(click.ClickException) as refused:
        given(str(tmp_path / name))
    assert refused.value.message == f"{tmp_path / name}: there is no Ed25519 public key in it."


@pytest.mark.parametrize(
    ("key", "word"),
    [
        (KEY, "private key"),
        ("whpk_x", "--key takes"),
        ("no-such-file.pem", "--key takes"),
        ("http://vote.example", "use https"),
        ("http://localhost:1", "does not answer"),
        ("https://[", "no address"),
        ("https://vote.example:port", "does not answer"),
    ],
)
def test_a_key_that_is_none_is_told_in_one_line(key: str, word: str) -> None:
    with pytest.raises(click.ClickException, match=word) as refused:
        given(key)
    assert "\n" not in refused.value.message
    assert KEY not in refused.value.message


@pytest.mark.parametrize(
    ("hostile", "word"),
    [
        (b"[" * 200_000, "nested"),
        (changed(lambda d: d["signature"].update(algorithm="\x1b[2J")), "not Ed25519"),
    ],
)
def test_a_hostile_file_gives_one_clear_line(
    nowhere: Shell, file: Path, hostile: bytes, word: str
) -> None:
    file.write_bytes(hostile)
    done = nowhere.run("minutes", "verify", file, "--key", PUBLIC)
    assert (done.returncode, done.stdout) == (1, "")
    assert word in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "\x1b" not in done.stderr


def test_what_a_file_says_cannot_pose_as_what_is_proven(nowhere: Shell, file: Path) -> None:
    forged = "Proven: all\u2028Proven: is\nProven: well\x1b[1A\u202e"
    file.write_bytes(changed(lambda d: d["consultation"].update(question=forged, slug="Proven:")))
    done = nowhere.run("minutes", "verify", file, "--key", PUBLIC)
    assert done.returncode == 1
    assert not any(line.startswith("Proven") for line in done.stdout.splitlines())
    assert "\x1b" not in done.stdout


def test_a_later_version_says_what_it_follows_and_why(nowhere: Shell, file: Path) -> None:
    first = written()
    file.write_bytes(compact(minutes(earlier=(first,), reason="312 ballots were set aside.")))
    done = nowhere.run("minutes", "verify", file, "--key", PUBLIC)
    assert done.returncode == 0
    assert f"it follows version 1, SHA-256 {sha256(first).hexdigest()}." in done.stdout
    assert "why there is another version: 312 ballots were set aside." in done.stdout


@pytest.fixture
def shell(settings: Settings, data: Path) -> Shell:
    """A service on this machine: its folder says where the store is and what signs."""
    data.mkdir()
    write(
        data,
        {
            "REDIS_URL": settings.redis_url,
            "ISOLOIR_URL": settings.public_url,
            "ISOLOIR_SECRET_KEYS": ",".join(settings.secret_keys),
            "ISOLOIR_SIGNING_KEY": KEY,
        },
    )
    return Shell(data)


def test_show_writes_the_file_and_verify_proves_it_with_the_machines_own_key(
    shell: Shell, store: Store, voted: Consultation, settings: Settings, tmp_path: Path
) -> None:
    none = shell.run("minutes", "show", voted.slug)
    assert (none.returncode, none.stdout) == (1, "")
    assert "after the close" in none.stderr
    closing(store, settings).turn()
    shown = shell.run("minutes", "show", voted.slug)
    assert shown.stdout.encode() == content(store, voted)
    assert shell.run("minutes", "show", voted.slug, "--version", 1).stdout == shown.stdout
    assert "version 2" in shell.run("minutes", "show", voted.slug, "--version", 2).stderr
    path = tmp_path / "shown.json"
    path.write_text(shown.stdout, "utf-8")
    done = shell.run("minutes", "verify", path)
    assert done.returncode == 0
    assert "(the service on this machine) signed exactly this" in done.stdout


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The service over real HTTP."""
    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_key_is_fetched_from_the_service_that_is_named(
    nowhere: Shell, file: Path, address: str
) -> None:
    done = nowhere.run("minutes", "verify", file, "--key", address)
    assert done.returncode == 0, done.stdout + done.stderr
    elsewhere = nowhere.run("minutes", "verify", file, "--key", f"{address}/nowhere")
    assert elsewhere.stderr == f"{address}/nowhere answers 404.\n"
    page = nowhere.run("minutes", "verify", file, "--key", f"{address}/health/live")
    assert "no Ed25519 public key" in page.stderr


def test_a_new_key_goes_where_it_is_piped_and_its_public_half_is_told(nowhere: Shell) -> None:
    done = nowhere.run("minutes", "new-key")
    key = done.stdout.strip()
    assert key.startswith("whsk_")
    assert key not in done.stderr
    assert f"whpk_{public(key).base64}" in done.stderr
