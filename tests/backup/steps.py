"""What the tests of backups do, in the words of the product."""

from itertools import filterfalse
from pathlib import Path
from typing import Any

from server.cli.whole_file import whole_file
from server.consultations.ballots import Ballot, Trust, Vote
from server.consultations.consultation import Consultation
from server.store import keys
from server.store.backup import back_up
from server.store.backup_file import Manifest, open_backup
from server.store.ballots import Wish
from server.store.connection import primaries
from server.store.restore import Restore
from server.store.store import Store

AGREE, DISAGREE = Ballot.of(Vote.AGREE, ["likeIt"]), Ballot(Vote.DISAGREE)
RMC, BFM = 2, 3


def silent(*_: object) -> None: ...


def cast(
    store: Store,
    opened: Consultation,
    voter: str = "nora",
    proposal: int = 1,
    ballot: Ballot = AGREE,
    source: int = RMC,
) -> None:
    box = hash(voter) % opened.boxes
    store.ballots.cast(opened, box, voter, Wish(proposal, ballot, Trust.SEQUENCE, source))


def fill(store: Store, opened: Consultation, voters: int, each: int = 3) -> None:
    """Let so many people vote on the first proposals, each on `each` of them."""
    for number in range(voters):
        for proposal in range(1, each + 1):
            source = RMC if (number + proposal) % 3 else BFM
            cast(store, opened, f"voter-{number}", proposal, (AGREE, DISAGREE)[number % 2], source)


def backed_up(store: Store, path: Path) -> Manifest:
    with whole_file(path, force=False) as file:
        return back_up(store, file, silent)


def restored(target: Store, path: Path) -> tuple[Consultation, ...]:
    with open_backup(path) as backup:
        backup.verify()
        restore = Restore(target, backup)
        restore.begin()
        found = restore.copy(silent)
        restore.finish()
    return found


def contents(store: Store) -> dict[str, Any]:
    """Return every key with its value and the instant at which it ends (-1: never).

    Without the versions, of which a restore draws new ones.
    """
    found = {}
    for node in primaries(store.redis):
        for key in filterfalse(keys.is_version, node.scan_iter("iso:*")):
            found[key] = (_value(node, key), node.pexpiretime(key))
    return found


def _value(node: Any, key: str) -> Any:
    readers = {
        "string": node.get,
        "hash": node.hgetall,
        "set": node.smembers,
        "list": lambda name: node.lrange(name, 0, -1),
        "zset": lambda name: node.zrange(name, 0, -1, withscores=True),
    }
    return readers[node.type(key)](key)
