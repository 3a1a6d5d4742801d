"""What the vote engine must do, in plain Python: one box after the other, one deed after the other."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from server.consultations.ballots import Trust, encode
from server.consultations.brakes import VoterBrake
from server.consultations.errors import Closed, Refusal, SlowDown, Superseded
from server.store.ballots import Wish

Stored = tuple[int, int]  # source, code
Counted = tuple[int, int | None, str]  # box, proposal, field; voters by home have no proposal
Refused = type[Refusal] | None


@dataclass
class Record:
    box: int
    home: int
    ballots: dict[int, Stored] = field(default_factory=dict)


@dataclass
class Model:
    """`damage` is what somebody added to the store's own counters."""

    brake: VoterBrake
    records: dict[str, Record] = field(default_factory=dict)
    newest: dict[str, int] = field(default_factory=dict)
    spent: Counter[str] = field(default_factory=Counter)  # quarters of a new ballot, by voter
    unlinked: list[Record] = field(default_factory=list)
    damage: Counter[Counted] = field(default_factory=Counter)
    sealed: bool = False

    def cast(self, voter: str, box: int, wish: Wish) -> Refused:
        refused = self._refused(voter, wish.number)
        if refused:
            return refused
        record = self.records.get(voter) or Record(box, wish.source)
        new = wish.source, self._code(record, voter in self.records, wish)
        old = record.ballots.get(wish.proposal)
        cost = 0 if old == new or not wish.braked else 1 if old else 4
        if cost and self.spent[voter] + cost > 4 * self.brake.burst:
            return SlowDown
        self.spent[voter] += cost
        record.ballots[wish.proposal] = new
        self.records[voter] = record
        self._remember(voter, wish.number)
        return None

    def withdraw(self, voter: str, proposal: int, number: int | None) -> Refused:
        refused = self._refused(voter, number)
        if refused:
            return refused
        self._remember(voter, number)
        if voter in self.records:
            self.records[voter].ballots.pop(proposal, None)
        return None

    def forget(self, voter: str, number: int | None) -> Refused:
        """After the seal the ballots stay, without their voter. Before it, what was the newest wish
        is remembered: an older one may still be on its way.
        """
        if self.sealed:
            if voter in self.records:
                self.unlinked.append(self.records.pop(voter))
            return None
        if refused := self._refused(voter, number):
            return refused
        self.records.pop(voter, None)
        self._remember(voter, number)
        return None

    def counts(self) -> Counter[Counted]:
        """Return what every counter must be."""
        return Counter(self._everything())

    def _everything(self) -> Iterator[Counted]:
        for record in [*self.records.values(), *self.unlinked]:
            yield record.box, None, str(record.home)
            for proposal, (source, code) in record.ballots.items():
                yield record.box, proposal, f"{source}.{code}"

    def _refused(self, voter: str, number: int | None) -> Refused:
        if self.sealed:
            return Closed
        older = number is not None and number < self.newest.get(voter, number)
        return Superseded if older else None

    def _remember(self, voter: str, number: int | None) -> None:
        if number is not None:
            self.newest[voter] = number

    def _code(self, record: Record, known: bool, wish: Wish) -> int:
        """A changed ballot keeps its trust; a later one has less if it was for the first only."""
        if wish.proposal in record.ballots:
            kept = record.ballots[wish.proposal][1] & ~0b11111
            return encode(wish.ballot, Trust.UNVERIFIED) | kept
        return encode(wish.ballot, Trust.TRUSTED if wish.first and known else wish.trust)
