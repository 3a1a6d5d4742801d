"""The empty store that a restore fills: empty from the beginning, or of what a broken one left."""

from collections.abc import Collection

from server.store import keys
from server.store.backup_file import BackupError
from server.store.connection import Client, primaries, reaching_store

EVERYTHING = "iso:*"
BATCH = 500  # keys


def demand_empty(client: Client, but_for: Collection[str]) -> None:
    """Raise `BackupError` if there is any other key of ours."""
    for node in primaries(client):
        for key in node.scan_iter(match=EVERYTHING, count=BATCH):
            if key not in but_for:
                words = f"The store is not empty: there is {key}"
                raise BackupError(f"{words}. A restore never mixes two stores: take an empty one.")


def start_over(client: Client) -> None:
    """Empty a store in which a restore was broken off; touch no other.

    Nobody can have voted in it: until a restore is finished no consultation is found there.
    """
    with reaching_store():
        if not client.exists(keys.RESTORING):
            raise BackupError("No restore into this store was broken off: leave --start-over out.")
        for node in primaries(client):
            _unlink_all(node)
        client.delete(keys.RESTORING)


def _unlink_all(node: Client) -> None:
    cursor, begun = 0, False
    while cursor or not begun:
        cursor, names = node.scan(cursor, match=EVERYTHING, count=BATCH)
        begun = True
        with node.pipeline(transaction=False) as batch:
            for name in names:
                if name != keys.RESTORING:
                    batch.unlink(name)
            batch.execute()
