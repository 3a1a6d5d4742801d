"""Forget me: every ballot goes before the seal, and only the link to them after it."""

import threading

import pytest

from server.consultations.ballots import Ballot, Trust, Vote
from server.consultations.consultation import Consultation
from server.consultations.errors import StoreUnavailable, Superseded
from server.store import keys, record
from server.store.ballots import Wish
from server.store.store import Store
from server.store.voters import Forgotten
from tests.conftest import consultation, proposals

RMC, BFM = 2, 3


def cast(store: Store, opened: Consultation, voter: str, proposal: int, **more: object) -> None:
    wish = Wish(proposal, Ballot(Vote.AGREE), Trust.SEQUENCE, **{"source": RMC, **more})  # type: ignore[arg-type]
    store.ballots.cast(opened, 0, voter, wish)


def records(store: Store, opened: Consultation) -> list[str]:
    match = keys.pattern(opened.id, keys.VOTERS)
    return [keys.parse(key)[1] for key in store.redis.scan_iter(match=match)]


def test_all_ballots_and_the_record_go_and_the_counts_with_them(
    store: Store, opened: Consultation
) -> None:
    for proposal in range(1, 25):
        cast(store, opened, "nora", proposal, source=RMC if proposal < 9 else BFM)
    cast(store, opened, "adam", 1)
    assert store.voters.forget(opened, 0, "nora") == Forgotten(24, counted=False)
    assert records(store, opened) == ["adam"]
    assert store.tallies.voters_by_source(opened) == {RMC: 1}
    assert store.recount.compare(opened) == []
    counted = store.tallies.histograms(opened, range(1, 25))
    assert sum(n for of in counted.values() for h in of.values() for n in h.values()) == 1


def test_an_avid_voter_is_forgotten_whole(store: Store) -> None:
    """Beyond 480 ballots there is a second record."""
    opened = store.consultations.create(consultation(), proposals(700))
    for proposal in range(1, 701):
        cast(store, opened, "nora", proposal)
    assert len(records(store, opened)) == 2
    assert store.voters.forget(opened, 0, "nora").withdrawn == 700
    assert records(store, opened) == []
    assert store.recount.compare(opened) == []


def test_being_forgotten_twice_or_unknown_is_no_fault(store: Store, opened: Consultation) -> None:
    cast(store, opened, "nora", 1)
    assert [store.voters.forget(opened, 0, "nora").withdrawn for _ in range(2)] == [1, 0]
    assert store.voters.forget(opened, 0, "adam").withdrawn == 0
    assert store.tallies.voters(opened) == 0


def test_a_vote_that_was_sent_before_and_comes_after_changes_nothing(
    store: Store, opened: Consultation
) -> None:
    cast(store, opened, "nora", 1, number=10)
    store.voters.forget(opened, 0, "nora", number=12)
    with pytest.raises(Superseded):
        cast(store, opened, "nora", 2, number=11)
    assert store.tallies.voters(opened) == 0


def test_an_old_wish_to_be_forgotten_never_runs_over_a_newer_vote(
    store: Store, opened: Consultation
) -> None:
    cast(store, opened, "nora", 1, number=10)
    with pytest.raises(Superseded):
        store.voters.forget(opened, 0, "nora", number=9)
    assert store.ballots.voted(opened, 0, "nora") == {1}


def test_after_the_seal_the_count_stands_and_nobody_finds_the_record(
    store: Store, opened: Consultation
) -> None:
    for proposal in (1, 2):
        cast(store, opened, "nora", proposal, number=proposal)
    store.ballots.seal(opened)
    before = store.tallies.histograms(opened, (1, 2))
    assert store.voters.forget(opened, 0, "nora") == Forgotten(0, counted=True)
    assert store.ballots.voted(opened, 0, "nora") == set()
    (name,) = records(store, opened)
    assert name != "nora"
    members = store.redis.smembers(keys.Box(opened.id, 0).voter(name))
    assert sorted(record.proposals(members)) == [1, 2]
    assert {int(m) for m in members if int(m) < 0} == {-1 - RMC}  # no hour, no generation
    assert not store.redis.exists(keys.Box(opened.id, 0).pace("nora"))
    assert store.tallies.histograms(opened, (1, 2)) == before
    assert store.recount.compare(opened) == []


def test_voters_who_are_forgotten_during_recounts_are_neither_lost_nor_counted_twice(
    store: Store, opened: Consultation
) -> None:
    """Before the seal by withdrawal, after it by a new name, while recounts follow one another."""
    names = [f"voter{n}" for n in range(120)]
    for name in names:
        for proposal in (1, 2, 3):
            cast(store, opened, name, proposal)

    def forget(some: list[str]) -> None:
        for name in some:
            store.voters.forget(opened, 0, name)

    for some in (names[:60], names[60:]):
        thread = threading.Thread(target=forget, args=(some,))
        thread.start()
        found = []
        while thread.is_alive():
            found.append(store.recount.compare(opened))
        thread.join()
        assert [one for one in found if one] == []
        store.ballots.seal(opened)
    assert store.tallies.voters(opened) == 60
    assert store.recount.compare(opened) == []
    assert not set(records(store, opened)) & set(names)


def test_before_the_seal_no_record_is_unlinked(store: Store, opened: Consultation) -> None:
    """Web may think that all is over a moment before the teller has sealed; it may not decide."""
    cast(store, opened, "nora", 1)
    with pytest.raises(StoreUnavailable):
        store.voters.unlink(opened, 0, "nora")
    assert store.ballots.voted(opened, 0, "nora") == {1}
