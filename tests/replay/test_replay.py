"""`isoloir replay`: a published history goes through the real API, and every number is compared."""

import csv
import os
from collections import Counter
from pathlib import Path

import pytest

from server.consultations.ballots import Vote
from server.replay.patience import Away, GivenUp, patiently
from server.replay.service import Refused, Service
from server.settings import Settings
from server.staff import tokens
from server.store import keys
from server.store.store import Store
from tests.replay.shell import Shell
from tests.replay.stack import Stack, until

SEATTLE = Path(__file__).parent / "data" / "seattle"
DEMO = "reinventer-le-travail"
EQUAL = "All 162 numbers are equal in all 4 places."


def shortened(folder: Path, rows: int) -> Path:
    """Write the first rows of the history into `folder` and return its votes.csv."""
    lines = (SEATTLE / "votes.csv").read_text("utf-8").splitlines(keepends=True)
    (folder / "votes.csv").write_text("".join(lines[: rows + 1]), "utf-8")
    (folder / "comments.csv").write_bytes((SEATTLE / "comments.csv").read_bytes())
    return folder / "votes.csv"


def last_words() -> Counter[tuple[int, str]]:
    """Count what the file says, in as few lines as possible: (comment, vote) -> voters."""
    with (SEATTLE / "votes.csv").open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: int(row["timestamp"]))
    said = {(row["voter-id"], row["comment-id"]): row["vote"] for row in rows}
    return Counter((int(comment), vote) for (_, comment), vote in said.items())


def test_the_whole_history_is_counted_equally_at_every_place(stack: Stack) -> None:
    """339 voters, 2 995 rows, 54 statements: readers, tallies, ballots and receiver agree."""
    done = stack.shell.run("replay", SEATTLE / "votes.csv", "--slug", "seattle", "--threads", 4)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == EQUAL
    assert "2995 votes acknowledged" in done.stdout
    assert "votes/s" in done.stdout
    with stack.store() as store:
        found = store.consultations.by_slug("seattle")
        assert (found.rehearsal, found.question) == (True, "$15/hour")
        assert store.tallies.voters(found) == 339
    service = Service(stack.settings, "seattle", token="")
    shown = {one["proposal"]: one["votes"] for one in service.results()["proposals"]}
    service.close()
    names = {"1": "agree", "-1": "disagree", "0": "neutral"}
    said = last_words()
    assert len(shown) == 54
    for proposal, votes in shown.items():
        for vote, name in names.items():
            assert votes[name]["count"] == said[proposal - 1, vote]


def test_a_tally_that_was_tampered_with_is_found(stack: Stack, tmp_path: Path) -> None:
    """One ballot too many on one statement: it is named, and the exit code is 1."""
    votes = shortened(tmp_path, 40)
    assert stack.shell.run("replay", votes, "--slug", "tampered").returncode == 0
    with stack.store() as store:
        found = store.consultations.by_slug("tampered")
        (box,) = keys.boxes(found.id, 1)
        field = store.redis.hkeys(box.tally(1))[0]
        store.redis.hincrby(box.tally(1), field, 1)
    done = stack.shell.run("replay", votes, "--slug", "tampered", "--compare")
    assert done.returncode == 1
    named = [line for line in done.stdout.splitlines() if line.startswith("proposal ")]
    assert len(named) == 1
    assert named[0].startswith("proposal 1, ")
    assert "tallies" in named[0]
    assert done.stderr == "Numbers that differ from the file: 1.\n"
    assert stack.shell.run("recount", "tampered").returncode == 3


def test_another_history_than_the_one_replayed_is_found_everywhere(
    stack: Stack, tmp_path: Path
) -> None:
    """A file that says one row more than what was cast differs at all four places."""
    assert stack.shell.run("replay", shortened(tmp_path, 20), "--slug", "shorter").returncode == 0
    longer = shortened(tmp_path, 21)
    done = stack.shell.run("replay", longer, "--slug", "shorter", "--compare")
    assert done.returncode == 1
    for place in ("published", "tallies", "ballots", "receiver"):
        assert f", {place} " in done.stdout


def test_a_consultation_that_counts_real_votes_is_never_written_to(stack: Stack) -> None:
    """Neither to cast nor to compare: the refusal comes before the first vote."""
    for more in ([], ["--compare"]):
        done = stack.shell.run("replay", SEATTLE / "votes.csv", "--slug", DEMO, *more)
        assert done.returncode == 1
        assert done.stderr == f"“{DEMO}” counts real votes: a replay never writes there.\n"
    with stack.store() as store:
        assert store.tallies.voters(store.consultations.by_slug(DEMO)) == 0


def test_a_replay_token_opens_no_consultation_that_counts_real_votes(stack: Stack) -> None:
    """Not even one that was issued for it: the service itself refuses."""
    token = tokens.issue(stack.settings, tokens.REPLAY, DEMO)
    service = Service(stack.settings, DEMO, token)
    with pytest.raises(Refused, match=r"403 \(not-a-rehearsal"):
        service.cast(service.voter(), 1, Vote.AGREE)
    service.close()
    with stack.store() as store:
        assert store.tallies.voters(store.consultations.by_slug(DEMO)) == 0


def test_a_replay_token_opens_no_other_rehearsal(stack: Stack, tmp_path: Path) -> None:
    """A token names its rehearsal."""
    assert stack.shell.run("replay", shortened(tmp_path, 5), "--slug", "first").returncode == 0
    other = tokens.issue(stack.settings, tokens.REPLAY, "second")
    service = Service(stack.settings, "first", other)
    with pytest.raises(Refused, match=r"401 \(token-invalid"):
        service.cast(service.voter(), 1, Vote.AGREE)
    service.close()


def test_a_rehearsal_is_replayed_into_once(stack: Stack, tmp_path: Path) -> None:
    """A second history on top would make every number wrong."""
    votes = shortened(tmp_path, 5)
    assert stack.shell.run("replay", votes, "--slug", "once").returncode == 0
    done = stack.shell.run("replay", votes, "--slug", "once")
    message = "There is a rehearsal “once” already: choose another --slug.\n"
    assert (done.returncode, done.stderr) == (1, message)


def test_without_a_slug_every_replay_gets_a_rehearsal_of_its_own(
    stack: Stack, tmp_path: Path
) -> None:
    """It is named after the folder and the time, its question after the name if there is no topic."""
    folder = tmp_path / "Été à Québec"
    folder.mkdir()
    done = stack.shell.run("replay", shortened(folder, 5), "--language", "fr-CA")
    assert done.returncode == 0, done.stderr
    slug = done.stdout.split(":")[0]
    assert slug.startswith("ete-a-quebec-20")
    with stack.store() as store:
        found = store.consultations.by_slug(slug)
    assert (found.question, found.language) == (slug, "fr-CA")


def test_whatever_is_killed_meanwhile_no_acknowledged_vote_is_lost(
    stack: Stack, tmp_path: Path
) -> None:
    """kill -9 of web, teller, receiver and store, one after another, while the votes arrive."""
    replay = stack.shell.start("replay", shortened(tmp_path, 1600), "--slug", "killed")
    seen = 0
    for part in ("web", "teller", "receiver", "store"):
        with stack.store() as store:
            seen = _grown(store, "killed", seen + 200)
        assert replay.poll() is None, "The replay was over before everything had been killed."
        stack.kill(part)
    said, _ = replay.communicate()
    assert replay.returncode == 0, said
    assert said.splitlines()[-1] == EQUAL


def _grown(store: Store, slug: str, least: int) -> int:
    """Wait until the boxes have taken at least so many votes; return how many."""

    def cast() -> int:
        known = {one.slug: one for one in store.consultations.all()}
        return sum(store.tallies.revisions(known[slug])) if slug in known else 0

    until(lambda: cast() >= least)
    return cast()


def test_without_a_receiver_a_replay_does_not_begin(shell: Shell, store: Store) -> None:
    """A comparison that cannot be made is an error, not one place less."""
    done = shell.run("replay", SEATTLE / "votes.csv")
    assert done.returncode == 1
    assert "ISOLOIR_CENTRAL_URL is missing" in done.stderr
    assert store.consultations.all() == ()


def test_a_file_with_errors_leaves_nothing_behind(stack: Stack, tmp_path: Path) -> None:
    """Every fault with its line, exit code 1, no rehearsal."""
    votes = shortened(tmp_path, 2)
    votes.write_text(votes.read_text("utf-8") + "1,Thu,99,7,1\n1,Thu,0,7,4\n", "utf-8")
    done = stack.shell.run("replay", votes, "--slug", "faulty")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"{votes}:4: comment-id: 99 is not among the comments.",
        f"{votes}:5: vote: must be 1, -1 or 0, not “4”.",
    ]
    with stack.store() as store:
        assert "faulty" not in {one.slug for one in store.consultations.all()}


def test_a_service_that_never_answers_ends_the_patience() -> None:
    """Bounded: the error says what was waited for."""
    settings = Settings("unix:///nowhere", "http://localhost:1", ("k" * 32,))
    service = Service(settings, "x", token="")
    with pytest.raises(GivenUp, match=r"No progress for 0 seconds: The service does not answer"):
        patiently(service.results, seconds=0.3)
    service.close()


def test_a_pause_that_the_service_asks_for_is_kept_within_reason() -> None:
    """Asked to come back, the replay does, with the same wish."""
    answers = iter([Away("429", pause=0.01), Away("503", pause=0.02)])

    def ask() -> int:
        for away in answers:
            raise away
        return os.getpid()

    assert patiently(ask) == os.getpid()
