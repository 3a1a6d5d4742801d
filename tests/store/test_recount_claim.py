"""Of two recounts the later one counts, and one that died costs nothing."""

from collections.abc import Iterator

import pytest

from server.consultations.consultation import Consultation
from server.consultations.errors import RecountReplaced
from server.store.generation import Generation
from server.store.keys import Box
from server.store.store import Store
from tests.conftest import consultation, proposals
from tests.store.casting import cast, cast_by_many


@pytest.fixture
def opened(store: Store) -> Consultation:
    """One ballot box, so that a test knows where to tamper."""
    return store.consultations.create(consultation(boxes=1), proposals())


def stamp_some(pages: Iterator[int], voters: int) -> None:
    """Go through pages until so many voters are counted, and leave the rest."""
    while voters > 0:
        voters -= next(pages)


def test_of_two_recounts_the_later_takes_over_and_the_earlier_stops(
    store: Store, opened: Consultation
) -> None:
    """The first is overtaken after it has counted some voters: it must not tell a difference."""
    cast_by_many(store, opened)
    later = Generation(store.redis, opened)

    def overtake(what: str, number: int) -> None:
        later.begin()

    with pytest.raises(RecountReplaced, match="Another recount of reinventer-le-travail"):
        store.recount.compare(opened, overtake)
    assert sum(later.stamp()) == 30
    assert set().union(*later.differing()) == set()
    later.end()
    assert store.recount.compare(opened) == []


def test_one_that_is_replaced_while_it_fixes_changes_nothing_more(
    store: Store, opened: Consultation
) -> None:
    cast_by_many(store, opened)
    box = Box(opened.id, 0)
    store.redis.unlink(box.tally(5))
    before = store.tallies.revisions(opened)

    def overtake(what: str, number: int) -> None:
        if what == "differences" and number:
            Generation(store.redis, opened).begin()

    with pytest.raises(RecountReplaced):
        store.recount.fix(opened, overtake)
    assert store.tallies.revisions(opened) == before
    assert not store.redis.exists(box.tally(5))


def test_what_a_recount_that_died_has_left_is_cleared_by_the_next(
    store: Store, opened: Consultation
) -> None:
    """Even what it counted of proposals that nobody lists."""
    cast_by_many(store, opened)
    box = Box(opened.id, 0)
    store.redis.hset(box.shadow(777), "2.80", 3)
    died = Generation(store.redis, opened, page=1)
    died.begin()
    stamp_some(died.stamp(), 10)
    assert store.redis.exists(box.recount, box.shadow_voters, box.shadow(5)) == 3
    cast(store, opened, "nora")
    assert store.recount.compare(opened) == []
    assert store.redis.exists(box.recount, box.shadow_voters, box.shadow(5)) == 0


def test_a_claim_that_nobody_renews_runs_out_and_votes_write_no_shadow(
    store: Store, opened: Consultation
) -> None:
    box = Box(opened.id, 0)
    died = Generation(store.redis, opened)
    died.begin()
    assert 0 < store.redis.pttl(box.recount) <= 60_000
    cast(store, opened, "nora")
    assert store.redis.exists(box.shadow(5))
    store.redis.pexpire(box.recount, 1)
    while store.redis.exists(box.recount):
        pass
    cast(store, opened, "nora", 6)
    cast(store, opened, "adam", 6)
    assert not store.redis.exists(box.shadow(6))
    assert store.recount.compare(opened) == []


def test_a_claim_that_ran_out_means_another_start(store: Store, opened: Consultation) -> None:
    """A recounter that was stopped for a minute: it counts anew, with the votes cast meanwhile."""
    cast_by_many(store, opened)
    box, starts = Box(opened.id, 0), []

    def run_out(what: str, number: int) -> None:
        if not starts:
            store.redis.unlink(box.recount)
            cast(store, opened, "nora")
        starts.append(store.redis.get(box.generation))

    assert store.recount.compare(opened, run_out) == []
    assert set(starts) == {"1", "2"}


def test_a_voter_whose_record_is_to_move_is_counted_first_and_once(
    store: Store, opened: Consultation
) -> None:
    """After the seal a forgotten voter's record is renamed, also in the midst of a recount."""
    cast_by_many(store, opened)
    store.ballots.seal(opened)
    under_way = Generation(store.redis, opened, page=1)
    under_way.begin()
    pages = under_way.stamp()
    stamp_some(pages, 10)
    for i in range(0, 30, 2):
        store.voters.forget(opened, 0, f"voter{i}")
    assert sum(pages) > 0
    assert set().union(*under_way.differing()) == set()
    under_way.confirm()
    under_way.end()
    assert store.tallies.voters(opened) == 30
