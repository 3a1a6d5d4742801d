"""`isoloir consultation votes`: a history comes back as it was cast, and researchers' tools read it."""

import csv
import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.consultations.ballots import Ballot, Trust, Vote
from server.consultations.consultation import (
    Consultation,
    Proposal,
    ProposalState,
    ResultsRule,
)
from server.store.ballots import Wish
from server.store.store import Store, open_store
from server.supervisor.embedded import EmbeddedStore
from server.teller.grouping import Grouping
from server.web.opinion_groups import view
from tests.conftest import NO_BRAKE, ORIGIN, SECRET, consultation
from tests.replay.conversations import Row, last_words, replayed, vtaiwan
from tests.replay.shell import Shell
from tests.store.casting import cast

TOOL = Path(__file__).with_name("researcher.py")


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Path]]:
    """The whole of vTaiwan's history in a store of its own, and the folder of its service."""
    folder = tmp_path_factory.mktemp("service")
    with (
        EmbeddedStore(tmp_path_factory.mktemp("history")) as server,
        closing(open_store(server.url, brake=NO_BRAKE)) as store,
    ):
        replayed(store, vtaiwan(), results=ResultsRule.ALWAYS)
        environ = {"REDIS_URL": server.url, "ISOLOIR_URL": ORIGIN, "ISOLOIR_SECRET_KEYS": SECRET}
        lines = "".join(f"{name}={value}\n" for name, value in environ.items())
        (folder / "environment").write_text(lines)
        yield store, folder


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file)]


def rows_of(votes: list[dict[str, str]]) -> Counter[Row]:
    by_voter = defaultdict(set)
    for row in votes:
        by_voter[row["voter-id"]].add((int(row["comment-id"]), int(row["vote"])))
    return Counter(map(frozenset, by_voter.values()))


def rows_of_matrix(matrix: list[dict[str, str]]) -> Counter[Row]:
    return Counter(
        frozenset((int(name), int(cell)) for name, cell in row.items() if name.isdigit() and cell)
        for row in matrix
    )


def test_a_replayed_history_comes_back_and_a_researchers_tool_finds_its_groups(
    history: tuple[Store, Path], tmp_path: Path
) -> None:
    """Up to the voters' numbers the files are the final matrix: each voter's last word on each."""
    store, service = history
    done = Shell(service).run("consultation", "votes", "vtaiwan", tmp_path / "polis")
    assert done.returncode == 0, done.stderr
    votes = read(tmp_path / "polis" / "votes.csv")
    matrix = read(tmp_path / "polis" / "participants-votes.csv")
    said = last_words(vtaiwan())
    assert rows_of(votes) == said
    assert rows_of_matrix(matrix) == said
    assert {row["voter-id"] for row in votes} == set(map(str, range(1921)))
    assert len({(row["timestamp"], row["datetime"]) for row in votes}) == 1, "no vote has a time"
    for row in matrix:
        cells = [cell for name, cell in row.items() if name.isdigit() and cell]
        counted = [len(cells), cells.count("1"), cells.count("-1")]
        assert counted == [int(row[name]) for name in ("n-votes", "n-agree", "n-disagree")]
    totals = Counter((row["comment-id"], row["vote"]) for row in votes)
    texts = {str(one.comment + 1): one.text for one in vtaiwan().statements}
    for row in read(tmp_path / "polis" / "comments.csv"):
        number = row["comment-id"]
        assert row["comment-body"] == texts[number]
        assert (int(row["agrees"]), int(row["disagrees"])) == (
            totals[number, "1"],
            totals[number, "-1"],
        )
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "polis").iterdir()} == {0o600}
    (act,) = store.acts.latest(most=1)
    assert (act.act.what, act.act.on) == ("votes-exported", "vtaiwan")
    _a_tool_finds_groups(tmp_path / "polis")


def _a_tool_finds_groups(folder: Path) -> None:
    """red-dwarf, in a process of its own as a researcher would run it."""
    done = subprocess.run(
        [sys.executable, TOOL, folder], capture_output=True, text=True, cwd=folder.parent
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["votes"], found["comments"], found["twice"]) == (49443, 197, 0)
    assert len(found["groups"]) >= 2
    assert sum(found["groups"]) == 1218, "voters with seven votes"


def test_the_teller_finds_the_same_groups_and_a_page_shows_them(
    history: tuple[Store, Path],
) -> None:
    """Two camps, two to one, as Polis reported them; and what both of them want."""
    store, service = history
    address = (service / "environment").read_text().split()[0].removeprefix("REDIS_URL=")
    Grouping(store, address, lambda: datetime.now(UTC)).turn()
    asked = store.consultations.by_slug("vtaiwan")
    accepted = {one.id: one for one in store.consultations.proposals(asked)}
    shown = view(store.published.groups(asked), asked, accepted, datetime.now(UTC))
    assert shown
    assert shown.people == sum(group.people for group in shown.groups) == 1218
    first, second = (group.people for group in shown.groups)
    assert (first, second) == (811, 407), "whatever k-means begins with"
    assert all(group.lines for group in shown.groups)
    assert len(shown.united) == len(shown.divided) == 5


def test_numbers_are_drawn_anew_for_every_export(
    history: tuple[Store, Path], tmp_path: Path
) -> None:
    _, service = history
    drawn = []
    for name in ("one", "two"):
        done = Shell(service).run("consultation", "votes", "vtaiwan", tmp_path / name)
        assert done.returncode == 0, done.stderr
        by_voter = defaultdict(set)
        for row in read(tmp_path / name / "votes.csv"):
            by_voter[int(row["voter-id"])].add((row["comment-id"], row["vote"]))
        drawn.append([by_voter[number] for number in sorted(by_voter)])
    same = sum(first == second for first, second in zip(*drawn, strict=True))
    assert same < 200, "of 1 921 rows; a few voters said the same"
    again = Shell(service).run("consultation", "votes", "vtaiwan", tmp_path / "two")
    assert (again.returncode, "is not empty" in again.stderr) == (1, True)


def test_what_does_not_count_is_left_out(shell: Shell, store: Store, tmp_path: Path) -> None:
    """Unverified and quarantined ballots, and voters who have no other."""
    opened = store.consultations.create(
        consultation("petite"),
        [
            Proposal(1, "=HYPERLINK(0) et la suite", "fr"),
            Proposal(2, "Il faut, dit-on, « lire »", "fr", state=ProposalState.REFUSED),
        ],
    )
    cast(store, opened, "a", 1)
    cast(store, opened, "b", 2, Vote.DISAGREE)
    for voter in ("b", "c"):
        doubtful = Wish(1, Ballot(Vote.AGREE), Trust.UNVERIFIED, 2, braked=False)
        store.ballots.cast(opened, 0, voter, doubtful)
    done = shell.run("consultation", "votes", "petite", tmp_path / "x")
    assert done.stdout.startswith(f"{tmp_path}/x: 2 voters, 2 votes, 2 proposals.")
    assert rows_of(read(tmp_path / "x" / "votes.csv")) == Counter(
        [frozenset({(1, 1)}), frozenset({(2, -1)})]
    )
    comments = read(tmp_path / "x" / "comments.csv")
    assert [(row["comment-body"], row["moderated"]) for row in comments] == [
        ("'=HYPERLINK(0) et la suite", "1"),
        ("Il faut, dit-on, « lire »", "-1"),
    ]
    assert {row["author-id"] for row in comments}.isdisjoint({"0", "1"})
    with (tmp_path / "x" / "summary.csv").open(encoding="utf-8", newline="") as file:
        facts = dict(csv.reader(file))
    assert facts["topic"] == opened.question
    assert facts["url"] == f"{ORIGIN}/c/petite"
    assert [facts[name] for name in ("voters", "comments")] == ["2", "2"]
    assert (facts["commenters"], facts["groups"]) == ("", ""), "not counted, which is not none"


def test_votes_of_avid_readers_are_whole(shell: Shell, store: Store, tmp_path: Path) -> None:
    """Beyond 480 ballots a record has two parts."""
    opened = store.consultations.create(
        consultation("longue", boxes=3),
        [Proposal(i, f"Il faut {i} fois", "fr") for i in range(1, 501)],
    )
    for number in range(1, 501):
        cast(store, opened, "avid", number, box=1)
    assert shell.run("consultation", "votes", "longue", tmp_path / "x").returncode == 0
    (row,) = rows_of(read(tmp_path / "x" / "votes.csv"))
    assert row == {(number, 1) for number in range(1, 501)}


def test_once_the_ballots_are_destroyed_nothing_is_written(
    shell: Shell, store: Store, tmp_path: Path
) -> None:
    _close_and_destroy(store)
    done = shell.run("consultation", "votes", "finie", tmp_path / "x")
    assert done.returncode == 1
    assert "The ballots of finie were destroyed on" in done.stderr
    assert not (tmp_path / "x").exists()
    assert "votes-exported" not in {one.act.what for one in store.acts.latest()}


def _close_and_destroy(store: Store) -> Consultation:
    past = datetime.now(UTC) - timedelta(days=200)
    made = store.consultations.create(
        consultation("finie", opens=past - timedelta(days=9), closes=past),
        [Proposal(1, "Il faut dormir tôt", "fr")],
    )
    store.ballots.seal(made)
    store.minutes.append(made, 1, b"{}")
    store.purge.run(made, datetime.now(UTC), early=True)
    return made
