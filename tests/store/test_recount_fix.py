"""A fix makes the tallies what the ballots say, in the same instant as they are compared."""

import pytest

from server.consultations.ballots import Vote
from server.consultations.consultation import Consultation
from server.store.differences import Difference
from server.store.keys import Box
from server.store.store import Store
from server.teller.counting import Counting
from tests.conftest import consultation, proposals
from tests.store.casting import AGREED, BFM, RMC, cast, cast_by_many, voting


@pytest.fixture
def opened(store: Store) -> Consultation:
    """One ballot box, so that a test knows where to tamper."""
    return store.consultations.create(consultation(boxes=1), proposals())


def damage(store: Store, opened: Consultation) -> None:
    """Make tallies too high, too low, lost and junk, and miscount the voters."""
    box = Box(opened.id, 0)
    store.redis.hincrby(box.tally(5), f"{RMC}.{AGREED}", 2)
    store.redis.hincrby(box.tally(5), f"{BFM}.{AGREED}", -1)
    store.redis.unlink(box.tally(7))
    store.redis.hset(box.tally(777), f"{RMC}.{AGREED}", 1)
    store.redis.hincrby(box.voters, str(RMC), 1)


def test_a_fix_names_what_it_put_right_and_then_nothing_differs(
    store: Store, opened: Consultation
) -> None:
    cast_by_many(store, opened)
    truth = store.recount.run(opened)
    damage(store, opened)
    found = store.recount.fix(opened)
    assert found[:3] == [
        Difference(None, RMC, None, tallied=16, counted=15),
        Difference(5, RMC, AGREED, tallied=17, counted=15),
        Difference(5, BFM, AGREED, tallied=14, counted=15),
    ]
    assert {one.proposal for one in found[3:]} == {7, 777}
    assert store.recount.compare(opened) == []
    assert store.tallies.histograms(opened, range(1, 25)) == truth
    assert store.tallies.voters_by_source(opened) == {RMC: 15, BFM: 15}


def test_a_fix_during_voting_loses_no_vote(store: Store, opened: Consultation) -> None:
    with voting(store, opened):
        for _ in range(4):
            damage(store, opened)
            assert store.recount.fix(opened)
            assert store.recount.compare(opened) == []
    assert store.recount.compare(opened) == []


def test_publication_and_sync_follow_a_fix(store: Store, opened: Consultation) -> None:
    """The revision moves on, and the proposals put right are among those that changed."""
    cast(store, opened, "nora", 5)
    cast(store, opened, "adam", 6)
    damage(store, opened)
    counting = Counting(store)
    counting.count(opened)
    before = store.tallies.revisions(opened)
    store.recount.fix(opened)
    assert store.tallies.changed_since(opened, before) == {5, 777}
    assert counting.count(opened)
    published = store.published.glance(opened).published
    assert published is not None
    assert published.counts[5].votes[Vote.AGREE] == 1
    assert published.voters == 2


def test_without_a_difference_a_fix_changes_nothing(store: Store, opened: Consultation) -> None:
    cast_by_many(store, opened)
    before = store.tallies.revisions(opened)
    assert store.recount.fix(opened) == []
    assert store.tallies.revisions(opened) == before


@pytest.mark.parametrize("sealed", [False, True])
def test_votes_that_are_gone_from_the_tallies_come_back(
    store: Store, opened: Consultation, sealed: bool
) -> None:
    """Every tally and the number of voters lost, before or after the close: the ballots decide."""
    cast_by_many(store, opened)
    truth = store.tallies.histograms(opened, range(1, 25))
    box = Box(opened.id, 0)
    store.redis.unlink(box.voters, *map(box.tally, range(1, 25)))
    if sealed:
        store.ballots.seal(opened)
    store.recount.fix(opened)
    assert store.tallies.histograms(opened, range(1, 25)) == truth
    assert store.tallies.voters(opened) == 30
