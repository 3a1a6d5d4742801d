"""A whole consultation, in which readers with minds of their own are dealt deck after deck."""

import random
from dataclasses import dataclass, field

import pytest

from server.consultations.ballots import Ballot, CodedBallot, Trust, Vote
from server.consultations.consultation import Proposal
from server.consultations.dealing import deal, pool
from server.consultations.deck_rules import DeckRules
from server.consultations.results import NONE
from server.consultations.scores import Zone
from server.consultations.standings import Listing, Standing, listed, supported
from server.teller.dealing import AT_ONCE, DECKS

RULES = DeckRules()
PROPOSALS, AUTHORS = 150, 60
TURNS, READERS = 90, 40  # readers in each turn, who vote on one to twelve proposals
LATE, CONTESTED = PROPOSALS + 1, 7  # one that comes after a third of the time, one that divides
CROWD = 50_000


@dataclass(frozen=True)
class Opinion:
    """What readers think of a proposal: how many of a hundred agree, disagree, love it."""

    agree: int
    disagree: int
    love: int

    def vote(self, chance: random.Random) -> Ballot:
        drawn = chance.randrange(100)
        if drawn < self.agree:
            loved = chance.randrange(100) < self.love
            return Ballot.of(Vote.AGREE, ["likeIt"] if loved else [])
        return Ballot(Vote.DISAGREE if drawn < self.agree + self.disagree else Vote.NEUTRAL)


@dataclass
class World:
    chance: random.Random
    opinions: dict[int, Opinion] = field(default_factory=dict)
    standings: dict[int, Standing] = field(default_factory=dict)
    decks: list[tuple[int, ...]] = field(default_factory=list)
    served: list[tuple[int, ...]] = field(default_factory=list)
    tenth: dict[int, int] = field(default_factory=dict)  # proposal -> turn of its tenth vote

    def accept(self, number: int, opinion: Opinion) -> None:
        author = f"Author {number % AUTHORS}" if number % 3 else None
        proposal = Proposal(number, f"Il faut essayer {number}", "fr", author)
        self.opinions[number], self.standings[number] = opinion, Standing(proposal, NONE)

    def deal(self, turn: int) -> None:
        """Deal some decks anew; `expected` as the teller reckons it, from the readers of a turn."""
        expected = READERS * 6 * DECKS / AT_ONCE * RULES.new / RULES.size if turn else 0
        candidates = pool(self.standings.values(), RULES, expected, self.chance)
        fresh = [deal(candidates, RULES, self.chance) for _ in range(AT_ONCE if turn else DECKS)]
        self.decks = [*self.decks, *fresh][-DECKS:]

    def read(self, turn: int) -> None:
        """Let readers come, vote on some of what they are asked about, and go."""
        for _ in range(READERS):
            deck = self.decks[self.chance.randrange(DECKS)]
            self.served.append(deck)
            for number in deck[: self.chance.randint(1, len(deck))]:
                self.count(number, self.opinions[number].vote(self.chance))
                if self.standings[number].asked == RULES.new_below:
                    self.tenth[number] = turn

    def count(
        self, number: int, ballot: Ballot, voters: int = 1, trust: Trust = Trust.SEQUENCE
    ) -> None:
        known = self.standings[number]
        counts = known.counts.changed(CodedBallot(ballot, trust), voters)
        self.standings[number] = Standing(known.proposal, counts)


def lived(crowd: int = 0) -> World:
    """Return a world at its end; `crowd` readers are sent by a link half-way."""
    world = World(random.Random(11))
    for number in range(1, PROPOSALS + 1):
        agree = world.chance.randint(10, 80)
        disagree = world.chance.randint(5, 90 - agree)
        world.accept(number, Opinion(agree, disagree, world.chance.randint(0, 20)))
    world.opinions[CONTESTED] = Opinion(47, 47, 20)
    for turn in range(TURNS):
        if turn == TURNS // 3:
            world.accept(LATE, Opinion(92, 2, 45))
        if turn == TURNS // 2 and crowd:
            sent = Ballot.of(Vote.AGREE, ["likeIt", "doable"])
            world.count(CONTESTED, sent, crowd, Trust.TRUSTED)
        world.deal(turn)
        world.read(turn)
    return world


@pytest.fixture(scope="module")
def world() -> World:
    return lived()


def test_every_proposal_is_voted_on_by_ten_readers_the_older_ones_sooner(world: World) -> None:
    assert set(world.tenth) == set(range(1, LATE + 1))
    third = PROPOSALS // 3
    oldest, newest = (
        sum(world.tenth[number] for number in numbers) / third
        for numbers in (range(1, third + 1), range(PROPOSALS - third + 1, PROPOSALS + 1))
    )
    assert oldest < newest


def test_no_author_is_met_twice_in_any_deck(world: World) -> None:
    for deck in set(world.served):
        authors = [world.standings[number].proposal.author for number in deck]
        named = [author for author in authors if author]
        assert len(set(named)) == len(named)
        assert len(set(deck)) == len(deck) == RULES.size


def test_a_good_proposal_that_comes_late_still_rises_to_the_top(world: World) -> None:
    assert LATE in [one.proposal.id for one in supported(world.standings.values(), 3)]


def test_the_better_ones_are_asked_about_more(world: World) -> None:
    by_merit = sorted(range(1, PROPOSALS + 1), key=lambda n: world.opinions[n].agree)
    worst, best = (
        sum(world.standings[number].asked for number in numbers)
        for numbers in (by_merit[: PROPOSALS // 4], by_merit[-PROPOSALS // 4 :])
    )
    assert best > 2 * worst


def test_a_crowd_that_comes_by_a_link_moves_no_zone_no_rank_and_no_selection(world: World) -> None:
    flooded = lived(CROWD)
    assert flooded.standings[CONTESTED].votes > CROWD
    assert flooded.served == world.served, "not even a deck"
    for found in (world, flooded):
        assert found.standings[CONTESTED].zone is Zone.CONTROVERSY
    for listing in Listing:
        assert ranks(flooded, listing) == ranks(world, listing)
    selected = [one.proposal.id for one in supported(world.standings.values())]
    assert [one.proposal.id for one in supported(flooded.standings.values())] == selected


def ranks(world: World, listing: Listing) -> list[int]:
    return [one.proposal.id for one in listed(world.standings.values(), listing)]
