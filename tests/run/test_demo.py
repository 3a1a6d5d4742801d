"""`isoloir demo`: everything answers, the dead come back, the data stays."""

import os
import re
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from server.demo.app import snippet
from server.demo.consultation import FILE
from server.demo.media import MEDIA, SLUG, Media
from server.supervisor.folder import FolderLock
from tests.run.machine import ISOLOIR, PARTS, Machine, environ, machine, run, until


def vote(demo: Machine) -> str:
    """Vote on the first proposal as a new reader; return the reader's credential."""
    headers = {"Origin": f"http://localhost:{demo.port}"}
    wanted = {"source": "bfm", "consultation": SLUG}
    minted = demo.send("POST", "/api/v1/credential", headers=headers, body=wanted)
    credential = minted.json()["credential"]
    path = f"/api/v1/consultations/{SLUG}/proposals/1/ballot"
    ballot = {"vote": "agree", "qualifications": [], "credential": credential}
    answer = demo.send("PUT", path, headers=headers, body=ballot)
    assert answer.status == 200, answer.data
    return credential


def progress(demo: Machine, credential: str) -> int:
    """Return on how many proposals that reader has voted."""
    path = f"/api/v1/consultations/{SLUG}/deck?source=bfm"
    answer = demo.get(path, headers={"Authorization": f"Bearer {credential}"})
    return answer.json()["progress"]["voted"]


def test_every_address_it_prints_answers(demo: Machine) -> None:
    """What stands on the terminal can be opened in a browser."""
    addresses = re.findall(r"http://([a-z.-]+):(\d+)(\S*)", demo.said())
    assert len(addresses) == 5
    for host, port, path in addresses:
        assert demo.get(path or "/", int(port), host).status == 200, (host, port, path)


@pytest.mark.parametrize("media", MEDIA, ids=lambda media: media.name)
def test_each_article_embeds_the_booth_in_its_own_way(demo: Machine, media: Media) -> None:
    """The article holds the very text that an editor pastes, and says that it is a demonstration."""
    page = demo.get("/", demo.demo_port, f"{media.name}.localhost").data.decode()
    assert snippet(media, f"http://localhost:{demo.port}") in page
    assert "Site de démonstration" in page


def test_the_demo_site_lists_its_articles_under_any_other_name(demo: Machine) -> None:
    """Somebody who opens the bare port finds the way."""
    page = demo.get("/", demo.demo_port, "localhost").data.decode()
    for media in MEDIA:
        assert f"http://{media.name}.localhost:{demo.demo_port}" in page


def test_a_frame_may_be_shown_by_the_article_of_this_run(demo: Machine) -> None:
    """The ports of a run reach the consultation's sources: its votes count."""
    policy = demo.get(f"/e/{SLUG}?source=rmc").headers["Content-Security-Policy"]
    assert f"http://rmc.localhost:{demo.demo_port}" in policy


def test_secrets_and_addresses_are_for_the_owner_alone(demo: Machine) -> None:
    """Another user of the machine can read neither the keys nor the ballots."""
    assert stat.S_IMODE((demo.data / "environment").stat().st_mode) == 0o600
    assert stat.S_IMODE(demo.data.stat().st_mode) == 0o700


def test_no_address_of_a_reader_is_logged(demo: Machine) -> None:
    """A request that gunicorn cannot parse is told, but not where it came from."""
    log = demo.data / "log" / "web.log"
    with socket.create_connection(("127.0.0.1", demo.port)) as connection:
        source = connection.getsockname()[0]
        connection.sendall(b"GET / HTTP/1.1\r\nbad header\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 400")
    until(lambda: "Invalid request" in log.read_text(), "the log tells of the request")
    told = [line for line in log.read_text().splitlines() if "Invalid request" in line]
    assert all(source not in line for line in told)


@pytest.mark.parametrize("name", PARTS)
def test_a_part_that_is_killed_comes_back(demo: Machine, name: str) -> None:
    """After kill -9 of any process it is there again, votes are taken, and none was lost."""
    credential = vote(demo)
    before = demo.kill(name)

    def back() -> bool:
        found = demo.children().get(name)
        return found is not None and found.pid != before

    until(back, f"{name} runs again")
    until(demo.ready, "the service takes votes again")
    until(lambda: progress(demo, credential) == 1, "the vote is still there")
    vote(demo)
    assert f"{name} ended (signal SIGKILL), starting it again." in demo.said()


def test_ctrl_c_stops_everything(tmp_path: Path) -> None:
    """One Ctrl-C: exit 0, no process left, the folder free."""
    with machine("demo", tmp_path / "data") as demo:
        assert set(demo.children()) == set(PARTS)
        assert demo.signal(signal.SIGINT) == 0
        assert demo.left() == []
        lock = FolderLock(demo.data)
        lock.take()
        lock.release()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=lambda n: n.name)
def test_a_service_manager_or_a_closed_terminal_stops_everything(
    tmp_path: Path, number: signal.Signals
) -> None:
    """SIGTERM and SIGHUP mean the same as Ctrl-C."""
    with machine("serve", tmp_path / "data") as service:
        assert set(service.children()) == {"web", "teller", "store"}
        assert service.signal(number) == 0
        assert service.left() == []


if sys.platform == "linux":  # no other kernel ends children with their parent

    def test_children_end_with_a_supervisor_that_is_killed(tmp_path: Path) -> None:
        """kill -9 of the supervisor leaves no process and a folder that can be used again."""
        with machine("serve", tmp_path / "data") as service:
            credential = import_and_vote(service)
            assert service.signal(signal.SIGKILL) == -signal.SIGKILL
            until(lambda: service.left() == [], "every process is gone")
        with machine("demo", tmp_path / "data") as again:
            assert progress(again, credential) == 1


def import_and_vote(service: Machine) -> str:
    """Import the demo's consultation by the command of an operator, and vote."""
    done = run(ISOLOIR, "--data", str(service.data), "consultation", "import", str(FILE))
    assert done.returncode == 0, done.stderr
    return vote(service)


def test_the_next_run_continues_with_the_data(tmp_path: Path) -> None:
    """Votes, secrets and the consultation stay, also when the ports are others."""
    data = tmp_path / "data"
    with machine("demo", data) as first:
        credential = vote(first)
        secrets = kept_secrets(data)
    with machine("demo", data) as second:
        assert progress(second, credential) == 1
        assert kept_secrets(data) == secrets
        policy = second.get(f"/e/{SLUG}?source=bfm").headers["Content-Security-Policy"]
        assert f"http://bfm.localhost:{second.demo_port}" in policy
        listed = second.get("/api/v1/consultations").json()
        assert str(listed).count(f"'{SLUG}'") == 1


def kept_secrets(data: Path) -> set[str]:
    lines = (data / "environment").read_text().splitlines()
    return {line for line in lines if line.startswith(("ISOLOIR_SECRET", "ISOLOIR_CENTRAL_SECRET"))}


def heed_ctrl_c() -> None:
    """Undo what a shell does to a job in the background: Ctrl-C would pass it by."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_a_command_ended_by_ctrl_c_says_nothing(demo: Machine, tmp_path: Path) -> None:
    """Exit code 130, as of any program, and no traceback."""
    pipe = tmp_path / "slow.yaml"
    os.mkfifo(pipe)
    command = [ISOLOIR, "--data", str(demo.data), "consultation", "import", str(pipe)]
    with subprocess.Popen(
        command, env=environ(), stderr=subprocess.PIPE, preexec_fn=heed_ctrl_c
    ) as importing:
        with pipe.open("wb"):  # returns only once the command has begun to read
            importing.send_signal(signal.SIGINT)
        # The pipe is closed by now: a signal that came just before the read is obeyed after it.
        _, said = importing.communicate(timeout=30)
        assert (importing.returncode, said.strip()) == (130, b"")
