"""Opinion groups: found in a process of its own, and never told of fewer than twenty people."""

import logging
import random
import sys
import threading
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.consultations import polis
from server.consultations.ballots import Vote
from server.consultations.consultation import Consultation, ProposalState
from server.consultations.opinion_groups import OpinionGroups
from server.consultations.results import EARLY
from server.grouping import parting
from server.grouping.finding import Found, _matrix, find
from server.grouping.sampling import sample
from server.settings import Settings
from server.store import keys
from server.store.store import Store
from server.teller.grouping import EVERY, Grouping
from tests.conftest import consultation, proposals
from tests.replay.conversations import cast_all, last_words
from tests.replay.stack import until

SHARED, FIRSTS, SECONDS = range(1, 5), range(5, 9), range(9, 13)
Row = dict[int, int]
SEATTLE = Path(__file__).parents[1] / "replay" / "data" / "seattle"
HIDDEN = {2: ProposalState.REFUSED, 3: ProposalState.PENDING}
SLEEP = "import time; time.sleep(600)"


def person(chance: random.Random, likes: range, dislikes: range) -> Row:
    """Somebody who nearly always votes like their kind."""
    said = dict.fromkeys(SHARED, 1) | dict.fromkeys(likes, 1) | dict.fromkeys(dislikes, -1)
    return {n: vote if chance.random() < 0.95 else 0 for n, vote in said.items()}


def people(first: int, second: int, third: int = 0) -> list[Row]:
    """Return so many of two kinds, and of a third that is against everything."""
    chance = random.Random(7)
    return [
        *(person(chance, FIRSTS, SECONDS) for _ in range(first)),
        *(person(chance, SECONDS, FIRSTS) for _ in range(second)),
        *(dict.fromkeys(range(1, 13), -1) for _ in range(third)),
    ]


def cast_rows(store: Store, opened: Consultation, rows: list[Row], start: int = 0) -> None:
    votes = {1: Vote.AGREE, 0: Vote.NEUTRAL, -1: Vote.DISAGREE}
    cast_all(
        store,
        opened,
        ((n, p, votes[vote]) for n, row in enumerate(rows, start) for p, vote in row.items()),
    )


def stands(found: Found | OpinionGroups) -> list[tuple[int, ...]]:
    every = [*found.united, *found.divided]
    return [one.shares for one in (*every, *(s for group in found.groups for s in group.stands))]


def test_groups_say_what_sets_them_apart_and_what_all_share() -> None:
    found = find(people(90, 60))
    assert [group.people for group in found.groups] == [90, 60]
    for group, likes, dislikes in zip(
        found.groups, (FIRSTS, SECONDS), (SECONDS, FIRSTS), strict=True
    ):
        assert {(one.proposal, one.vote) for one in group.stands[:8]} == {
            *((number, Vote.AGREE) for number in likes),
            *((number, Vote.DISAGREE) for number in dislikes),
        }
    assert {one.proposal for one in found.united} == {*SHARED}
    assert all(min(one.shares) > 80 for one in found.united)
    assert {one.proposal for one in found.divided} == {*FIRSTS, *SECONDS}
    assert (found.people, found.proposals, found.small) == (150, 12, False)


def seattle() -> list[Row]:
    """Everybody's last words in a published conversation: one of few, about one thing."""
    votes, comments = ((SEATTLE / name).read_bytes() for name in ("votes.csv", "comments.csv"))
    said = last_words(polis.parse(votes, "votes.csv", comments, "comments.csv"))
    return [dict(row) for row in said.elements()]


def test_the_same_ballots_give_the_same_groups_whoever_cast_them() -> None:
    """The store keeps voters by their pseudonyms, which are other ones in every consultation."""
    rows, shuffled = people(90, 60), random.Random(1)
    assert find(shuffled.sample(rows, len(rows))) == find(rows)
    rows = seattle()
    assert _matrix(shuffled.sample(rows, len(rows))).equals(_matrix(rows))


def test_where_k_means_begins_is_no_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """One start divided these 138 people 91 to 47, 76 to 62 or 83 to 55."""
    places, _ = parting._placed(_matrix(seattle()).to_numpy())
    divided = set()
    for seed in range(0, 100, 20):
        monkeypatch.setattr(parting, "SEED", seed)
        divided.add(tuple(sorted(Counter(parting._closest(places, 2).tolist()).values())))
    assert divided == {(47, 91)}


def test_groups_that_other_people_of_the_kind_would_not_make_are_not_shown() -> None:
    """Drawn anew from themselves these people are divided otherwise: nobody is in a group."""
    found = find(seattle())
    assert found == Found(138, 47, blurred=True)
    assert not find(people(90, 60)).blurred


def test_a_group_says_what_most_of_it_say_and_more_than_any_other() -> None:
    """Polis' own choice begins with what it agrees on, and may turn it: a seventh here disagree."""
    chance = random.Random(7)
    rows = people(90, 60)
    for row in rows[90:]:
        row |= {n: chance.choice((1, 0, 0, 0, -1)) for n in (*FIRSTS, *SECONDS)}
        row |= {n: 1 if chance.random() < 0.65 else 0 for n in SHARED}
        row[4] = 1 if chance.random() < 0.85 else -1
    found = find(rows)
    assert len(found.groups) == 2
    for place, group in enumerate(found.groups):
        for stand in group.stands:
            others = [share for n, share in enumerate(stand.shares) if n != place]
            assert stand.shares[place] > max(50, *others), stand
    assert found.groups[0].stands
    assert not found.groups[1].stands, "it says nothing that the others do not say as well"


def test_a_group_of_nineteen_is_not_shown_and_one_of_twenty_is() -> None:
    few, enough = find(people(80, 60, EARLY - 1)), find(people(80, 60, EARLY))
    assert [group.people for group in few.groups] == [80, 60]
    assert (few.small, few.people) == (True, 140), "nor can its size be worked out"
    assert {len(shares) for shares in stands(few)} == {2}
    assert sorted(group.people for group in enough.groups) == [EARLY, 60, 80]
    assert not enough.small


def test_a_few_against_everything_do_not_hide_how_the_others_differ() -> None:
    """Two groups of all and of nineteen would tell nothing: these are put aside."""
    chance = random.Random(7)
    rows = [
        {n: (-1 if n < 5 and kind else 1) if chance.random() < 0.75 else 0 for n in range(1, 25)}
        for kind, number in ((0, 80), (1, 60))
        for _ in range(number)
    ]
    against = [dict.fromkeys(range(1, 25), -1) | {1 + n: 0} for n in range(EARLY - 1)]
    found = find([*rows, *against])
    assert [group.people for group in found.groups] == [80, 60]
    assert found.small


def test_a_proposal_that_nineteen_of_a_group_voted_on_is_not_told_of() -> None:
    """Not even for the other groups: with what is known of all, theirs would tell the rest."""
    told = {}
    for voters in (EARLY - 1, EARLY):
        rows = people(80, 60)
        for row in rows[80 + voters :]:
            del row[4]  # one that all like
        found = find(rows)
        assert [group.people for group in found.groups] == [80, 60]
        every = [*found.united, *found.divided, *(s for g in found.groups for s in g.stands)]
        told[voters] = 4 in {one.proposal for one in every}
    assert told == {EARLY - 1: False, EARLY: True}


def test_too_few_people_or_all_of_one_mind_are_no_groups() -> None:
    assert find(people(60, 39)) == Found(99, 12)
    assert find([dict.fromkeys(range(1, 13), 1)] * 200) == Found(200, 12)
    assert find([{1: 1, 2: -1}] * 200).groups == ()
    assert find([]).groups == ()


def test_chance_makes_no_groups() -> None:
    """Everybody throws a die: k-means alone would find groups that differ by half of the votes."""
    chance = random.Random(3)
    dice = [
        {n: chance.choice((1, 0, -1)) for n in chance.sample(range(200), 15)} for _ in range(400)
    ]
    found = find(dice)
    assert (found.people, found.groups, found.united, found.divided) == (400, (), (), ())


def test_of_many_people_a_sample_is_taken_that_is_always_the_same(store: Store) -> None:
    opened = store.consultations.create(consultation(boxes=3), proposals())
    cast_rows(store, opened, people(50, 40))
    cast_rows(store, opened, [{1: 1, 2: 1}] * 30, start=200)  # who have not voted enough
    whole, drawn = sample(store, opened), sample(store, opened, most=40)
    assert (len(whole.rows), whole.drawn) == (90, False)
    assert (len(drawn.rows), drawn.drawn) == (40, True)
    assert sample(store, opened, most=40) == drawn
    assert sample(store, opened) == whole


def test_what_readers_do_not_see_divides_nobody(store: Store) -> None:
    """Refused, waiting, or taken down after it had votes: left out, and of no one's seven."""
    asked = [replace(one, state=HIDDEN.get(one.id, ProposalState.ACCEPTED)) for one in proposals()]
    opened = store.consultations.create(consultation(boxes=3), asked)
    cast_rows(store, opened, [dict.fromkeys(range(1, 10), 1), dict.fromkeys(range(1, 9), 1)])
    (row,) = sample(store, opened).rows
    assert row == dict.fromkeys({*range(1, 10)} - {*HIDDEN}, 1)


class Desk:
    """A teller's grouping with a clock of ours."""

    def __init__(self, store: Store, settings: Settings, *program: str, **given: float) -> None:
        self.now, self.ticks = datetime.now(UTC), 0.0
        said = {"program": program} if program else {}
        self.grouping = Grouping(
            store, settings.redis_url, lambda: self.now, lambda: self.ticks, **said, **given
        )


@pytest.fixture
def crowd(store: Store, opened: Consultation) -> Consultation:
    cast_rows(store, opened, people(70, 50))
    return opened


def test_groups_follow_the_votes_until_the_close_and_stay(
    store: Store, settings: Settings, crowd: Consultation, caplog: pytest.LogCaptureFixture
) -> None:
    """They are looked for seldom, once more after the close, and not without ballots."""
    caplog.set_level(logging.WARNING)
    desk = Desk(store, settings)
    desk.grouping.turn()
    found = store.published.groups(crowd)
    assert found
    assert [group.people for group in found.groups] == [70, 50]
    assert found.revision == sum(store.tallies.revisions(crowd))
    assert store.published.glance(crowd).groups == found
    cast_rows(store, crowd, people(30, 0), start=300)
    desk.ticks += EVERY - 1
    desk.grouping.turn()
    assert store.published.groups(crowd) == found, "not before it is time"
    closed = crowd.closed(datetime.now(UTC))
    store.consultations.replace(closed)
    desk.now = datetime.now(UTC) + timedelta(seconds=1)
    desk.grouping.turn()
    assert store.published.groups(crowd) == found, "not before the boxes are sealed"
    store.ballots.seal(closed)
    desk.grouping.turn()
    last = store.published.groups(crowd)
    assert last
    assert [group.people for group in last.groups] == [100, 50]
    store.minutes.append(closed, 1, b"{}")
    store.purge.run(closed, datetime.now(UTC), early=True)
    store.redis.incr(keys.Box(crowd.id, 0).revision)
    desk.ticks += EVERY
    desk.grouping.turn()
    assert store.published.groups(crowd) == last, "what was added up stays"
    assert caplog.text == ""


def test_a_process_that_fails_harms_nothing(
    store: Store, settings: Settings, crowd: Consultation, caplog: pytest.LogCaptureFixture
) -> None:
    """It crashes, hangs, or takes more memory than it may: a line in the log each."""
    hog = "from server.grouping.__main__ import limit; limit(); b = bytearray(3 << 30)"
    for program, patience, said in (
        ("raise SystemExit('boom')", 60, "boom"),
        (SLEEP, 0, "(-9)"),
        (hog, 60, "MemoryError"),
    ):
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            desk = Desk(store, settings, sys.executable, "-c", program, patience=patience)
            desk.grouping.turn()
        assert said in caplog.text
    assert store.published.groups(crowd) is None


def test_a_teller_that_stops_waits_for_no_groups(
    store: Store,
    settings: Settings,
    crowd: Consultation,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    """Nor does it call that a failure."""
    begun, stop = tmp_path / "begun", threading.Event()
    program = f"open({str(begun)!r}, 'w').close(); {SLEEP}"
    desk = Desk(store, settings, sys.executable, "-c", program)
    working = threading.Thread(target=desk.grouping.run, args=(stop,))
    with caplog.at_level(logging.WARNING):
        working.start()
        until(begun.exists)
        stop.set()
        working.join(timeout=60)
    assert not working.is_alive()
    assert caplog.text == ""
    assert store.published.groups(crowd) is None


def test_without_the_library_it_is_said_once_and_nothing_is_done(
    store: Store,
    settings: Settings,
    crowd: Consultation,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("server.teller.grouping.installed", lambda: False)
    with caplog.at_level(logging.INFO):
        Desk(store, settings).grouping.run(threading.Event())
    (line,) = caplog.messages
    assert "isoloir[groups] is not installed" in line
    assert store.published.groups(crowd) is None


def test_nobody_but_the_process_itself_loads_the_library() -> None:
    """The teller and web stay as small as they are."""
    users = [
        path.name
        for path in (Path(__file__).parents[2] / "server").rglob("*.py")
        if "grouping.finding" in path.read_text() or "import pandas" in path.read_text()
    ]
    assert sorted(users) == ["__main__.py", "finding.py"]
