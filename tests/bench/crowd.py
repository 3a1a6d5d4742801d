"""A crowd in the store: voters by the million, written as the vote script writes them."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from server.consultations.ballots import decode
from server.consultations.consultation import Consultation, Proposal
from server.store import keys
from server.store.ballots import Wish
from server.store.record import PROPOSAL_UNIT, SOURCE_UNIT
from server.store.store import Store
from server.store.wiping import WRITING
from tests.conftest import consultation

VOTES = 20  # by each voter
HOURS = 30 * 24  # since the opening
BATCH = 200  # voters written by one script
TEXT = (
    "Il faut que chaque entreprise publie ce que gagnent ses dirigeants et ses salariés, mesure {}"
)


def open_consultation(store: Store, number: int) -> Consultation:
    """Open a consultation of `number` proposals of usual length, a month ago."""
    opens = datetime.now(UTC) - timedelta(hours=HOURS)
    texts = [Proposal(n, TEXT.format(n), "fr") for n in range(1, number + 1)]
    return store.consultations.create(consultation(f"bench-{number}", opens=opens), texts)


def gather(store: Store, opened: Consultation, proposals: int, voters: int) -> None:
    """Write the records of `voters`, each with 20 ballots all over the proposals, and tallies."""
    box = keys.Box(opened.id, 0)
    fill = store.redis.register_script(Path(__file__).with_name("fill.lua").read_text())
    at = [box.voter(""), box.tally(0)[:-1], box.voters]
    for start in range(0, voters, BATCH):
        size = min(BATCH, voters - start)
        few = min(VOTES, proposals)
        fill(at, [start + 1, size, few, proposals, len(opened.sources), HOURS])
    revision = store.redis.incrby(box.revision, voters * VOTES)
    for first in range(1, proposals + 1, BATCH):
        last = min(first + BATCH, proposals + 1)
        scores = {str(n): revision - proposals + n for n in range(first, last)}
        store.redis.zadd(box.changed, scores)
    _come_to_rest(store)


def _come_to_rest(store: Store) -> None:
    """Wait until the server has rewritten the file that all this made long: it is not measured."""
    while any(store.redis.info("persistence")[name] for name in WRITING):
        time.sleep(0.5)


def somebody(store: Store, opened: Consultation, number: int) -> list[str]:
    """Return the pseudonyms of `number` voters."""
    found: list[str] = []
    for key in store.redis.scan_iter(match=keys.pattern(opened.id, keys.VOTERS), count=1000):
        found.append(keys.parse(key)[1])
        if len(found) == number:
            break
    return found


def cast_anew(store: Store, opened: Consultation, voters: Sequence[str]) -> list[str]:
    """Let others cast the same ballots by the vote script; return their pseudonyms.

    Raises unless the records hold the same ballots in the same encoding.
    """
    box, found = keys.Box(opened.id, 0), []
    for voter in voters:
        written = _ballots(store, box.voter(voter))
        found.append(double := voter[::-1])
        for ballot in sorted(written, key=hash):
            _cast(store, opened, double, ballot)
        store.redis.unlink(box.pace(double))
        encodings = {store.redis.object("encoding", box.voter(name)) for name in (voter, double)}
        if written != _ballots(store, box.voter(double)) or encodings != {"intset"}:
            raise RuntimeError(f"cast.lua writes other records by now: {encodings}")
    return found


def _ballots(store: Store, record: str) -> set[int]:
    return {number for number in map(int, store.redis.smembers(record)) if number > 0}


def _cast(store: Store, opened: Consultation, voter: str, ballot: int) -> None:
    proposal, stored = divmod(ballot, PROPOSAL_UNIT)
    source, code = divmod(stored, SOURCE_UNIT)
    coded = decode(code)
    wish = Wish(proposal, coded.ballot, coded.trust, source, number=10**12, braked=False)
    store.ballots.cast(opened, 0, voter, wish)
