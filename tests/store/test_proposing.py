"""Readers' proposals in the store: kept once, decided once, and forgotten whole."""

import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from server.consultations.brakes import (
    NETWORK_PROPOSAL_STEP,
    NETWORK_PROPOSALS_AT_ONCE,
    PROPOSALS_AT_ONCE,
)
from server.consultations.consultation import Consultation, Proposal, ProposalState
from server.consultations.errors import (
    BallotsDestroyed,
    Closed,
    NotPending,
    SlowDown,
    Superseded,
    TooLate,
)
from server.consultations.proposing import Draft, RefusalReason, Submission
from server.store import keys, proposing
from server.store.connection import primaries
from server.store.store import Store
from tests.conftest import all_keys, consultation, proposals

NORA, ADAM = "nora-as-author", "adam-as-author"
PLACE = 4711


def propose(
    store: Store, opened: Consultation, text: str = "dormir", number: int = 1, author: str = NORA
) -> Submission:
    written = Draft(f"Il faut {text} davantage", "fr", "Nora", 31)
    return store.proposing.propose(opened, author, written, number, PLACE)


def published(store: Store, opened: Consultation) -> dict[int, Proposal]:
    return {one.id: one for one in store.consultations.proposals(opened)}


def test_a_proposal_waits_under_the_first_free_number(store: Store, opened: Consultation) -> None:
    """It is not among those that are served, counted and sent to the central platform."""
    kept = propose(store, opened).proposal
    assert kept == Proposal(25, "Il faut dormir davantage", "fr", "Nora", 31, ProposalState.PENDING)
    assert propose(store, opened, "manger", 2).proposal.id == 26
    assert [one.proposal.id for one in store.proposing.waiting(opened)] == [25, 26]
    assert set(published(store, opened)) == set(range(1, 25))


def test_numbers_of_a_file_are_skipped(store: Store) -> None:
    """They go on after it, and stay small: a lone great number does not count."""
    scattered = [Proposal(i, f"Il faut essayer {i} fois", "fr") for i in (2, 3, 900_000)]
    opened = store.consultations.create(consultation(), scattered)
    given = [propose(store, opened, f"voir {n}", n).proposal.id for n in range(3)]
    assert given == [4, 5, 6]


def test_a_great_number_in_a_file_of_readers_costs_nobody_anything(store: Store) -> None:
    """Numbers stay such that a file can hold them, and the queue looks at what there is."""
    found = [
        Submission(Proposal(i, f"Il faut essayer {i} fois", "fr", state=ProposalState.PENDING))
        for i in (25, 27, 9_999_999)
    ]
    made = consultation(proposing=True)
    opened = store.consultations.create(made, proposals(), submitted=found)
    nodes = primaries(store.redis)
    for node in nodes:
        node.config_resetstat()
    queue = store.moderation.queue
    assert {case.submission.proposal.id for case in queue.waiting(opened)} == {25, 27, 9_999_999}
    used = [node.info("commandstats").get("cmdstat_fcall", {"calls": 0}) for node in nodes]
    used += [node.info("commandstats").get("cmdstat_evalsha", {"calls": 0}) for node in nodes]
    assert sum(one["calls"] for one in used) < 5
    given = [propose(store, opened, f"voir {n}", n).proposal.id for n in range(2)]
    assert given == [28, 29]
    assert len(queue.waiting(opened)) == 5


def test_a_readers_number_is_nobody_elses(store: Store, opened: Consultation) -> None:
    """As where a counter came back from before, and what it had counted did not."""
    kept = propose(store, opened, "dormir").proposal
    store.redis.set(keys.proposal_number(opened.id), 24)
    assert propose(store, opened, "manger", 2).proposal.id == 26
    (own, _) = store.proposing.waiting(opened)
    assert own.proposal == kept


def test_a_lost_reply_or_the_same_text_again_makes_no_second_proposal(
    store: Store, opened: Consultation
) -> None:
    first = propose(store, opened, "dormir", 1)
    assert propose(store, opened, "dormir", 1) == first
    assert propose(store, opened, "autre chose que dormir", 1) == first
    assert propose(store, opened, "DORMIR", 7) == first
    assert len(store.proposing.waiting(opened)) == 1
    assert propose(store, opened, "dormir", 1, author=ADAM).proposal.id == 26


def test_many_at_once_with_one_number_make_one_proposal(store: Store, opened: Consultation) -> None:
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda: found.append(propose(store, opened).proposal.id))
        for _ in range(30)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [25] * 30
    assert len(store.proposing.waiting(opened)) == 1


def test_many_authors_at_once_get_a_number_each(store: Store, opened: Consultation) -> None:
    found: list[int] = []

    def work(n: int) -> None:
        found.append(propose(store, opened, author=f"author-{n}").proposal.id)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == list(range(25, 55))


def test_an_author_who_proposes_more_than_people_do_is_asked_to_wait(
    store: Store, opened: Consultation
) -> None:
    for n in range(PROPOSALS_AT_ONCE):
        propose(store, opened, f"essayer {n}", n)
    with pytest.raises(SlowDown) as refused:
        propose(store, opened, "essayer encore", 99)
    assert 4.7 * 3600_000 < refused.value.extra["wait"] <= 4.8 * 3600_000
    propose(store, opened, "essayer 0", 100)  # the same again costs nothing
    propose(store, opened, "essayer encore", 99, author=ADAM)
    assert len(store.proposing.waiting(opened)) == PROPOSALS_AT_ONCE + 1


def test_a_flood_never_takes_the_memory_that_votes_need(
    store: Store, opened: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proposing, "PROPOSALS_KEPT", 3)
    for n in range(3):
        propose(store, opened, author=f"author-{n}")
    with pytest.raises(SlowDown):
        propose(store, opened, author="one-more")
    store.proposing.accept(opened, [25])
    assert propose(store, opened, author="one-more").proposal.id == 28


def test_accepted_ones_are_published_and_their_author_is_told(
    store: Store, opened: Consultation
) -> None:
    for n, text in enumerate(("dormir", "manger", "rire")):
        propose(store, opened, text, n)
    version, before = store.consultations.version(opened), store.clock.now()
    store.proposing.accept(opened, [25, 27])
    assert store.consultations.version(opened) == version + 1
    assert published(store, opened)[25] == Proposal(
        25, "Il faut dormir davantage", "fr", "Nora", 31
    )
    assert [one.proposal.id for one in store.proposing.waiting(opened)] == [26]
    states = [one.proposal.state for one in store.proposing.of(opened, NORA)]
    assert states == ["accepted", "pending", "accepted"]
    assert store.proposing.of(opened, ADAM) == ()
    lately = store.proposing.accepted_lately(opened, 5)
    assert {number for number, _ in lately} == {25, 27}
    assert all(before - 1000 <= at <= before + 5000 for _, at in lately)


def test_refused_ones_are_told_to_their_author_alone(store: Store, opened: Consultation) -> None:
    propose(store, opened)
    store.proposing.refuse(opened, [25], RefusalReason.OFF_TOPIC)
    (own,) = store.proposing.of(opened, NORA)
    assert (own.proposal.state, own.reason) == (ProposalState.REFUSED, RefusalReason.OFF_TOPIC)
    assert store.proposing.waiting(opened) == ()
    assert 25 not in published(store, opened)
    again = propose(store, opened, "dormir", 9)
    assert (again.proposal.id, again.reason) == (25, RefusalReason.OFF_TOPIC)


def test_a_files_own_pending_proposals_are_decided_in_the_same_way(
    store: Store, opened: Consultation
) -> None:
    waiting = [replace(p, state=ProposalState.PENDING) for p in proposals()[:2]]
    store.consultations.add_proposals(opened, waiting)
    assert [one.proposal.id for one in store.proposing.waiting(opened)] == [1, 2]
    store.proposing.accept(opened, [1])
    store.proposing.refuse(opened, [2], RefusalReason.OTHER)
    states = [published(store, opened)[n].state for n in (1, 2)]
    assert states == [ProposalState.ACCEPTED, ProposalState.REFUSED]


def test_what_does_not_wait_is_not_decided_and_nothing_else_either(
    store: Store, opened: Consultation
) -> None:
    propose(store, opened)
    for stray in (1, 26):  # published already, never made
        with pytest.raises(NotPending, match=str(stray)):
            store.proposing.accept(opened, [25, stray])
    assert [one.proposal.id for one in store.proposing.waiting(opened)] == [25]
    store.proposing.accept(opened, [25])
    with pytest.raises(NotPending):
        store.proposing.refuse(opened, [25], RefusalReason.OTHER)


def test_forgotten_authors_leave_what_was_published_without_a_name(
    store: Store, opened: Consultation
) -> None:
    for n, text in enumerate(("dormir", "manger", "rire / sourire")):
        propose(store, opened, text, n)
    propose(store, opened, author=ADAM)
    store.proposing.refuse(opened, [26], RefusalReason.OTHER)
    store.proposing.accept(opened, [27, 28])
    version = store.consultations.version(opened)
    assert store.proposing.forget(opened, NORA) == 2
    assert store.consultations.version(opened) == version + 1
    assert published(store, opened)[27] == Proposal(27, "Il faut rire / sourire davantage", "fr")
    assert published(store, opened)[28].author == "Nora"  # as Adam called himself
    assert store.proposing.of(opened, NORA) == ()
    assert store.proposing.waiting(opened) == ()
    assert not any(NORA in key for key in all_keys(store))
    assert store.proposing.forget(opened, NORA) == 0


def test_a_proposal_sent_before_the_wish_to_be_forgotten_comes_too_late(
    store: Store, opened: Consultation
) -> None:
    propose(store, opened, number=5)
    store.proposing.forget(opened, NORA, number=7)
    with pytest.raises(Superseded) as refused:
        propose(store, opened, number=6)
    assert refused.value.extra["number"] == 7
    assert 0 < store.redis.pttl(keys.author(opened.id, NORA)) <= 120_000
    assert propose(store, opened, number=8).proposal.id == 26
    assert store.redis.pttl(keys.author(opened.id, NORA)) == -1


def test_after_the_close_nothing_is_taken_but_a_repeat_is_answered(
    store: Store, opened: Consultation
) -> None:
    first = propose(store, opened)
    over = replace(opened, closes=datetime.now(UTC))
    assert propose(store, over) == first
    with pytest.raises(Closed):
        propose(store, over, "manger", 2)


def test_once_the_purge_has_begun_nobody_is_known(store: Store, opened: Consultation) -> None:
    store.redis.hset(keys.purge(opened.id), "begun", 1)
    with pytest.raises(BallotsDestroyed):
        propose(store, opened)
    store.proposing.forget(opened, NORA, number=7)
    assert not any("author" in key for key in all_keys(store))


def test_a_store_that_is_being_restored_takes_none(store: Store, opened: Consultation) -> None:
    store.redis.delete(keys.version(opened.id))
    with pytest.raises(TooLate):
        propose(store, opened)


def test_a_command_that_was_stuck_on_its_way_changes_nothing(
    store: Store, opened: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    propose(store, opened)
    late = store.clock.now() - 60_000
    monkeypatch.setattr(store.proposing._clock, "now", lambda: late)
    for deed in (
        lambda: propose(store, opened, "manger", 2),
        lambda: store.proposing.accept(opened, [25]),
        lambda: store.proposing.forget(opened, NORA),
    ):
        with pytest.raises(TooLate):
            deed()
    assert [one.proposal.id for one in store.proposing.waiting(opened)] == [25]


def test_beside_the_largest_file_a_number_is_found_at_once(store: Store) -> None:
    """While a script searches, no voter is served: 34 000 looks take some 400 ms."""
    opened = store.consultations.create(consultation(), proposals(34_000))
    nodes = primaries(store.redis)
    for node in nodes:
        node.config_resetstat()
    given = [propose(store, opened, f"essayer {n}", n).proposal.id for n in range(3)]
    assert given == [34_001, 34_002, 34_003]
    used = [node.info("commandstats").get("cmdstat_hexists", {"calls": 0}) for node in nodes]
    assert sum(one["calls"] for one in used) == 2 * 3  # among published ones, and among the rest


def test_one_network_cannot_begin_anew_as_ever_more_authors(
    store: Store, opened: Consultation
) -> None:
    for n in range(NETWORK_PROPOSALS_AT_ONCE):
        propose(store, opened, author=f"author-{n}")
    with pytest.raises(SlowDown) as refused:
        propose(store, opened, author="one-more")
    assert 0 < refused.value.extra["wait"] <= NETWORK_PROPOSAL_STEP
    written = Draft("Il faut dormir davantage", "fr")
    assert store.proposing.propose(opened, "one-more", written, 1, PLACE + 1)
    assert 0 < store.redis.pttl(keys.place(opened.id, PLACE)) <= 2.4 * 3600_000
