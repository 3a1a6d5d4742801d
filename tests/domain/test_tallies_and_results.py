"""From histograms to counters, and from counters to what a reader is shown."""

from hypothesis import given
from hypothesis import strategies as st

from server.consultations.ballots import Ballot, CodedBallot, Trust, Vote, encode
from server.consultations.results import NONE, Counts, shares, verified, with_own
from server.consultations.tallies import Counters, add, tally

AGREE, LIKED = Ballot(Vote.AGREE), Ballot.of(Vote.AGREE, ["likeIt"])
DISAGREE = Ballot(Vote.DISAGREE)


def test_each_trust_counts_in_its_own_counters_and_those_below() -> None:
    histogram = {
        encode(LIKED, Trust.SEQUENCE): 5,
        encode(AGREE, Trust.TRUSTED): 3,
        encode(AGREE, Trust.UNVERIFIED): 2,
        encode(LIKED, Trust.SEQUENCE, quarantined=True): 1,
    }
    counted = tally(histogram)
    assert counted[Vote.AGREE].counters == Counters(count=11, verified=8, sequence=5)
    assert counted[Vote.AGREE].qualifications["likeIt"] == Counters(6, 5, 5)
    assert counted[Vote.NEUTRAL].counters == Counters()


def test_codes_that_nobody_holds_leave_the_sum() -> None:
    assert add([{1: 2, 2: 1}, {1: -2, 3: 4}]) == {2: 1, 3: 4}


def test_readers_see_verified_counts_only() -> None:
    histogram = {encode(AGREE, Trust.TRUSTED): 3, encode(DISAGREE, Trust.UNVERIFIED): 9}
    assert verified([histogram]).votes == {Vote.AGREE: 3, Vote.DISAGREE: 0, Vote.NEUTRAL: 0}


def test_what_readers_see_is_the_verified_counter_of_every_code() -> None:
    """Two ways to the same numbers: all counters of a tally, and the verified ones alone."""
    codes = [
        vote | trust | bits for vote in (0, 8, 16) for trust in (0, 32, 64) for bits in range(8)
    ]
    codes += [code | 128 for code in codes]
    histograms = [{code: place + 1 for place, code in enumerate(codes)}, {codes[3]: 5}]
    counted = tally(add(histograms))
    seen = verified(histograms)
    assert seen.votes == {vote: counted[vote].counters.verified for vote in Vote}
    assert seen.qualifications == {
        name: counters.verified
        for vote in Vote
        for name, counters in counted[vote].qualifications.items()
    }
    asked = [counted[vote].counters.sequence for vote in Vote]
    asked += [
        counters.sequence for vote in Vote for counters in counted[vote].qualifications.values()
    ]
    assert seen.asked == tuple(asked)


def own(ballot: Ballot, trust: Trust = Trust.SEQUENCE) -> CodedBallot:
    return CodedBallot(ballot, trust)


def test_a_first_vote_is_added_to_the_published_counts() -> None:
    assert with_own(NONE, own(LIKED), None, False).votes[Vote.AGREE] == 1


def test_a_changed_vote_is_moved_if_the_old_one_was_published() -> None:
    published = NONE.changed(own(AGREE), 1)
    assert with_own(published, own(DISAGREE), own(AGREE), True).votes == {
        Vote.AGREE: 0,
        Vote.DISAGREE: 1,
        Vote.NEUTRAL: 0,
    }


def test_a_changed_vote_is_added_if_the_old_one_was_not_published_yet() -> None:
    assert with_own(NONE, own(DISAGREE), own(AGREE), False).total == 1


def test_a_vote_said_twice_is_shown_once() -> None:
    published = NONE.changed(own(AGREE), 1)
    assert with_own(published, own(AGREE), own(AGREE), True).total == 1
    assert with_own(NONE, own(AGREE), own(AGREE), False).total == 1


def test_ones_own_vote_is_counted_as_asked_if_it_was() -> None:
    asked = with_own(NONE, own(LIKED), None, False)
    came = with_own(NONE, own(LIKED, Trust.TRUSTED), None, False)
    assert (asked.total_asked, came.total_asked) == (1, 0)
    assert (
        with_own(asked, own(DISAGREE), own(LIKED), True).asked
        == NONE.changed(own(DISAGREE), 1).asked
    )


def test_a_voter_without_weight_sees_their_own_vote_all_the_same() -> None:
    unverified = own(AGREE, Trust.UNVERIFIED)
    assert with_own(NONE, unverified, unverified, True).votes[Vote.AGREE] == 1


@given(st.lists(st.integers(0, 10_000_000), min_size=3, max_size=3))
def test_shares_add_up_to_a_hundred_and_stay_within_one_percent(numbers: list[int]) -> None:
    percents, total = shares(numbers), sum(numbers)
    assert sum(percents) == (100 if total else 0)
    assert all(
        abs(p - 100 * n / total) < 1 for p, n in zip(percents, numbers, strict=True) if total
    )


def test_counts_are_twelve_numbers_in_a_fixed_order() -> None:
    counts = Counts(tuple(range(12)))
    assert counts.total == 3
    assert counts.votes[Vote.NEUTRAL] == 2
    assert counts.qualifications["doNotCare"] == 11
