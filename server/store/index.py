"""The index of what waits: whoever brought it, the queue comes to know it."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.consultations.consultation import Consultation
from server.store import keys
from server.store.connection import Client, reaching_store
from server.store.desk import Desk, script

BATCH = 100  # proposals that the queue is told of by one script: voters wait for some 5 ms
INDEXER = "teller"


@dataclass(frozen=True)
class Place:
    """Up to which number, and at which version, a queue knows what waits; and where these are."""

    number: int
    last: int
    at: str
    version: str

    @property
    def has_numbers(self) -> bool:
        return self.last > self.number

    @property
    def has_version(self) -> bool:
        return bool(self.version) and self.version != self.at


class Index:
    def __init__(self, client: Client, desk: Desk) -> None:
        self._redis = client
        self._desk = desk
        self._index = script("index_waiting")

    def catch_up(self, consultations: Sequence[Consultation]) -> None:
        """Have the queues know what waits, whoever brought it; costs a look if nothing is new."""
        for one in self.behind(consultations):
            self.take_in(one)

    @reaching_store()
    def behind(self, consultations: Sequence[Consultation]) -> list[Consultation]:
        """Return those with anything that their queue may not know, in one round trip."""
        found = zip(consultations, self._places(consultations), strict=True)
        return [one for one, place in found if place.has_numbers or place.has_version]

    @reaching_store()
    def take_in(self, consultation: Consultation) -> None:
        """Have the queue of one know what waits there."""
        (place,) = self._places([consultation])
        if place.has_numbers:
            self._add(consultation, self._of_readers(consultation, place), number=str(place.last))
        if place.has_version:
            self._add(consultation, self._of_file(consultation, place), version=place.version)

    def _places(self, consultations: Sequence[Consultation]) -> list[Place]:
        with self._redis.pipeline(transaction=False) as batch:
            for one in consultations:
                batch.get(keys.version(one.id))
                batch.get(keys.proposal_number(one.id))
                batch.hmget(keys.indexed(one.id), ["number", "version"])
            found = batch.execute()
        return [
            Place(int(number or 0), int(last or 0), at or "", version or "")
            for version, last, (number, at) in zip(*[iter(found)] * 3, strict=True)
        ]

    def _of_readers(self, consultation: Consultation, place: Place) -> Sequence[int]:
        """Return those since the last look; of a file with gaps, only those that there are."""
        if place.last - place.number <= BATCH:
            return range(place.number + 1, place.last + 1)
        numbers = map(int, self._redis.hkeys(keys.proposed(consultation.id)))
        return sorted(number for number in numbers if place.number < number <= place.last)

    def _of_file(self, consultation: Consultation, place: Place) -> list[int]:
        """Return those that a file brought to be decided, readers' far above all others too."""
        texts = self._redis.hgetall(keys.proposals(consultation.id))
        ours = [int(number) for number, text in texts.items() if '"pending"' in text]
        theirs = map(int, self._redis.hkeys(keys.proposed(consultation.id)))
        return [*ours, *(number for number in theirs if number > place.last)]

    def _add(
        self,
        consultation: Consultation,
        numbers: Sequence[int],
        number: str = "",
        version: str = "",
    ) -> None:
        also = (keys.arrivals(consultation.id), keys.purge(consultation.id))
        for start in range(0, max(1, len(numbers)), BATCH):
            some = numbers[start : start + BATCH]
            last = start + BATCH >= len(numbers)  # only then is everything looked at
            reached = (number, version) if last else ("", "")
            self._desk.run(self._index, consultation, INDEXER, (*reached, *some), also)
