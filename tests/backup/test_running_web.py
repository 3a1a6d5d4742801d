"""A web process that runs through a restore, and remembers the store that was lost."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask

from server.consultations.ballots import Vote
from server.consultations.consultation import Consultation
from server.consultations.errors import StoreUnavailable
from server.store import record
from server.store.backup_file import open_backup
from server.store.keys import Box
from server.store.restore import Restore
from server.store.store import Store
from server.web import directory
from server.web.service import NAME
from tests.backup.steps import backed_up, cast, fill, restored, silent
from tests.conftest import ORIGIN

HOUR = 3600.0  # seconds
READERS = 20


@dataclass
class Readers:
    """Browsers that have voted, each with its credential."""

    app: Flask
    slug: str
    credentials: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        return f"/api/v1/consultations/{self.slug}"

    def arrive(self) -> None:
        wish = {"source": "direct", "consultation": self.slug}
        self.credentials = tuple(
            self._send("POST", "/api/v1/credential", wish).json["credential"]
            for _ in range(READERS)
        )

    def vote(self, vote: Vote) -> set[int]:
        """Let each vote on the first proposal; return how they were answered."""
        path = f"{self.address}/proposals/1/ballot"
        wishes = ({"vote": vote, "credential": one} for one in self.credentials)
        return {self._send("PUT", path, wish).status_code for wish in wishes}

    def ballots(self, store: Store, opened: Consultation) -> list[int]:
        """Return how many each has on the first proposal."""
        key = store.consultations.voter_key(opened)
        read = self.app.extensions[NAME].credentials.read
        voters = (read(one).voter(key) for one in self.credentials)
        members = (store.redis.smembers(Box(opened.id, 0).voter(voter)) for voter in voters)
        return [list(record.proposals(one)).count(1) for one in members]

    def _send(self, method: str, path: str, fields: dict[str, object]):  # type: ignore[no-untyped-def]
        headers = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
        client = self.app.test_client(use_cookies=False)
        return client.open(path, method=method, json=fields, headers=headers)


@pytest.fixture
def readers(app: Flask, opened: Consultation) -> Readers:
    made = Readers(app, opened.slug)
    made.arrive()
    assert made.vote(Vote.AGREE) == {200}
    return made


@pytest.mark.parametrize(("memory", "answer"), [(0.0, 404), (HOUR, 409)])
def test_who_votes_while_a_store_is_restored_is_refused_and_nobody_votes_twice(
    store: Store,
    opened: Consultation,
    readers: Readers,
    tmp_path: Path,
    memory: float,
    answer: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whether the process looks at the store for each vote, or has not looked since the loss."""
    monkeypatch.setattr(directory, "FRESH", memory)
    fill(store, opened, voters=1500, each=1)
    backed_up(store, tmp_path / "a.zip")
    before = store.tallies.histograms(opened, [1])
    store.redis.flushall()
    answers: list[set[int]] = []
    with open_backup(tmp_path / "a.zip") as backup:
        restore = Restore(store, backup)
        restore.begin()
        restore.copy(lambda _: answers.append(readers.vote(Vote.DISAGREE)))
        answers.append(readers.vote(Vote.DISAGREE))
        restore.finish()
    assert len(answers) > 3
    assert all(given == {answer} for given in answers)
    assert store.tallies.histograms(opened, [1]) == before
    assert readers.vote(Vote.DISAGREE) == {200}
    assert readers.ballots(store, opened) == [1] * READERS
    assert store.recount.compare(opened) == []


def test_who_wants_to_be_forgotten_while_a_store_is_restored_is_told_to_come_back(
    store: Store, opened: Consultation, tmp_path: Path
) -> None:
    """The ballots would stay, as nobody's, though the boxes take votes again in a moment."""
    cast(store, opened, "nora")
    backed_up(store, tmp_path / "a.zip")
    store.redis.flushall()
    with open_backup(tmp_path / "a.zip") as backup:
        restore = Restore(store, backup)
        restore.begin()
        restore.copy(silent)
        with pytest.raises(StoreUnavailable):
            store.voters.forget(opened, 0, "nora")
        restore.finish()
    assert store.ballots.voted(opened, 0, "nora") == {1}
    assert store.recount.compare(opened) == []


def test_a_change_after_a_restore_is_not_taken_for_one_that_was_lost(
    store: Store, opened: Consultation, readers: Readers, tmp_path: Path
) -> None:
    """Though it is the same number of changes since the beginning."""
    found = readers.app.extensions[NAME].directory
    backed_up(store, tmp_path / "a.zip")
    store.consultations.replace(replace(opened, question="Lost?"))
    found.forget()
    assert found.find(opened.slug).consultation.question == "Lost?"
    store.redis.flushall()
    restored(store, tmp_path / "a.zip")
    store.consultations.replace(replace(opened, question="Restored?"))
    with pytest.MonkeyPatch.context() as later:
        later.setattr(directory, "FRESH", 0.0)
        assert found.find(opened.slug).consultation.question == "Restored?"


def test_a_restore_that_gives_up_leaves_no_box_shut(
    store: Store, opened: Consultation, tmp_path: Path
) -> None:
    backed_up(store, tmp_path / "a.zip")
    store.redis.flushall()
    with open_backup(tmp_path / "a.zip") as backup:
        restore = Restore(store, backup)
        restore.begin()
        assert restore.give_up()
    assert store.redis.keys("*") == []


def test_a_box_that_was_sealed_is_sealed_again(
    store: Store, opened: Consultation, tmp_path: Path
) -> None:
    store.ballots.seal(opened)
    seal = store.redis.get(Box(opened.id, 0).seal)
    backed_up(store, tmp_path / "a.zip")
    store.redis.flushall()
    restored(store, tmp_path / "a.zip")
    assert store.redis.get(Box(opened.id, 0).seal) == seal
