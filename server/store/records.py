"""Records read whole: every voter's ballots, for who must see them row by row.

The store is never held up: keys are looked for page by page, and records read some at a time.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from server.consultations.consultation import Consultation
from server.store import keys, record, scripts
from server.store.connection import Client, primaries, reaching_store
from server.store.purge import demand_ballots
from server.store.record import SOURCE_UNIT

PAGE = 500  # keys that a server looks at in one step
AT_ONCE = 50  # records read by one script: under a millisecond of the server's time

Codes = dict[int, int]  # proposal -> ballot code


class Records:
    def __init__(self, client: Client) -> None:
        self._redis = client
        self._read = scripts.load(client, "read_records")

    def pages(self, consultation: Consultation) -> Iterator[list[str]]:
        """Yield the keys of all voters, page by page; some perhaps twice.

        Raises `BallotsDestroyed` if there are none any more. Who votes for the first time
        meanwhile may be missing.
        """
        with reaching_store():
            demand_ballots(self._redis, consultation)
            nodes = primaries(self._redis)
        match = keys.pattern(consultation.id, keys.VOTERS)
        for node in nodes:
            cursor = None
            while cursor != 0:
                with reaching_store():
                    cursor, found = node.scan(cursor or 0, match=match, count=PAGE)
                yield [*filter(keys.is_voter, found)]

    @reaching_store()
    def sizes(self, voters: Sequence[str]) -> list[int]:
        """Return how many integers each record holds: its ballots, up to 480, and its marks."""
        with self._redis.pipeline(transaction=False) as batch:
            for key in voters:
                batch.scard(key)
            return [int(number) for number in batch.execute()]

    def ballots(self, consultation: Consultation, voters: Sequence[str]) -> Iterator[Codes]:
        """Yield each voter's ballots, in the order of their keys; none of who is forgotten.

        Raises `BallotsDestroyed` in the end if some may have been destroyed meanwhile.
        """
        step = AT_ONCE * consultation.boxes
        for start in range(0, len(voters), step):
            some = voters[start : start + step]
            found = self._some(some)
            yield from (found[key] for key in some)
        with reaching_store():
            demand_ballots(self._redis, consultation)

    @reaching_store()
    def _some(self, voters: Sequence[str]) -> dict[str, Codes]:
        by_box: dict[str, list[str]] = defaultdict(list)
        for key in voters:
            by_box[key.partition("}")[0]].append(key)
        found: dict[str, Codes] = {}
        for of_box in by_box.values():
            for start in range(0, len(of_box), AT_ONCE):
                here = of_box[start : start + AT_ONCE]
                at = [name for key in here for name in (key, keys.more_of(key))]
                answers = self._read(keys=at)
                found |= {key: _codes(*one) for key, one in zip(here, answers, strict=True)}
        return found


def _codes(members: list[str], more: list[str]) -> Codes:
    beyond = zip(map(int, more[::2]), map(int, more[1::2]), strict=True)
    return {proposal: stored % SOURCE_UNIT for proposal, stored in beyond} | record.codes(members)
