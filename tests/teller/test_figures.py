"""What the teller counts for staff, against what was cast."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from server.consultations.ballots import Ballot, Trust, Vote
from server.consultations.consultation import Consultation
from server.consultations.moderation import postpone
from server.consultations.participation import HOUR, Curve, Point
from server.consultations.proposing import Draft, RefusalReason
from server.staff.figures import Figures, Queue, Votes
from server.store import keys
from server.store.ballots import Wish
from server.store.connection import primaries
from server.store.store import Store
from server.teller.figures import Bookkeeping
from tests.conftest import all_keys, consultation, proposals


def cast(
    store: Store, at: Consultation, voter: str, source: int, trust: Trust, *wanted: int
) -> None:
    for proposal in wanted:
        store.ballots.cast(at, 0, voter, Wish(proposal, Ballot(Vote.AGREE), trust, source))


def read(store: Store, at: Consultation) -> Figures:
    found = store.figures.read([at])[0]
    assert found
    return found


def test_every_source_has_its_ballots_and_its_gap(store: Store, opened: Consultation) -> None:
    books = Bookkeeping(store)
    books.turn()
    assert read(store, opened).votes == Votes(0, 0)
    cast(store, opened, "nora", 2, Trust.SEQUENCE, 1, 2, 3)
    cast(store, opened, "ali", 4, Trust.TRUSTED, 1)
    cast(store, opened, "bot", 4, Trust.UNVERIFIED, 1, 5)
    books.turn()
    found = read(store, opened)
    assert found.sources == {2: Votes(3, 3), 4: Votes(3, 1)}
    assert (found.participants, found.voters) == (3, {2: 1, 4: 2})
    store.ballots.withdraw(opened, 0, "bot", 5)
    cast(store, opened, "nora", 4, Trust.SEQUENCE, 3)  # the same reader, in another title
    books.turn()
    assert read(store, opened).sources == {2: Votes(2, 2), 4: Votes(3, 2)}


def test_a_teller_that_begins_anew_counts_the_same_and_keeps_the_pace(
    store: Store, opened: Consultation
) -> None:
    cast(store, opened, "nora", 2, Trust.SEQUENCE, 1, 2, 3)
    Bookkeeping(store).turn()
    before = read(store, opened)
    cast(store, opened, "ali", 2, Trust.SEQUENCE, 1)
    Bookkeeping(store).turn()
    after = read(store, opened)
    assert after.sources == {2: Votes(4, 4)}
    assert [one.count for one in after.samples] == [3, 4]
    assert after.samples[0] == before.samples[0]


def test_a_store_that_has_lost_votes_is_counted_anew(store: Store, opened: Consultation) -> None:
    books = Bookkeeping(store)
    cast(store, opened, "nora", 2, Trust.SEQUENCE, 1, 2, 3)
    books.turn()
    for key in all_keys(store):
        if ".0}" in key:
            store.redis.delete(key)
    cast(store, opened, "nora", 2, Trust.SEQUENCE, 1)
    books.turn()
    assert read(store, opened).sources == {2: Votes(1, 1)}


def test_what_waits_is_counted_with_its_oldest_and_no_look_at_any_text(
    store: Store, opened: Consultation
) -> None:
    for number in range(3):
        draft = Draft(f"Il faut essayer encore {number} fois", "fr")
        store.proposing.propose(opened, f"author-{number}", draft, number, 1)
    first, second, third = store.proposing.waiting(opened)
    books = Bookkeeping(store)
    books.turn()
    assert read(store, opened).queue == Queue(3, first.at)
    store.proposing.refuse(opened, [first.proposal.id], RefusalReason.OTHER)
    later = store.clock.now() + 3600_000
    store.moderation.decisions.decide(opened, "Nora", [postpone(second.proposal.id, later)])
    nodes = primaries(store.redis)
    for node in nodes:
        node.config_resetstat()
    books.turn()
    assert read(store, opened).queue == Queue(1, third.at)
    calls = {name for node in nodes for name in node.info("commandstats")}
    assert not calls & {"cmdstat_hscan", "cmdstat_hvals"}
    read_whole = [node.info("commandstats").get("cmdstat_hgetall", {}) for node in nodes]
    assert sum(one.get("calls", 0) for one in read_whole) <= 2  # the slugs, the voters by source


def test_nothing_new_is_written_seldom(store: Store, opened: Consultation) -> None:
    books = Bookkeeping(store)
    books.turn()
    first = read(store, opened)
    books.turn()
    assert read(store, opened) == first


def test_figures_nobody_can_read_count_as_none(store: Store, opened: Consultation) -> None:
    for text in ("", "{", "[]", "null", json.dumps({"asOf": 1}), '{"asOf": {}}'):
        store.redis.set(keys.figures(opened.id), text)
        assert store.figures.read([opened]) == [None]
    Bookkeeping(store).turn()
    assert read(store, opened)


def test_the_figures_of_several_are_read_together(store: Store, opened: Consultation) -> None:
    others = [store.consultations.create(consultation(f"c-{n}"), proposals(2)) for n in range(3)]
    Bookkeeping(store).turn()
    assert all(store.figures.read([opened, *others]))
    assert store.figures.read([]) == []


def test_what_each_source_brought_is_kept_hour_by_hour_and_outlives_the_teller(
    store: Store, opened: Consultation
) -> None:
    """Verified ballots alone, and none of their times."""
    cast(store, opened, "nora", 2, Trust.SEQUENCE, 1, 2)
    cast(store, opened, "bot", 3, Trust.UNVERIFIED, 1)
    Bookkeeping(store).turn()
    (first,) = store.participation.read(opened).points
    assert first.votes == {2: 2, 3: 0}
    earlier = Point(first.at - 2 * HOUR, {2: 1})
    store.participation.write(opened, Curve(HOUR, (earlier,)))
    cast(store, opened, "ali", 4, Trust.TRUSTED, 1)
    Bookkeeping(store).turn()  # another teller, after a restart
    assert [one.votes for one in store.participation.read(opened).points] == [
        {2: 1},
        {2: 2, 3: 0, 4: 1},
    ]


def test_after_the_close_the_curve_ends_at_the_close(store: Store, opened: Consultation) -> None:
    cast(store, opened, "nora", 2, Trust.SEQUENCE, 1, 2)
    closed = replace(opened, closes=datetime.now(UTC) - timedelta(hours=1))
    store.consultations.replace(closed)
    books = Bookkeeping(store)
    books.turn()
    found = store.participation.read(closed)
    assert [one.at for one in found.points] == [int(closed.closes.timestamp() * 1000)]
    store.ballots.withdraw(opened, 0, "nora", 1)  # as a quarantine takes votes away
    books.turn()
    (last,) = store.participation.read(closed).points
    assert last.votes == {2: 1}


def test_a_point_shortly_before_the_close_does_not_keep_the_last_one_away(
    store: Store, opened: Consultation
) -> None:
    closes = datetime.now(UTC).replace(minute=30, second=0, microsecond=0) - timedelta(hours=1)
    closed, end = replace(opened, closes=closes), int(closes.timestamp() * 1000)
    store.consultations.replace(closed)
    before = Point(end - 3 * HOUR, {2: 1})
    store.participation.write(closed, Curve(HOUR, (before, Point(end - 20_000, {2: 1}))))
    cast(store, opened, "nora", 2, Trust.SEQUENCE, 1, 2)
    books = Bookkeeping(store)
    books.turn()
    assert store.participation.read(closed).points == (before, Point(end, {2: 2}))
    books.turn()
    assert len(store.participation.read(closed).points) == 2
