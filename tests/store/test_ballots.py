"""One script per vote: exact counts, whatever is sent and however often."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest

from server.consultations.ballots import Ballot, Trust, Vote, encode
from server.consultations.consultation import Consultation
from server.consultations.errors import Closed, Superseded, TooLate
from server.consultations.tallies import add
from server.store import keys
from server.store.ballots import Cast, Wish
from server.store.store import Store
from tests.conftest import consultation, proposals

AGREE, DISAGREE = Ballot(Vote.AGREE), Ballot(Vote.DISAGREE)
RMC, BFM = 2, 3


def cast(
    store: Store,
    opened: Consultation,
    ballot: Ballot = AGREE,
    voter: str = "nora",
    proposal: int = 1,
    trust: Trust = Trust.SEQUENCE,
    source: int = RMC,
    **more: object,
) -> Cast:
    wish = Wish(proposal, ballot, trust, source, **more)  # type: ignore[arg-type]
    return store.ballots.cast(opened, 0, voter, wish)


def tallied(store: Store, opened: Consultation, proposal: int = 1) -> dict[int, dict[int, int]]:
    return store.tallies.histograms(opened, [proposal])[proposal]


def in_threads(number: int, deed: Callable[[int], object]) -> None:
    with ThreadPoolExecutor(number) as pool:
        list(pool.map(deed, range(number)))


def assert_recount_agrees(store: Store, opened: Consultation) -> None:
    assert store.recount.compare(opened) == []


def test_a_vote_is_counted_once_however_often_it_is_said(
    store: Store, opened: Consultation
) -> None:
    for _ in range(3):
        cast(store, opened)
    assert tallied(store, opened) == {RMC: {encode(AGREE, Trust.SEQUENCE): 1}}
    assert sum(store.tallies.revisions(opened)) == 1


def test_another_vote_replaces_vote_and_nuances_together(
    store: Store, opened: Consultation
) -> None:
    cast(store, opened, Ballot.of(Vote.AGREE, ["likeIt"]))
    done = cast(store, opened, DISAGREE)
    assert done.old is not None
    assert done.old.ballot == Ballot.of(Vote.AGREE, ["likeIt"])
    assert tallied(store, opened) == {RMC: {encode(DISAGREE, Trust.SEQUENCE): 1}}


def test_a_changed_ballot_keeps_the_trust_it_earned(store: Store, opened: Consultation) -> None:
    cast(store, opened, trust=Trust.TRUSTED)
    assert cast(store, opened, DISAGREE, trust=Trust.SEQUENCE).new.trust is Trust.TRUSTED


def test_a_shared_ticket_earns_sequence_for_the_first_ballot_only(
    store: Store, opened: Consultation
) -> None:
    assert cast(store, opened, first=True).new.trust is Trust.SEQUENCE
    assert cast(store, opened, proposal=2, first=True).new.trust is Trust.TRUSTED


def test_withdrawing_takes_the_ballot_out_and_leaves_no_zero_behind(
    store: Store, opened: Consultation
) -> None:
    cast(store, opened)
    withdrawn = store.ballots.withdraw(opened, 0, "nora", 1)
    assert (withdrawn.old is not None, withdrawn.ballots) == (True, 0)
    assert tallied(store, opened) == {}
    assert store.ballots.withdraw(opened, 0, "nora", 1).old is None
    assert sum(store.tallies.revisions(opened)) == 2


def test_a_ballot_counts_under_the_source_that_carried_it_last(
    store: Store, opened: Consultation
) -> None:
    """A reader of two titles of one publisher has one ballot per proposal."""
    cast(store, opened, source=RMC)
    cast(store, opened, source=BFM, proposal=2)
    cast(store, opened, DISAGREE, source=BFM)
    assert tallied(store, opened, 1) == {BFM: {encode(DISAGREE, Trust.SEQUENCE): 1}}
    assert tallied(store, opened, 2) == {BFM: {encode(AGREE, Trust.SEQUENCE): 1}}
    cast(store, opened, source=RMC, proposal=2)
    assert tallied(store, opened, 2) == {RMC: {encode(AGREE, Trust.SEQUENCE): 1}}
    store.ballots.withdraw(opened, 0, "nora", 1)
    assert tallied(store, opened, 1) == {}
    assert_recount_agrees(store, opened)


def test_an_older_wish_never_replaces_a_newer_one(store: Store, opened: Consultation) -> None:
    cast(store, opened, DISAGREE, number=7)
    with pytest.raises(Superseded) as refused:
        cast(store, opened, AGREE, number=6)
    assert refused.value.extra == {"number": 7}
    with pytest.raises(Superseded):
        store.ballots.withdraw(opened, 0, "nora", 1, number=6)
    assert cast(store, opened, DISAGREE, number=7).revision == 1


def test_a_withdrawal_that_overtakes_the_first_vote_stands(
    store: Store, opened: Consultation
) -> None:
    """The booth gave up on a slow first vote, the reader withdrew, then the vote arrives."""
    store.ballots.withdraw(opened, 0, "nora", 1, number=2)
    assert store.tallies.voters(opened) == 0
    with pytest.raises(Superseded):
        cast(store, opened, number=1)
    assert cast(store, opened, number=3).ballots == 1
    assert_recount_agrees(store, opened)


def test_numbers_and_pace_are_forgotten_when_no_wish_can_come_so_late(
    store: Store, opened: Consultation
) -> None:
    """So what stays does not tell when anybody last voted."""
    cast(store, opened, number=1)
    box = keys.Box(opened.id, 0)
    assert 0 < store.redis.ttl(box.pace("nora")) <= 120
    assert store.redis.ttl(box.voter("nora")) == -1
    store.redis.delete(box.pace("nora"))
    assert cast(store, opened, DISAGREE, number=1).ballots == 1


def test_after_its_deadline_a_wish_changes_nothing(store: Store, opened: Consultation) -> None:
    seconds, micros = store.redis.time()
    store.clock.learn((seconds - 60, micros))
    with pytest.raises(TooLate):
        cast(store, opened)
    assert (tallied(store, opened), store.tallies.voters(opened)) == ({}, 0)


def test_a_sealed_box_takes_no_vote_and_gives_none_back(store: Store, opened: Consultation) -> None:
    cast(store, opened)
    store.ballots.seal(opened)
    with pytest.raises(Closed):
        cast(store, opened, DISAGREE)
    with pytest.raises(Closed):
        store.ballots.withdraw(opened, 0, "nora", 1)
    assert tallied(store, opened) == {RMC: {encode(AGREE, Trust.SEQUENCE): 1}}


def test_a_hundred_threads_of_one_voter_leave_one_ballot(
    store: Store, opened: Consultation
) -> None:
    in_threads(100, lambda i: cast(store, opened, (AGREE, DISAGREE)[i % 2]))
    histogram = add(tallied(store, opened).values())
    assert sum(histogram.values()) == 1
    assert store.tallies.voters(opened) == 1
    assert_recount_agrees(store, opened)


def test_a_hundred_voters_at_once_are_a_hundred_ballots(store: Store, opened: Consultation) -> None:
    in_threads(100, lambda i: cast(store, opened, voter=f"voter{i}"))
    assert tallied(store, opened) == {RMC: {encode(AGREE, Trust.SEQUENCE): 100}}
    assert store.tallies.voters(opened) == 100
    assert_recount_agrees(store, opened)


def test_an_avid_reader_stays_compact_beyond_480_ballots(store: Store) -> None:
    """A set of more than 512 would leave its compact encoding and grow twentyfold."""
    opened = store.consultations.create(consultation(), proposals(600))
    for proposal in range(1, 601):
        cast(store, opened, proposal=proposal, number=proposal)
    for proposal in (5, 590):
        cast(store, opened, DISAGREE, proposal=proposal)
        store.ballots.withdraw(opened, 0, "nora", proposal)
    box = keys.Box(opened.id, 0)
    kept = [store.redis.object("encoding", at("nora")) for at in (box.voter, box.more)]
    assert kept == ["intset", "listpack"]
    assert store.ballots.voted(opened, 0, "nora") == set(range(1, 601)) - {5, 590}
    assert_recount_agrees(store, opened)


def test_the_answer_lists_what_the_voter_has_voted_on(store: Store, opened: Consultation) -> None:
    cast(store, opened, proposal=3, number=1)
    done = cast(store, opened, proposal=9, deck=True)
    assert (set(done.voted), done.ballots) == ({3, 9}, 2)


def everyone(store: Store, opened: Consultation, voters: Iterable[int]) -> None:
    for voter in voters:
        wish = Wish(voter % 24 + 1, AGREE, Trust.SEQUENCE, RMC)
        store.ballots.cast(opened, opened.box_of(voter), f"voter{voter}", wish)


def test_boxes_add_up_to_one_consultation(store: Store) -> None:
    opened = store.consultations.create(consultation(boxes=4), proposals())
    everyone(store, opened, range(48))
    sums = [add(s.values()) for s in store.tallies.histograms(opened, range(1, 25)).values()]
    assert sum(sum(h.values()) for h in sums) == 48 == store.tallies.voters(opened)
    assert all(revision == 12 for revision in store.tallies.revisions(opened))
    assert_recount_agrees(store, opened)
