"""The brake on one voter: people never feel it, and what it refuses changes nothing."""

from collections.abc import Iterator

import pytest

from server.consultations.ballots import Ballot, Trust, Vote
from server.consultations.brakes import VoterBrake
from server.consultations.consultation import Consultation
from server.consultations.errors import SlowDown
from server.store import keys
from server.store.ballots import Wish
from server.store.store import Store, open_store
from server.supervisor.embedded import EmbeddedStore
from tests.cluster.nodes import LocalCluster

BRAKE = VoterBrake(burst=5, per_minute=1)  # once spent, it gives nothing back within a test


@pytest.fixture
def braked(store: Store, store_server: EmbeddedStore | LocalCluster) -> Iterator[Store]:
    """The flushed store, opened by a service with a brake."""
    opened = open_store(store_server.url, brake=BRAKE)
    yield opened
    opened.close()


def cast(
    store: Store, opened: Consultation, proposal: int, vote: Vote = Vote.AGREE, **more: object
) -> None:
    wish = Wish(proposal, Ballot(vote), Trust.SEQUENCE, 2, **more)  # type: ignore[arg-type]
    store.ballots.cast(opened, 0, "nora", wish)


def test_a_voter_may_cast_the_burst_at_once_and_is_then_told_how_long_to_wait(
    braked: Store, opened: Consultation
) -> None:
    for proposal in range(1, 6):
        cast(braked, opened, proposal)
    with pytest.raises(SlowDown) as refused:
        cast(braked, opened, 6)
    assert 50_000 < refused.value.extra["wait"] <= 60_000
    assert len(braked.ballots.voted(opened, 0, "nora")) == 5
    assert braked.recount.compare(opened) == []


def test_each_voter_has_a_brake_of_their_own(braked: Store, opened: Consultation) -> None:
    for proposal in range(1, 6):
        cast(braked, opened, proposal)
    wish = Wish(6, Ballot(Vote.AGREE), Trust.SEQUENCE, 2)
    braked.ballots.cast(opened, 0, "adam", wish)


def test_saying_the_same_again_costs_nothing(braked: Store, opened: Consultation) -> None:
    """A retry after a lost answer must not bring a reader nearer to the brake."""
    for _ in range(50):
        cast(braked, opened, 1)
    for proposal in range(2, 6):
        cast(braked, opened, proposal)


def test_a_change_costs_a_quarter_of_a_new_ballot(braked: Store, opened: Consultation) -> None:
    cast(braked, opened, 1)
    for number in range(16):
        cast(braked, opened, 1, (Vote.DISAGREE, Vote.NEUTRAL)[number % 2])
    with pytest.raises(SlowDown):
        cast(braked, opened, 1, Vote.AGREE)


def test_the_voter_gets_on_as_time_goes_by(braked: Store, opened: Consultation) -> None:
    """The store's clock is the judge, so the record is set back by a minute instead."""
    for proposal in range(1, 6):
        cast(braked, opened, proposal)
    pace = keys.Box(opened.id, 0).pace("nora")
    newest, busy_until = braked.redis.get(pace).split()
    braked.redis.set(pace, f"{newest} {int(busy_until) - 60_000}")
    cast(braked, opened, 6)
    with pytest.raises(SlowDown):
        cast(braked, opened, 7)


def test_what_the_brake_refuses_may_be_withdrawn_and_sent_again_with_its_number(
    braked: Store, opened: Consultation
) -> None:
    for proposal in range(1, 6):
        cast(braked, opened, proposal, number=proposal)
    with pytest.raises(SlowDown):
        cast(braked, opened, 6, number=6)
    assert braked.ballots.withdraw(opened, 0, "nora", 1, number=6).ballots == 4


def test_a_replay_is_not_braked(braked: Store, opened: Consultation) -> None:
    for proposal in range(1, 25):
        cast(braked, opened, proposal, braked=False)


def test_to_be_told_the_whole_list_again_and_again_is_braked(
    braked: Store, opened: Consultation
) -> None:
    """Without a ticket every answer lists what was voted on, which costs the store more and more."""
    cast(braked, opened, 1, deck=True)
    for _ in range(15):
        cast(braked, opened, 1, deck=True)
    with pytest.raises(SlowDown):
        cast(braked, opened, 1, deck=True)
