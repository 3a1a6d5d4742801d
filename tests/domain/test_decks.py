"""Which proposals a reader meets."""

import random
from collections import Counter

from server.consultations.consultation import Proposal
from server.consultations.decks import deck, rank
from tests.conftest import proposals


def test_the_least_voted_come_first_into_the_deck() -> None:
    chosen = deck((), rank(proposals(30), lambda p: p), 12, random.Random(1))
    assert {p.id for p in chosen} == set(range(1, 13))


def test_a_proposal_voted_on_never_comes_again() -> None:
    chosen = deck((), rank(proposals(30), lambda p: p), 12, random.Random(1), voted=range(1, 25))
    assert {p.id for p in chosen} == set(range(25, 31))


def test_no_author_is_met_twice_while_there_are_others() -> None:
    of_one = [Proposal(i, f"Il faut {i}", "fr", author="Nora", age=31) for i in range(1, 9)]
    others = proposals(24)[10:]
    chosen = deck((), rank([*of_one, *others], lambda _: 0), 12, random.Random(3))
    assert sum(p.author == "Nora" for p in chosen) <= 1
    assert len(deck((), rank(of_one, lambda _: 0), 12, random.Random(3))) == 8


def test_equals_get_an_equal_chance_of_the_first_card() -> None:
    """Six thousand decks of six proposals: each comes first about a thousand times."""
    chance = random.Random(7)
    first = Counter(deck((), rank(proposals(6), lambda _: 0), 4, chance)[0].id for _ in range(6000))
    assert set(first) == set(range(1, 7))
    assert all(850 < number < 1150 for number in first.values())
