"""Scores and zones: the central platform's figures, and what no crowd sent by a link can move."""

from collections.abc import Mapping
from fractions import Fraction
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.consultations.ballots import QUALIFICATIONS, Ballot, Trust, Vote, encode
from server.consultations.results import Counts, verified
from server.consultations.scores import KEYS, Score, Scores, Zone, fair_scores, scores

NAMES = tuple(name for names in QUALIFICATIONS.values() for name in names)
Numbers = Mapping[str, int]


def of(came: Numbers, sequence: Numbers | None = None) -> Counts:
    """Return counts with these verified numbers and, if they differ, these of asked votes."""
    asked = came if sequence is None else sequence
    return Counts(tuple(came.get(key, 0) for key in KEYS), tuple(asked.get(key, 0) for key in KEYS))


# The central platform's own figures for two proposals.
MANY = {
    "agree": 85, "likeIt": 17, "doable": 29, "platitudeAgree": 1,
    "disagree": 6, "impossible": 1, "platitudeDisagree": 3, "neutral": 24,
}  # fmt: skip
ASKED = MANY | {"agree": 83, "doable": 28}
FEW = {
    "agree": 11, "likeIt": 4, "doable": 2, "platitudeAgree": 2,
    "disagree": 1, "noWay": 1, "neutral": 9,
}  # fmt: skip


def near(value: float, confidence: float) -> Score:
    return Score(pytest.approx(value, abs=1e-14), pytest.approx(confidence, abs=1e-14))


def test_many_votes_score_as_on_the_central_platform() -> None:
    found = scores(of(MANY, ASKED))
    assert found.top == near(1.08527298850575, 0.147083961694131)
    assert found.rejection == near(-0.366859497882638, 0.130517119469599)
    assert found.controversy == near(0.0551346037507562, 0.107091650406154)
    assert found.of("neutral") == near(0.211581215970962, 0.0769930776359298)


def test_few_votes_score_as_on_the_central_platform() -> None:
    assert scores(of(FEW)).top == near(0.650454545454545, 0.388908334735123)


numbers = st.fixed_dictionaries({name: st.integers(0, 500) for name in (*Vote, *NAMES)})


def exact(counts: Numbers, other: Numbers, weight: Fraction) -> dict[str, tuple[Fraction, float]]:
    """Compute every score once more, in fractions, from a table of signs instead of sums."""
    table = {
        "top": {"agree": 1, "likeIt": 1, "doable": 1, "noWay": -1, "impossible": -1,
                "platitudeAgree": -1, "platitudeDisagree": -1},
        "rejection": {"disagree": 1, "noWay": 1, "impossible": 1, "likeIt": -1, "doable": -1,
                      "platitudeAgree": -1, "platitudeDisagree": -1},
    }  # fmt: skip
    m, n = (sum(found[vote] for vote in Vote) for found in (counts, other))
    prior = {key: Fraction(1 if key in NAMES else 33, 100) for key in counts}
    asked = {key: min((other[key] + prior[key]) / (1 + n), Fraction(1)) for key in counts}
    came = {key: min((counts[key] + prior[key]) / (1 + m), Fraction(1)) for key in counts}
    mixed = {key: weight * came[key] + (1 - weight) * asked[key] for key in counts}
    shrunk = {key: (n * asked[key] + 2) / (n + 4) for key in counts}
    spread = {key: 4 * shrunk[key] * (1 - shrunk[key]) / (n + 4) for key in counts}
    found = {
        name: (sum(sign * mixed[key] for key, sign in signs.items()),
               sqrt(sum(spread[key] for key in signs)))
        for name, signs in table.items()
    }  # fmt: skip
    pairs = (("agree", "disagree"), ("likeIt", "noWay"))
    found["controversy"] = (
        Fraction(sum(min(mixed[a], mixed[b]) for a, b in pairs)),
        sqrt(sum(max(spread[a], spread[b]) for a, b in pairs)),
    )
    return {name: (Fraction(value), doubt) for name, (value, doubt) in found.items()}


@given(numbers, numbers, st.integers(0, 100))
def test_scores_are_those_of_exact_arithmetic(came: Numbers, asked: Numbers, percent: int) -> None:
    verified = {name: came[name] + asked[name] for name in came}
    found = scores(of(verified, asked), percent / 100)
    for name, (value, confidence) in exact(verified, asked, Fraction(percent, 100)).items():
        score: Score = getattr(found, name)
        assert score.value == pytest.approx(float(value), abs=1e-12)
        assert score.confidence == pytest.approx(confidence, abs=1e-12)


@pytest.mark.parametrize(
    ("votes", "zone"),
    [
        ((61, 39, 0), Zone.CONSENSUS),
        ((59, 41, 0), Zone.CONTROVERSY),
        ((50, 13, 37), Zone.CONSENSUS),
        ((50, 17, 33), Zone.CONTROVERSY),
        ((39, 61, 0), Zone.REJECTION),
        ((13, 50, 37), Zone.REJECTION),
        ((10, 49, 41), Zone.LIMBO),
        ((30, 29, 41), Zone.LIMBO),
        ((0, 0, 0), Zone.CONTROVERSY),
    ],
)
def test_a_zone_is_the_first_whose_condition_holds(votes: tuple[int, int, int], zone: Zone) -> None:
    scaled = dict(zip(Vote, (1000 * number for number in votes), strict=True))
    assert scores(of(scaled)).zone is zone


@pytest.mark.parametrize(
    ("shares", "zone"),
    [
        ((0.6, 0.4, 0.0), Zone.CONSENSUS),
        ((0.599, 0.401, 0.0), Zone.CONTROVERSY),
        ((0.4, 0.6, 0.0), Zone.REJECTION),
        ((0.401, 0.599, 0.0), Zone.CONTROVERSY),
        ((0.452, 0.149, 0.399), Zone.CONSENSUS),
        ((0.451, 0.15, 0.399), Zone.CONTROVERSY),
        ((0.149, 0.452, 0.399), Zone.REJECTION),
        ((0.15, 0.451, 0.399), Zone.CONTROVERSY),
        ((0.45, 0.15, 0.4), Zone.LIMBO),
        ((0.149, 0.451, 0.4), Zone.LIMBO),
    ],
)
def test_a_zone_begins_exactly_at_its_edge(shares: tuple[float, float, float], zone: Zone) -> None:
    assert Scores(shares, (0.0,) * len(Vote)).zone is zone


def ballots(number: int, vote: Vote, trust: Trust, *nuances: str) -> dict[int, int]:
    return {encode(Ballot.of(vote, nuances), trust): number}


@pytest.mark.parametrize("crowd", [40, 400, 50_000])
def test_a_crowd_sent_by_a_link_moves_neither_zone_nor_rank(crowd: int) -> None:
    """However many they are: with half the weight, as many as were asked would do the most."""
    asked = {
        **ballots(190, Vote.AGREE, Trust.SEQUENCE, "likeIt"),
        **ballots(200, Vote.DISAGREE, Trust.SEQUENCE, "noWay"),
        **ballots(10, Vote.NEUTRAL, Trust.SEQUENCE),
    }
    sent = ballots(crowd, Vote.AGREE, Trust.TRUSTED, "likeIt", "doable")
    before, after = fair_scores(verified([asked])), fair_scores(verified([asked, sent]))
    assert before == after
    assert before.zone is Zone.CONTROVERSY
    moved = scores(verified([asked, sent])).top.value - scores(verified([asked])).top.value
    assert moved > 0.1, "which the usual weight would let them do"


def test_quarantined_ballots_and_unverified_ones_score_nothing() -> None:
    counted = ballots(30, Vote.AGREE, Trust.SEQUENCE)
    spoilt = {encode(Ballot(Vote.DISAGREE), Trust.SEQUENCE, quarantined=True): 900}
    spoilt |= ballots(900, Vote.NEUTRAL, Trust.UNVERIFIED)
    assert fair_scores(verified([counted, spoilt])) == fair_scores(verified([counted]))
