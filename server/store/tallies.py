"""Tallies: read what the boxes have counted, and what changed since."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from server.consultations.consultation import Consultation
from server.consultations.results import PLACES, Counts, counts_of, places
from server.consultations.tallies import add
from server.store import keys, scripts
from server.store.connection import Client, reaching_store

BATCH = 200  # tallies read in one step of the server: 2 ms, 9 where ten sources voted on each

NAMES = 1 << 15  # of fields, that are read once: more than sources times codes

SourceHistograms = dict[int, dict[int, int]]  # source number -> ballot code -> ballots


class Tallies:
    def __init__(self, client: Client) -> None:
        self._redis = client
        self._read = scripts.load(client, "read_tallies")

    @reaching_store()
    def revisions(self, consultation: Consultation) -> tuple[int, ...]:
        """Return each box's revision. Read it *before* the tallies: what follows is as new."""
        boxes = keys.boxes(consultation.id, consultation.boxes)
        with self._redis.pipeline(transaction=False) as batch:
            for box in boxes:
                batch.get(box.revision)
            return tuple(int(value or 0) for value in batch.execute())

    @reaching_store()
    def changed_since(self, consultation: Consultation, revisions: Sequence[int]) -> set[int]:
        """Return the proposals that changed in any box after the given revisions."""
        boxes = keys.boxes(consultation.id, consultation.boxes)
        with self._redis.pipeline(transaction=False) as batch:
            for box, revision in zip(boxes, revisions, strict=True):
                batch.zrange(box.changed, f"({revision}", "+inf", byscore=True)
            return {int(name) for names in batch.execute() for name in names}

    @reaching_store()
    def histograms(
        self, consultation: Consultation, proposals: Iterable[int]
    ) -> dict[int, SourceHistograms]:
        """Return proposal -> source number -> code -> ballots, all boxes added up."""
        return {
            proposal: merge(parse(dict(zip(t[::2], t[1::2], strict=True))) for t in tallies)
            for proposal, tallies in self._each(consultation, proposals)
        }

    @reaching_store()
    def counts(self, consultation: Consultation, proposals: Iterable[int]) -> dict[int, Counts]:
        """Return proposal -> verified counts, all boxes and sources added up.

        The same as `verified` of `histograms`, in a quarter of the time: it adds as it reads.
        """
        return {
            proposal: _counts(tallies) for proposal, tallies in self._each(consultation, proposals)
        }

    @reaching_store()
    def by_source(
        self, consultation: Consultation, proposals: Iterable[int]
    ) -> dict[int, dict[int, list[int]]]:
        """Return proposal -> source number -> [ballots, those that readers are shown]."""
        return {
            proposal: _by_source(tallies)
            for proposal, tallies in self._each(consultation, proposals)
        }

    def voters(self, consultation: Consultation) -> int:
        """Return the number of voters who have a record."""
        return sum(self.voters_by_source(consultation).values())

    @reaching_store()
    def voters_by_source(self, consultation: Consultation) -> dict[int, int]:
        """Return source number -> voters whose first ballot came through it."""
        with self._redis.pipeline(transaction=False) as batch:
            for box in keys.boxes(consultation.id, consultation.boxes):
                batch.hgetall(box.voters)
            answers = batch.execute()
        return add({int(s): int(n) for s, n in answer.items()} for answer in answers)

    def _each(
        self, consultation: Consultation, proposals: Iterable[int]
    ) -> Iterator[tuple[int, list[list[str]]]]:
        """Yield each proposal with its tally in every box: field, value, field, value …"""
        boxes, wanted = keys.boxes(consultation.id, consultation.boxes), list(proposals)
        for start in range(0, len(wanted), BATCH):
            some = wanted[start : start + BATCH]
            answers = [self._read(keys=list(map(box.tally, some))) for box in boxes]
            for proposal, *tallies in zip(some, *answers, strict=True):
                yield proposal, tallies


def parse(tally: Mapping[str, str | int]) -> SourceHistograms:
    """Return the histograms of a tally hash, `source.code` -> ballots."""
    histograms: SourceHistograms = {}
    for name, number in tally.items():
        source, code = _read_name(name)
        histograms.setdefault(source, {})[code] = int(number)
    return histograms


@lru_cache(NAMES)
def _read_name(name: str) -> tuple[int, int]:
    """Return source and code; there are some thousand names, met by the hundred thousand."""
    source, code = map(int, name.split("."))
    return source, code


def _counts(tallies: Iterable[list[str]]) -> Counts:
    numbers = [0] * 2 * PLACES
    for tally in tallies:
        for name, number in zip(tally[::2], tally[1::2], strict=True):
            for place in places(_read_name(name)[1]):
                numbers[place] += int(number)
    return counts_of(numbers)


def _by_source(tallies: Iterable[list[str]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for tally in tallies:
        for name, number in zip(tally[::2], tally[1::2], strict=True):
            source, code = _read_name(name)
            votes = found.setdefault(source, [0, 0])
            votes[0] += int(number)
            if places(code):
                votes[1] += int(number)
    return found


def merge(parts: Iterable[SourceHistograms]) -> SourceHistograms:
    """Return the sum of what several boxes hold on one proposal."""
    total: SourceHistograms = {}
    for part in parts:
        for source, histogram in part.items():
            total[source] = add((total.get(source, {}), histogram))
    return total
