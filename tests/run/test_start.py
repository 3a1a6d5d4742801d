"""What cannot start says why in one line and exits 1, and leaves nothing behind."""

import contextlib
import shlex
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from server.supervisor.embedded import find_server
from server.supervisor.environment import compose
from server.supervisor.folder import FolderLock
from tests.run.machine import ISOLOIR, free_ports, processes, run, until

ROOT = Path(__file__).parents[2]
PROCFILE = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
KEYS = "a secret key of a test and long enough"
UNFIT = {
    "evicting": (["--maxmemory-policy", "allkeys-lru", "--appendonly", "yes"], "maxmemory-policy"),
    "forgetful": (["--appendonly", "no"], "append-only"),
    "replica": (["--appendonly", "yes", "--replicaof", "127.0.0.1", "1"], "replica"),
}


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """Return the one line with which a command refused to start."""
    assert done.returncode == 1, done
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    return line


def start(process: str, folder: Path, **values: str) -> subprocess.CompletedProcess[str]:
    """Run one line of the Procfile as a host does."""
    command = ["/bin/sh", "-c", f"cd {shlex.quote(str(folder))} && exec {PROCFILE[process]}"]
    return run(*command, PORT=str(free_ports(1)[0]), **values)


@contextlib.contextmanager
def server(folder: Path, options: list[str]) -> Iterator[str]:
    """Run a store of somebody else's making; yield its address."""
    path = folder / "store.sock"
    command = [find_server(), "--port", "0", "--unixsocket", str(path), "--dir", str(folder)]
    with subprocess.Popen([*command, *options], stdout=subprocess.DEVNULL) as running:
        url = f"unix://{path}"
        try:
            with contextlib.closing(redis.Redis.from_url(url)) as client:
                until(lambda: _answers(client), "the server answers")
            yield url
        finally:
            running.terminate()


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False


@pytest.mark.parametrize("process", ["web", "teller"])
def test_a_host_without_a_store_is_told_so(process: str, tmp_path: Path) -> None:
    """The embedded store belongs to one machine; what a Procfile starts needs REDIS_URL."""
    assert "REDIS_URL is missing" in refusal(start(process, tmp_path))


@pytest.mark.parametrize("process", ["web", "teller"])
@pytest.mark.parametrize("kind", UNFIT)
def test_a_server_that_would_lose_votes_is_refused(process: str, kind: str, tmp_path: Path) -> None:
    """A store that evicts, forgets or only copies is worse than none."""
    options, word = UNFIT[kind]
    values = {"ISOLOIR_URL": "https://vote.example", "ISOLOIR_SECRET_KEYS": KEYS}
    with server(tmp_path, options) as url:
        assert word in refusal(start(process, tmp_path, REDIS_URL=url, **values))


@pytest.mark.parametrize("process", ["web", "teller"])
def test_a_server_that_does_not_answer_is_named_as_the_reason(process: str, tmp_path: Path) -> None:
    """A wrong REDIS_URL is seen at the start, not in the readers' booths."""
    values = {"ISOLOIR_URL": "https://vote.example", "ISOLOIR_SECRET_KEYS": KEYS}
    url = f"redis://127.0.0.1:{free_ports(1)[0]}"
    line = refusal(start(process, tmp_path, REDIS_URL=url, **values))
    assert line.startswith("The store does not answer: ")
    assert line.endswith(".")
    assert not line.endswith("..")


def test_serve_tells_why_its_store_will_not_do(tmp_path: Path) -> None:
    """What a part wrote into its log before it ended is the reason that is shown."""
    data = tmp_path / "data"
    with server(tmp_path, UNFIT["forgetful"][0]) as url:
        done = run(ISOLOIR, "serve", "--data", str(data), REDIS_URL=url, PORT=str(free_ports(1)[0]))
    assert "did not start" in refusal(done)
    assert "append-only" in refusal(done)
    assert [one for one in processes() if str(data) in one.command] == []


def test_demo_tells_why_its_receiver_will_not_do(tmp_path: Path) -> None:
    """It looks at its settings before gunicorn starts, so its reason is its last word."""
    names = ["PORT", "ISOLOIR_RECEIVER_PORT", "ISOLOIR_DEMO_PORT"]
    ports = dict(zip(names, map(str, free_ports(3)), strict=True))
    database = f"sqlite:///{tmp_path / 'nowhere' / 'receiver.sqlite'}"
    data = str(tmp_path / "data")
    done = run(ISOLOIR, "demo", "--data", data, ISOLOIR_RECEIVER_DATABASE=database, **ports)
    assert refusal(done).startswith(
        "receiver did not start: The receiver's database cannot be used"
    )


@pytest.mark.parametrize("variable", ["PORT", "ISOLOIR_RECEIVER_PORT", "ISOLOIR_DEMO_PORT"])
def test_a_port_in_use_is_named_with_its_variable(variable: str, tmp_path: Path) -> None:
    """Whoever has something on 8000 already learns which knob to turn."""
    names = ["PORT", "ISOLOIR_RECEIVER_PORT", "ISOLOIR_DEMO_PORT"]
    ports = dict(zip(names, map(str, free_ports(3)), strict=True))
    with socket.create_server(("127.0.0.1", int(ports[variable]))):
        line = refusal(run(ISOLOIR, "demo", "--data", str(tmp_path / "data"), **ports))
    assert line == f"Port {ports[variable]} is in use. Set {variable} to another one."


def test_a_port_that_is_no_number_is_named(tmp_path: Path) -> None:
    """A typing error in a setting is told like any other."""
    done = run(ISOLOIR, "serve", "--data", str(tmp_path / "data"), PORT="eight")
    assert "PORT must be a whole number from 0: eight" in refusal(done)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("foo", "ISOLOIR_SIGNING_KEY: each key is whsk_ (private) or whpk_ (public)"),
        (
            "whpk_" + "A" * 43 + "=",
            "ISOLOIR_SIGNING_KEY: the last key signs, so it must be private",
        ),
    ],
)
@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_key_that_cannot_sign_is_told_before_anything_starts(
    command: str, key: str, words: str, tmp_path: Path
) -> None:
    """Not by a worker that fails to boot, or a teller that dies again and again."""
    data = tmp_path / "data"
    done = run(ISOLOIR, command, "--data", str(data), ISOLOIR_SIGNING_KEY=key)
    assert refusal(done).startswith(words)
    assert not (data / "log").exists()


def test_web_on_a_host_names_a_key_that_is_none(tmp_path: Path) -> None:
    values = {"ISOLOIR_URL": "https://vote.example", "ISOLOIR_SECRET_KEYS": KEYS}
    line = refusal(
        start("web", tmp_path, REDIS_URL="redis://x", ISOLOIR_SIGNING_KEY="foo", **values)
    )
    assert line.startswith("ISOLOIR_SIGNING_KEY: each key is")


def test_replicas_of_the_embedded_store_are_refused(tmp_path: Path) -> None:
    done = run(ISOLOIR, "serve", "--data", str(tmp_path / "data"), ISOLOIR_REPLICAS="1")
    assert refusal(done) == (
        "The embedded store has no replicas: ISOLOIR_REPLICAS needs a REDIS_URL."
    )


def test_commands_beside_a_service_that_waits_for_replicas_wait_for_them_too(
    tmp_path: Path,
) -> None:
    environ = {"REDIS_URL": "redis://x", "ISOLOIR_REPLICAS": "2"}
    assert compose(tmp_path, environ, None, demo=False)["ISOLOIR_REPLICAS"] == "2"


@pytest.mark.parametrize("command", [("consultation", "list"), ("backup", "file")])
def test_a_folder_without_a_service_is_named(command: tuple[str, ...], tmp_path: Path) -> None:
    data = tmp_path / "elsewhere"
    line = refusal(run(ISOLOIR, "--data", str(data), *command))
    assert line == f"{data} holds no service: name its folder with --data, or set REDIS_URL."


def test_a_folder_in_use_is_named_with_its_holder(tmp_path: Path) -> None:
    """Two services on one folder would be two stores on one file."""
    lock = FolderLock(tmp_path / "data")
    lock.take()
    line = refusal(run(ISOLOIR, "serve", "--data", str(tmp_path / "data")))
    lock.release()
    assert line.startswith(f"{tmp_path / 'data'} is in use by another Isoloir (process ")


def test_an_unknown_command_shows_how_it_is_meant() -> None:
    """A typing error ends with click's own two lines and exit code 2."""
    done = run(ISOLOIR, "sevre")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_every_command_is_listed_with_what_it_does() -> None:
    """`isoloir --help` loads every command there is."""
    done = run(ISOLOIR, "--help")
    assert done.returncode == 0, done.stderr
    for name in ("consultation", "demo", "receiver", "recount", "replay", "serve", "teller"):
        assert f"\n  {name} " in done.stdout


def test_the_receiver_without_its_secret_does_not_start(tmp_path: Path) -> None:
    """It could verify nothing."""
    database = f"sqlite:///{tmp_path / 'receiver.sqlite'}"
    done = run(
        ISOLOIR,
        "receiver",
        ISOLOIR_RECEIVER_DATABASE=database,
        ISOLOIR_RECEIVER_PORT=str(free_ports(1)[0]),
    )
    assert done.returncode == 1
    assert "ISOLOIR_CENTRAL_SECRET is missing" in done.stderr
    assert "Traceback" not in done.stderr
