"""Tallies: read what the boxes have counted, and what changed since."""

from collections.abc import Iterable, Mapping, Sequence

from server.consultations.consultation import Consultation
from server.consultations.tallies import add
from server.store import keys
from server.store.connection import Client, reaching_store

BATCH = 500  # tallies read in one round trip

SourceHistograms = dict[int, dict[int, int]]  # source number -> ballot code -> ballots


class Tallies:
    def __init__(self, client: Client) -> None:
        self._redis = client

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
        wanted = list(proposals)
        found: dict[int, SourceHistograms] = {}
        for start in range(0, len(wanted), BATCH):
            found.update(self._batch(consultation, wanted[start : start + BATCH]))
        return found

    @reaching_store()
    def voters(self, consultation: Consultation) -> int:
        """Return the number of voters who have a record."""
        with self._redis.pipeline(transaction=False) as batch:
            for box in keys.boxes(consultation.id, consultation.boxes):
                batch.get(box.voters)
            return sum(int(value or 0) for value in batch.execute())

    def _batch(self, consultation: Consultation, wanted: list[int]) -> dict[int, SourceHistograms]:
        boxes = keys.boxes(consultation.id, consultation.boxes)
        with self._redis.pipeline(transaction=False) as batch:
            for proposal in wanted:
                for box in boxes:
                    batch.hgetall(box.tally(proposal))
            answers = batch.execute()
        return {
            proposal: merge(map(parse, answers[i * len(boxes) : (i + 1) * len(boxes)]))
            for i, proposal in enumerate(wanted)
        }


def parse(tally: Mapping[str, str | int]) -> SourceHistograms:
    """Return the histograms of a tally hash, `source.code` -> ballots."""
    histograms: SourceHistograms = {}
    for name, number in tally.items():
        source, code = map(int, name.split("."))
        histograms.setdefault(source, {})[code] = int(number)
    return histograms


def merge(parts: Iterable[SourceHistograms]) -> SourceHistograms:
    """Return the sum of what several boxes hold on one proposal."""
    total: SourceHistograms = {}
    for part in parts:
        for source, histogram in part.items():
            total[source] = add((total.get(source, {}), histogram))
    return total
