"""The store's file ends in the middle of a vote, or is damaged: what starts and what is refused."""

import re
import shutil
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from server.store.store import Store, open_store
from server.supervisor.embedded import EmbeddedStore, EmbeddedStoreError
from tests.conftest import consultation, proposals
from tests.faults.votes import agree
from tests.run.machine import ISOLOIR, free_ports, run, until
from tests.web.conftest import ballots_in

VOTES = 20


@pytest.fixture
def sizes(data: Path) -> list[int]:
    """Twenty votes in `data`, the server gone; how long the file was after each of them."""
    measured = []
    with EmbeddedStore(data) as server, closing(open_store(server.url)) as store:
        made = store.consultations.create(consultation(), proposals())
        for voter in range(VOTES):
            agree(store, made, f"voter{voter}")
            measured.append(file_of(data, "incr").stat().st_size)
    return measured


def file_of(data: Path, kind: str) -> Path:
    """Return the newest file of a kind: `base`, or `incr` with what came after it."""
    return max((data / "appendonlydir").glob(f"*.{kind}.*"))


def counted(store: Store) -> int:
    """Return how many ballots there are, which must be what the tallies say."""
    found = store.consultations.by_slug("reinventer-le-travail")
    assert store.recount.compare(found) == []
    return ballots_in(store, found)


def started(data: Path) -> int:
    """Start the store on `data` and return how many ballots it counts."""
    with EmbeddedStore(data) as server, closing(open_store(server.url)) as store:
        return counted(store)


def spoil(path: Path, at: int, damage: bytes = b"\0" * 40) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(damage)


def refusal(data: Path) -> str:
    """Return the one line with which `isoloir serve` refuses to start."""
    done = run(ISOLOIR, "serve", "--data", str(data), PORT=str(free_ports(1)[0]))
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    return line


def test_a_file_that_ends_within_a_vote_starts_without_that_vote(
    data: Path, sizes: list[int], tmp_path: Path
) -> None:
    """Wherever it ends: nobody had been told that this vote counts."""
    whole = tmp_path / "whole"
    shutil.copytree(data / "appendonlydir", whole)
    before, end = sizes[-2:]
    assert started(data) == VOTES
    for length in (before + 1, (before + end) // 2, end - 30, end - 1):
        shutil.rmtree(data / "appendonlydir")
        shutil.copytree(whole, data / "appendonlydir")
        with file_of(data, "incr").open("r+b") as file:
            file.truncate(length)
        assert started(data) == VOTES - 1, length


def test_a_damaged_file_is_refused_with_the_command_that_keeps_what_is_before(
    data: Path, sizes: list[int]
) -> None:
    """The line names the file, and what it says to do can be typed as it stands."""
    path = file_of(data, "incr")
    spoil(path, sizes[VOTES // 2])
    line = refusal(data)
    assert line.startswith(f"store did not start: {path} is damaged: restore a backup; or ")
    typed = line.partition("after the damage: ")[2]
    done = subprocess.run(["sh", "-c", typed], input="y\n", capture_output=True, text=True)
    assert done.returncode == 0, done
    assert started(data) == VOTES // 2 + 1


def test_a_file_in_which_a_word_is_damaged_is_refused_and_named(
    data: Path, sizes: list[int]
) -> None:
    """What can be read but makes no sense is nothing that a command could mend."""
    path = file_of(data, "incr")
    spoil(path, path.read_bytes().index(b"HINCRBY"), b"HINCRBX")
    assert refusal(data) == f"store did not start: {path} is damaged: restore a backup."


def test_a_damaged_base_file_is_refused_and_named(data: Path, sizes: list[int]) -> None:
    """Of what was rewritten, no part can be kept without the rest: a backup is needed."""
    with EmbeddedStore(data) as server, closing(open_store(server.url)) as store:
        store.redis.bgrewriteaof()
        until(lambda: ".2.base" in file_of(data, "base").name, "the base file is new")
        until(lambda: not store.redis.info("persistence")["aof_rewrite_in_progress"], "and whole")
    path = file_of(data, "base")
    spoil(path, path.stat().st_size // 2)
    assert re.search(
        r"The base file in .*appendonlydir is damaged: restore a backup", refusal(data)
    )


def test_a_missing_file_is_refused_and_named(data: Path, sizes: list[int]) -> None:
    """Half of a folder that somebody copied is not a ballot box."""
    path = file_of(data, "incr")
    path.unlink()
    with pytest.raises(EmbeddedStoreError) as refused:
        started(data)
    assert str(refused.value) == f"The store did not start: {path} is missing: restore a backup."
