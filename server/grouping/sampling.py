"""Whose votes are looked at: all who have voted enough, or a sample that is the same every time."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from hashlib import blake2b

from server.consultations.ballots import Trust, decode
from server.consultations.consultation import Consultation, ProposalState
from server.consultations.opinion_groups import ENOUGH_VOTES, MOST_PEOPLE
from server.consultations.polis_files import VALUES
from server.store.records import Codes
from server.store.store import Store

Row = dict[int, int]  # proposal -> 1, 0 or -1
LEAST = ENOUGH_VOTES + 1  # integers in a record: each has its birth besides


@dataclass(frozen=True)
class Sample:
    rows: list[Row]
    drawn: bool  # from more people than that


class _Lowest:
    """The `most` with the lowest digests of all that were put in, each once."""

    def __init__(self, consultation: Consultation, most: int) -> None:
        self._salt = consultation.id.encode()[:64]
        self._most = most
        self._kept: set[tuple[bytes, str]] = set()
        self.more = False

    def put(self, names: Iterable[str]) -> None:
        self._kept |= {
            (blake2b(name.encode(), digest_size=8, key=self._salt).digest(), name) for name in names
        }
        if len(self._kept) > 2 * self._most:
            self._cut()

    def names(self) -> list[str]:
        self._cut()
        return [name for _, name in sorted(self._kept)]

    def _cut(self) -> None:
        if len(self._kept) > self._most:
            self._kept = set(sorted(self._kept)[: self._most])
            self.more = True


def sample(store: Store, consultation: Consultation, most: int = MOST_PEOPLE) -> Sample:
    """Return the verified votes of who has cast enough, one row for each.

    On what readers see: a text that was refused or taken down divides nobody any more.
    Raises `BallotsDestroyed`. Of a million voters no more is read than how many ballots they hold.
    """
    accepted = {
        one.id
        for one in store.consultations.proposals(consultation)
        if one.state is ProposalState.ACCEPTED
    }
    lowest = _Lowest(consultation, most)
    for page in store.records.pages(consultation):
        sizes = store.records.sizes(page)
        lowest.put(name for name, size in zip(page, sizes, strict=True) if size >= LEAST)
    found = store.records.ballots(consultation, lowest.names())
    rows = [row for codes in found if len(row := _row(codes, accepted)) >= ENOUGH_VOTES]
    return Sample(rows, lowest.more)


def _row(codes: Codes, accepted: Set[int]) -> Row:
    ballots = {proposal: decode(code) for proposal, code in codes.items() if proposal in accepted}
    return {
        proposal: VALUES[ballot.ballot.vote]
        for proposal, ballot in ballots.items()
        if ballot.weight > Trust.UNVERIFIED
    }
