"""Recount: count the ballots again, while voting goes on, and compare with the tallies.

A box has a generation and shadow tallies. Each voter's ballots are added to the shadow once, and
the record is stamped; from then on every vote of that voter changes the shadow too. When all are
stamped, tally and shadow are read in one instant per proposal: they must be the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from server.consultations.consultation import Consultation
from server.store import keys, scripts
from server.store.ballots import RESERVED
from server.store.connection import Client, reaching_store
from server.store.consultations import Consultations
from server.store.tallies import SourceHistograms, merge, parse

SCAN_BATCH = 1000  # records looked at in one step of the server


@dataclass(frozen=True)
class Difference:
    """One number that the tallies have wrong: ballots that hold `code` through `source`."""

    proposal: int
    source: int
    code: int
    tallied: int
    counted: int


class Recount:
    def __init__(self, client: Client, consultations: Consultations) -> None:
        self._redis = client
        self._consultations = consultations
        self._begin = scripts.load(client, "begin_recount")
        self._end = scripts.load(client, "end_recount")
        self._stamp = scripts.load(client, "stamp")
        self._compare = scripts.load(client, "compare")

    def run(self, consultation: Consultation) -> dict[int, SourceHistograms]:
        """Return proposal -> source number -> code -> ballots, counted from the ballots."""
        return {proposal: counted for proposal, _, counted in self._both(consultation)}

    def compare(self, consultation: Consultation) -> list[Difference]:
        """Return every number in which the tallies differ from the ballots; none is the rule."""
        return [
            difference
            for proposal, tallied, counted in self._both(consultation)
            for difference in _differences(proposal, tallied, counted)
        ]

    @reaching_store()
    def _both(
        self, consultation: Consultation
    ) -> list[tuple[int, SourceHistograms, SourceHistograms]]:
        proposals = self._consultations.proposal_ids(consultation)
        found: dict[int, list[tuple[SourceHistograms, SourceHistograms]]] = {}
        for box in keys.boxes(consultation.id, consultation.boxes):
            for proposal, pair in self._count_box(box, proposals):
                found.setdefault(proposal, []).append(pair)
        return [
            (proposal, merge(t for t, _ in pairs), merge(c for _, c in pairs))
            for proposal, pairs in found.items()
        ]

    def _count_box(
        self, box: keys.Box, proposals: Sequence[int]
    ) -> list[tuple[int, tuple[SourceHistograms, SourceHistograms]]]:
        shadows = [box.shadow(proposal) for proposal in proposals]
        generation = int(self._begin(keys=[box.recount, box.generation, *shadows]))
        for voter in self._voters(box):
            self._stamp_voter(box, voter, generation)
        counted = [(p, self._compare_one(box, p, generation)) for p in proposals]
        self._end(keys=[box.recount, *shadows], args=[generation])
        return counted

    def _voters(self, box: keys.Box) -> Iterator[str]:
        """Yield every voter with a record. One that appears meanwhile is stamped from birth."""
        prefix = box.voter("")
        for key in self._redis.scan_iter(match=_literal(prefix) + "*", count=SCAN_BATCH):
            if not key.endswith(":more"):
                yield key.removeprefix(prefix)

    def _stamp_voter(self, box: keys.Box, voter: str, generation: int) -> None:
        done = 0
        while not done:
            held = [*self._redis.hkeys(box.voter(voter)), *self._redis.hkeys(box.more(voter))]
            proposals = [int(name) for name in held if name not in RESERVED]
            at = [box.recount, box.voter(voter), box.more(voter), *map(box.shadow, proposals)]
            done = self._stamp(keys=at, args=[generation, *proposals])

    def _compare_one(
        self, box: keys.Box, proposal: int, generation: int
    ) -> tuple[SourceHistograms, SourceHistograms]:
        at = [box.recount, box.tally(proposal), box.shadow(proposal)]
        tally, shadow = self._compare(keys=at, args=[generation])
        return parse(_mapping(tally)), parse(_mapping(shadow))


def _mapping(flat: list[str]) -> dict[str, str]:
    return dict(zip(flat[::2], flat[1::2], strict=True))


def _literal(prefix: str) -> str:
    """Escape what SCAN would read as a pattern."""
    return "".join(f"\\{c}" if c in "*?[]\\^" else c for c in prefix)


def _differences(
    proposal: int, tallied: SourceHistograms, counted: SourceHistograms
) -> Iterator[Difference]:
    for source in sorted(tallied.keys() | counted.keys()):
        ours, theirs = tallied.get(source, {}), counted.get(source, {})
        for code in sorted(ours.keys() | theirs.keys()):
            if ours.get(code, 0) != theirs.get(code, 0):
                yield Difference(proposal, source, code, ours.get(code, 0), theirs.get(code, 0))
