"""A machine that votes as readers and networks may, in any order, in the store and in the model."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from server.consultations.ballots import QUALIFICATIONS, Ballot, Trust, Vote
from server.consultations.brakes import VoterBrake
from server.consultations.results import verified
from server.store.ballots import Wish
from server.store.keys import Box
from server.store.store import Store
from tests.conftest import consultation, proposals
from tests.store.engine_model import Counted, Model, Refused

BOXES, PROPOSALS, UNLISTED = 3, 6, 99
BRAKE = VoterBrake(burst=6, per_minute=1)  # once spent, it gives nothing back within a test

# Many, but some of them so often that their deeds meet.
voters = st.sampled_from([0, 0, 0, 1, 1, *range(9)])
listed = st.sampled_from([1, 1, 1, *range(1, PROPOSALS + 1)])
sources = st.sampled_from([2, 3, 4])
ages = st.sampled_from([None, 0, 0, 0, 1, 2])  # of a number: how many have been drawn since
ballots = st.sampled_from(list(Vote)).flatmap(
    lambda vote: st.sets(st.sampled_from(QUALIFICATIONS[vote])).map(
        lambda names: Ballot.of(vote, names)
    )
)


class EngineMachine(RuleBasedStateMachine):
    """Every deed is done to the store and to the model; both must agree, refusals included."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store
        store.redis.flushall()
        self.opened = store.consultations.create(consultation(boxes=BOXES), proposals(PROPOSALS))
        self.model = Model(BRAKE)
        self.drawn: Counter[int] = Counter()
        self.sent: dict[int, Wish] = {}
        self.last = ""
        self.deeds = 0

    @rule(
        voter=voters, proposal=listed, ballot=ballots, source=sources, age=ages,
        trust=st.sampled_from(Trust), first=st.booleans(), braked=st.booleans(),
    )  # fmt: skip
    def cast(
        self, voter: int, proposal: int, ballot: Ballot, source: int, age: int | None,
        trust: Trust, first: bool, braked: bool,
    ) -> None:  # fmt: skip
        """A vote, or an older one that arrives late."""
        number = self._number(voter, age)
        self._cast(voter, Wish(proposal, ballot, trust, source, first, number, braked=braked))

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), ballot=ballots, source=sources)
    def change(self, data: st.DataObject, ballot: Ballot, source: int) -> None:
        """Another vote on the same proposal, perhaps through another source."""
        voter = data.draw(st.sampled_from(sorted(self.sent)))
        number = self._number(voter, 0)
        self._cast(voter, replace(self.sent[voter], ballot=ballot, source=source, number=number))

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def cast_again(self, data: st.DataObject) -> None:
        """The answer was lost, so the same is sent again, now or after other wishes."""
        voter = data.draw(st.sampled_from(sorted(self.sent)))
        self._cast(voter, self.sent[voter])

    @rule(voter=voters, proposal=listed, age=ages)
    def withdraw(self, voter: int, proposal: int, age: int | None) -> None:
        number, name = self._number(voter, age), self._name(voter)
        self._do(
            lambda: self.store.ballots.withdraw(self.opened, voter % BOXES, name, proposal, number),
            self.model.withdraw(name, proposal, number),
        )

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), age=ages)
    def forget(self, data: st.DataObject, age: int | None) -> None:
        voter = data.draw(st.sampled_from(sorted(self.sent)))
        number, name = self._number(voter, age), self._name(voter)
        self._do(
            lambda: self.store.voters.forget(self.opened, voter % BOXES, name, number),
            self.model.forget(name, number),
        )

    @precondition(lambda self: self.deeds > 20)
    @rule()
    def seal(self) -> None:
        self.store.ballots.seal(self.opened)
        self.model.sealed = True

    @invariant()
    def the_tallies_are_what_the_model_says(self) -> None:
        """Counters in the store, but for what was tampered with, hold what the ballots say."""
        expected = without_zeros(self.model.counts(), self.model.damage)
        assert without_zeros(self._counters()) == expected

    @invariant()
    def what_is_published_is_the_sum_of_the_histograms(self) -> None:
        """Counted in one go for readers, and from the histograms for everyone else."""
        tallies, listed = self.store.tallies, range(1, PROPOSALS + 1)
        histograms = tallies.histograms(self.opened, listed)
        assert tallies.counts(self.opened, listed) == {
            proposal: verified(sources.values()) for proposal, sources in histograms.items()
        }

    @invariant()
    def voters_find_the_ballots_they_cast(self) -> None:
        """The one who did something last."""
        if record := self.model.records.get(self.last):
            voted = self.store.ballots.voted(self.opened, record.box, self.last)
            assert voted == record.ballots.keys()

    def teardown(self) -> None:
        """In the end the ballots themselves say the same."""
        if not self.any_ballot():
            return  # then nothing is fixed
        self.store.recount.fix(self.opened)
        self.model.damage.clear()
        self.the_tallies_are_what_the_model_says()
        assert self.store.recount.compare(self.opened) == []

    def any_ballot(self) -> bool:
        return any(proposal is not None for _, proposal, _ in without_zeros(self.model.counts()))

    def _cast(self, voter: int, wish: Wish) -> None:
        box, name = voter % BOXES, self._name(voter)
        self.sent[voter] = wish
        self._do(
            lambda: self.store.ballots.cast(self.opened, box, name, wish),
            self.model.cast(name, box, wish),
        )

    def _do(self, deed: Callable[[], object], refused: Refused) -> None:
        self.deeds += 1
        if refused:
            with pytest.raises(refused):
                deed()
        else:
            deed()

    def _name(self, voter: int) -> str:
        self.last = f"voter{voter}"
        return self.last

    def _number(self, voter: int, age: int | None) -> int | None:
        if age is None:
            return None
        self.drawn[voter] += age == 0
        return max(1, self.drawn[voter] - age)

    def _counters(self) -> Counter[Counted]:
        """Read every tally of every box."""
        found: Counter[Counted] = Counter()
        for number in range(BOXES):
            at = Box(self.opened.id, number)
            places = {None: at.voters, **{p: at.tally(p) for p in (*range(1, 7), UNLISTED)}}
            with self.store.redis.pipeline(transaction=False) as batch:
                for key in places.values():
                    batch.hgetall(key)
                for proposal, answer in zip(places, batch.execute(), strict=True):
                    for field, value in answer.items():
                        found[number, proposal, field] = int(value)
        return found


def without_zeros(*counters: Counter[Counted]) -> dict[Counted, int]:
    """Return the sum of counters, those below zero included."""
    total: Counter[Counted] = Counter()
    for counter in counters:
        total.update(counter)
    return {counted: number for counted, number in total.items() if number}
