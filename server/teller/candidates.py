"""Candidates: where every accepted proposal stands, kept up with what is counted."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from server.consultations.consultation import Consultation, ProposalState
from server.consultations.results import NONE
from server.consultations.standings import Standing
from server.store.store import Store
from server.teller.counting import Counting


@dataclass
class _Known:
    version: int
    stamp: int
    standings: dict[int, Standing] = field(default_factory=dict)


class Candidates:
    def __init__(self, store: Store, counting: Counting) -> None:
        self._store = store
        self._counting = counting
        self._known: dict[str, _Known] = {}

    def renew(self, consultation: Consultation) -> int | None:
        """Catch up with the count and with staff; return a number that tells news from old.

        None as long as it was never counted: nobody may think that there are no votes.
        A standing that did not change stays the same object: its scores are worked out once.
        """
        counts = self._counting.counts(consultation)
        if counts is None:
            return None
        known, new = self._known.get(consultation.id), False
        version = self._store.consultations.version(consultation)
        if known is None or known.version != version:
            stamp = known.stamp if known else 0
            known = _Known(version, stamp, self._read(consultation, known))
            self._known[consultation.id], new = known, True
        for number, standing in known.standings.items():
            counted = counts.get(number, NONE)
            if counted is not standing.counts:
                known.standings[number] = replace(standing, counts=counted)
                new = True
        known.stamp += new
        return known.stamp

    def forget(self, consultation: Consultation) -> None:
        """Let go of what is over, and of its counts."""
        self._known.pop(consultation.id, None)
        self._counting.let_go(consultation)

    def of(self, consultation: Consultation) -> Collection[Standing]:
        """Return them by number, as they were when last renewed."""
        known = self._known.get(consultation.id)
        return known.standings.values() if known else ()

    def _read(self, consultation: Consultation, known: _Known | None) -> dict[int, Standing]:
        """Read what came or went since, or all 34 000 where nobody can tell."""
        kept, before = self._store.consultations, known.standings if known else {}
        changed = kept.changed_since(consultation, known.version) if known else None
        standings: dict[int, Standing] = {}
        if changed is None:
            marks = self._store.proposing.authors(consultation)
            changed = {one.id: one for one in kept.proposals(consultation)}
        else:
            marks = self._store.proposing.authors(consultation, list(changed))
            standings = {n: one for n, one in before.items() if n not in changed}
        for one in changed.values():
            if one.state is ProposalState.ACCEPTED:
                fresh = Standing(one, NONE, marks.get(one.id))
                standings[one.id] = _same(before.get(one.id), fresh)
        return {number: standings[number] for number in sorted(standings)}


def _same(known: Standing | None, read: Standing) -> Standing:
    """Return what is known if it is of the same proposal, with its scores; else what was read."""
    same = known and (known.proposal, known.mark) == (read.proposal, read.mark)
    return known if known and same else read
