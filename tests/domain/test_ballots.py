"""A ballot's small integer, and which nuances go with which vote."""

import itertools

import pytest

from server.consultations.ballots import (
    QUALIFICATIONS,
    Ballot,
    CodedBallot,
    Trust,
    Vote,
    decode,
    encode,
)
from server.consultations.errors import QualificationMismatch


def every_ballot() -> list[Ballot]:
    return [
        Ballot.of(vote, chosen)
        for vote, names in QUALIFICATIONS.items()
        for size in range(4)
        for chosen in itertools.combinations(names, size)
    ]


def test_every_ballot_has_a_code_of_its_own_and_is_read_back() -> None:
    coded = [
        CodedBallot(ballot, trust, quarantined)
        for ballot in every_ballot()
        for trust in Trust
        for quarantined in (False, True)
    ]
    codes = [encode(c.ballot, c.trust, c.quarantined) for c in coded]
    assert len(set(codes)) == len(coded) == 24 * 3 * 2
    assert [decode(code) for code in codes] == coded


def test_ordinary_codes_fit_the_single_byte_of_a_listpack() -> None:
    """Redis stores 0-127 in one byte; only quarantine may need a second."""
    assert all(encode(b, trust) < 128 for b in every_ballot() for trust in Trust)
    assert all(encode(b, trust, True) >= 128 for b in every_ballot() for trust in Trust)


@pytest.mark.parametrize("code", [-1, 24, 96, 256])
def test_a_number_that_no_ballot_has_is_refused(code: int) -> None:
    with pytest.raises(ValueError, match="not a ballot code"):
        decode(code)


def test_nuances_of_another_vote_are_refused_by_name() -> None:
    with pytest.raises(QualificationMismatch, match="noWay does not go with agree") as refused:
        Ballot.of(Vote.AGREE, ["likeIt", "noWay"])
    assert refused.value.field == "qualifications"


def test_nuances_are_kept_once_and_in_a_fixed_order() -> None:
    assert Ballot.of(Vote.AGREE, ["doable", "likeIt", "doable"]).qualifications == (
        "likeIt",
        "doable",
    )


def test_quarantine_takes_the_weight_and_keeps_what_was_earned() -> None:
    coded = decode(encode(Ballot(Vote.AGREE), Trust.SEQUENCE, quarantined=True))
    assert (coded.weight, coded.trust) == (Trust.UNVERIFIED, Trust.SEQUENCE)
