"""The recount is exact while voting goes on, and finds what is wrong."""

import pytest

from server.consultations.consultation import Consultation
from server.store import keys
from server.store.differences import Difference
from server.store.keys import Box
from server.store.record import PROPOSAL_UNIT, SOURCE_UNIT
from server.store.store import Store
from tests.conftest import all_keys, consultation, proposals
from tests.store.casting import AGREED, BFM, RMC, cast, cast_by_many, voting


@pytest.fixture
def opened(store: Store) -> Consultation:
    """One ballot box, so that a test knows where to tamper."""
    return store.consultations.create(consultation(boxes=1), proposals())


@pytest.fixture
def boxed(store: Store) -> Consultation:
    """A consultation of four ballot boxes."""
    return store.consultations.create(consultation(boxes=4), proposals())


@pytest.mark.parametrize("boxes", [1, 4])
def test_recounts_during_voting_find_no_difference(store: Store, boxes: int) -> None:
    """Three threads vote, change, withdraw, forget and move between sources; recounts agree."""
    opened = store.consultations.create(consultation(boxes=boxes), proposals())
    with voting(store, opened):
        found = [store.recount.compare(opened) for _ in range(8)]
    assert found == [[]] * 8
    assert store.recount.compare(opened) == []


def test_a_recount_during_voting_names_exactly_what_was_tampered_with(
    store: Store, boxed: Consultation
) -> None:
    with voting(store, boxed):
        store.redis.hincrby(Box(boxed.id, 2).tally(5), f"{RMC}.{AGREED}", 3)
        (found,) = store.recount.compare(boxed)
    assert (found.proposal, found.source, found.code) == (5, RMC, AGREED)
    assert found.tallied == found.counted + 3


def test_a_tally_too_high_too_low_or_lost_is_found_and_named(
    store: Store, opened: Consultation
) -> None:
    box = Box(opened.id, 0)
    for proposal in (5, 6, 7):
        cast(store, opened, "nora", proposal)
        cast(store, opened, "adam", proposal)
    store.redis.hincrby(box.tally(5), f"{RMC}.{AGREED}", 2)
    store.redis.hincrby(box.tally(6), f"{RMC}.{AGREED}", -1)
    store.redis.unlink(box.tally(7))
    assert store.recount.compare(opened) == [
        Difference(5, RMC, AGREED, tallied=4, counted=2),
        Difference(6, RMC, AGREED, tallied=1, counted=2),
        Difference(7, RMC, AGREED, tallied=0, counted=2),
    ]


def test_numbers_of_all_boxes_are_added_up(store: Store, boxed: Consultation) -> None:
    """Also where one box has too much of what another lacks."""
    cast_by_many(store, boxed)
    one, other = Box(boxed.id, 0), Box(boxed.id, 1)
    store.redis.hincrby(one.tally(5), f"{BFM}.{AGREED}", 4)
    (found,) = store.recount.compare(boxed)
    assert found == Difference(5, BFM, AGREED, tallied=19, counted=15)
    store.redis.hincrby(other.tally(5), f"{BFM}.{AGREED}", -4)
    (found,) = store.recount.compare(boxed)
    assert found == Difference(5, BFM, AGREED, tallied=15, counted=15)


def test_voters_are_counted_by_their_home(store: Store, opened: Consultation) -> None:
    cast(store, opened, "nora", source=RMC)
    cast(store, opened, "nora", source=BFM)
    cast(store, opened, "adam", source=BFM)
    box = Box(opened.id, 0)
    store.redis.hincrby(box.voters, str(BFM), 2)
    store.redis.hincrby(box.voters, "9", 1)
    assert store.recount.compare(opened) == [
        Difference(None, BFM, None, tallied=3, counted=1),
        Difference(None, 9, None, tallied=1, counted=0),
    ]


def test_tallies_and_ballots_of_proposals_that_nobody_lists_are_found(
    store: Store, opened: Consultation
) -> None:
    box = Box(opened.id, 0)
    cast(store, opened, "nora")
    store.redis.hset(box.tally(777), f"{RMC}.{AGREED}", 1)
    store.redis.sadd(box.voter("nora"), 888 * PROPOSAL_UNIT + RMC * SOURCE_UNIT + AGREED)
    assert store.recount.compare(opened) == [
        Difference(777, RMC, AGREED, tallied=1, counted=0),
        Difference(888, RMC, AGREED, tallied=0, counted=1),
    ]


def test_a_recount_leaves_no_key_behind(store: Store, boxed: Consultation) -> None:
    cast_by_many(store, boxed)
    before = all_keys(store)
    store.recount.run(boxed)
    store.recount.compare(boxed)
    generations = {box.generation for box in keys.boxes(boxed.id, 4)}
    assert all_keys(store) - before == generations


def test_a_recount_looks_at_no_other_consultation(store: Store, opened: Consultation) -> None:
    other = store.consultations.create(consultation("autre"), proposals())
    cast(store, opened, "nora")
    cast(store, other, "adam", 6)
    assert store.recount.run(opened) == {i: {} for i in range(1, 25)} | {5: {RMC: {AGREED: 1}}}
