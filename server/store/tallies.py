"""Tallies: read what the boxes have counted, and what changed since."""

from collections.abc import Iterable, Mapping, Sequence

from server.consultations.consultation import Consultation
from server.consultations.tallies import add
from server.store import keys, scripts
from server.store.connection import Client, reaching_store

BATCH = 200  # tallies read in one step of the server, a millisecond or two

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
        wanted = list(proposals)
        found: dict[int, SourceHistograms] = {}
        for start in range(0, len(wanted), BATCH):
            found.update(self._batch(consultation, wanted[start : start + BATCH]))
        return found

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

    def _batch(self, consultation: Consultation, wanted: list[int]) -> dict[int, SourceHistograms]:
        boxes = keys.boxes(consultation.id, consultation.boxes)
        answers = [self._read(keys=list(map(box.tally, wanted))) for box in boxes]
        return {
            proposal: merge(parse(dict(zip(t[::2], t[1::2], strict=True))) for t in tallies)
            for proposal, *tallies in zip(wanted, *answers, strict=True)
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
