"""Which proposals are dealt together, of which kinds, and by whom."""

import random
from collections import Counter
from dataclasses import replace

from server.consultations.consultation import Proposal
from server.consultations.dealing import deal, pool
from server.consultations.deck_rules import DeckRules
from server.consultations.results import Counts
from server.consultations.standings import Standing
from tests.conftest import proposals

RULES = DeckRules()


def standing(number: int, agree: int, disagree: int = 0, author: str | None = None) -> Standing:
    """Return a proposal on which so many of those asked agree and disagree."""
    numbers = (agree, disagree, *[0] * 10)
    return Standing(Proposal(number, f"Il faut {number}", "fr", author), Counts(numbers, numbers))


def untested(number: int) -> list[Standing]:
    return [Standing(one, standing(one.id, 0).counts) for one in proposals(number)]


def dealt(standings: list[Standing], times: int = 1, rules: DeckRules = RULES) -> list[list[int]]:
    chance = random.Random(5)
    candidates = pool(standings, rules, 0, chance)
    return [list(deal(candidates, rules, chance)) for _ in range(times)]


def test_four_new_ones_are_in_every_deck_the_oldest() -> None:
    known = [standing(number, 30, 10) for number in range(1, 41)]
    new = [standing(number, 3) for number in range(41, 61)]
    for deck in dealt(known + new, 50):
        assert len(deck) == 12
        assert sorted(number for number in deck if number > 40) == [41, 42, 43, 44]


def test_as_many_of_the_oldest_are_new_as_the_votes_to_come_can_bring_on() -> None:
    new = [standing(number, 5) for number in range(1, 101)]
    found = pool(new, RULES, 48, random.Random(1)).new
    assert [one.proposal.id for one in found] == list(range(1, 11)), "ten lack five votes each"


def test_a_proposal_with_ten_asked_votes_is_new_no_more() -> None:
    standings = [standing(1, 9), standing(2, 10)]
    assert [one.proposal.id for one in pool(standings, RULES, 0, random.Random(1)).new] == [1]


def test_who_came_by_a_link_was_not_asked() -> None:
    numbers = (5000, *[0] * 11)
    came = Standing(proposals(1)[0], Counts(numbers))
    assert pool([came], RULES, 0, random.Random(1)).new == [came]


def test_the_better_one_is_dealt_more_often_and_none_is_left_out() -> None:
    good = [standing(number, 27, 3) for number in range(1, 31)]
    poor = [standing(number, 6, 24) for number in range(31, 61)]
    met = Counter(number for deck in dealt(good + poor, 150) for number in deck)
    assert sum(met[n] for n in range(1, 31)) > 5 * sum(met[n] for n in range(31, 61))
    assert all(met[n] for n in range(1, 31))


def test_one_of_ten_is_controversial() -> None:
    rules = replace(RULES, new=0)
    wanted = [standing(number, 95, 5) for number in range(1, 101)]
    divisive = [standing(number, 50, 50) for number in range(101, 201)]
    decks = dealt(wanted + divisive, 150, rules)
    share = sum(number > 100 for deck in decks for number in deck) / (12 * 150)
    assert 0.08 < share < 0.12
    none = dealt(wanted + divisive, 100, replace(rules, controversial=0))
    assert sum(number > 100 for deck in none for number in deck) == 0


def test_among_ten_candidates_the_least_voted_is_taken() -> None:
    equals = [standing(number, 90 if number > 1 else 18, 10 if number > 1 else 2)
              for number in range(1, 21)]  # fmt: skip
    rules = replace(RULES, new=0, controversial=0, size=3)
    first, alone = (Counter(n for deck in dealt(equals, 200, r) for n in deck)[1]
                    for r in (rules, replace(rules, among=1)))  # fmt: skip
    assert first > 1.5 * alone


def test_what_everybody_knows_makes_room_for_others() -> None:
    known = [standing(number, 1400, 100) for number in range(1, 21)]
    tested = [standing(number, 10, 10) for number in range(21, 41)]
    assert all(number > 20 for deck in dealt(known + tested, 50) for number in deck)


def test_an_author_is_met_once_in_a_deck_which_is_rather_shorter() -> None:
    mine = [standing(number, 0, author="Nora") for number in range(1, 21)]
    others = [standing(number, 30, 10, author="Zoé") for number in range(21, 41)]
    nameless = [standing(number, 1) for number in range(41, 45)]
    for deck in dealt(mine + others + nameless, 50):
        assert sum(number <= 20 for number in deck) == 1
        assert sum(20 < number <= 40 for number in deck) == 1
        assert len(deck) == 6


def test_a_few_proposals_make_a_deck_of_them_all() -> None:
    assert sorted(dealt(untested(5))[0]) == [1, 2, 3, 4, 5]
    assert sorted(dealt([standing(n, 1500, 9) for n in range(1, 8)])[0]) == list(range(1, 8))
    assert dealt([]) == [[]]


def test_new_ones_fill_a_deck_where_none_is_tested_yet() -> None:
    assert all(len(deck) == 12 for deck in dealt(untested(30), 20))
    met = Counter(number for deck in dealt(untested(30), 100) for number in deck)
    assert set(met) == set(range(1, 31)), "not the same dozen for everybody"


def test_a_nameless_author_of_several_is_met_once_all_the_same() -> None:
    mine = [replace(standing(number, 0), mark="a") for number in range(1, 10)]
    namesakes = [replace(standing(n, 0, author="Léa"), mark=str(n)) for n in range(10, 13)]
    for deck in dealt(mine + namesakes, 20):
        assert sum(number < 10 for number in deck) == 1
        assert sum(number >= 10 for number in deck) == 3, "who shares a first name is somebody else"
