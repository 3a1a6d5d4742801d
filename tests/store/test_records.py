"""Records read whole: every voter once, in one script, until the ballots are destroyed."""

from datetime import UTC, datetime

import pytest

from server.consultations.errors import BallotsDestroyed
from server.store import keys
from server.store.store import Store
from tests.conftest import consultation, proposals
from tests.store.casting import AGREED, cast, cast_by_many, voting


def test_every_voter_of_every_box_is_met_with_all_their_ballots(store: Store) -> None:
    opened = store.consultations.create(consultation(boxes=3), proposals())
    other = store.consultations.create(consultation("une-autre"), proposals())
    cast_by_many(store, opened, 40)
    cast(store, other, "stranger")
    found = {key for page in store.records.pages(opened) for key in page}
    assert {keys.parse(key)[1] for key in found} == {f"voter{i}" for i in range(40)}
    voters = sorted(found)
    read = dict(zip(voters, store.records.ballots(opened, voters), strict=True))
    for key, codes in read.items():
        box, name = keys.parse(key)
        assert codes == dict.fromkeys(store.ballots.all_of(opened, box, name), AGREED)
    sizes = dict(zip(voters, store.records.sizes(voters), strict=True))
    assert all(sizes[key] == len(codes) + 1 for key, codes in read.items())


def test_it_can_be_read_while_people_vote_and_are_forgotten(store: Store) -> None:
    """There is a row for each key, in its place; who was forgotten since has an empty one."""
    opened = store.consultations.create(consultation(), proposals())
    with voting(store, opened):
        for _ in range(5):
            voters = sorted({key for page in store.records.pages(opened) for key in page})
            rows = [*store.records.ballots(opened, voters)]
            assert len(rows) == len(voters)
            assert all(set(row) <= set(range(1, 25)) for row in rows)


def test_ballots_that_are_destroyed_meanwhile_are_no_whole(store: Store) -> None:
    """What was begun before the purge does not end as if nothing were missing."""
    opened = store.consultations.create(consultation(), proposals())
    cast_by_many(store, opened)
    voters = [key for page in store.records.pages(opened) for key in page]
    rows = store.records.ballots(opened, voters)
    assert next(rows)
    closed = opened.closed(datetime.now(UTC))
    store.consultations.replace(closed)
    store.ballots.seal(closed)
    store.minutes.append(closed, 1, b"{}")
    store.purge.run(closed, datetime.now(UTC), early=True)
    with pytest.raises(BallotsDestroyed):
        list(rows)
    with pytest.raises(BallotsDestroyed):
        next(store.records.pages(closed))
