"""Restore: fill an empty store from a backup.

A mark says that a restore is under way, from the first key to the last; a store that bears it is
unfit for anything else. The consultations get their addresses at the very end, so that nobody
votes in half of one, counts it or tells the central platform about it. A web process may remember
them from the store that was lost: until all ballots are there, their boxes are sealed.
"""

import secrets
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import redis

from server.consultations.consultation import Consultation
from server.store import keys, scripts
from server.store.backup_file import BackupError, BackupFile, StoredImage
from server.store.connection import reaching_store
from server.store.copying import copy
from server.store.definitions import load
from server.store.emptiness import EVERYTHING, demand_empty
from server.store.reports import end_links
from server.store.store import Store
from server.supervisor.image_server import ImageUnreadable, image_server

# What web and teller leave in a store in which nothing has happened yet.
BOOTSTRAP = frozenset({keys.PLACE_KEY, keys.SIGNING_KEYS, keys.SYNC_LEASE, keys.SYNC_FENCE})
# The slugs come last. The lease is of a process long gone, and its fence only holds within an epoch.
# Versions come late too, as new ones: whoever remembers an old one must look at everything afresh.
APART = frozenset({keys.SLUGS, keys.RESTORING, keys.SYNC_LEASE, keys.SYNC_FENCE})

Tell = Callable[[int], None]  # keys copied so far


class Restore:
    """One restore of one backup: `begin`, `copy`, then what has to be settled, then `finish`.

    `binary` is a server that reads the images in place of the one that is found here.
    """

    def __init__(self, store: Store, backup: BackupFile, binary: str | None = None) -> None:
        self._redis = store.redis
        self._tallies = store.tallies
        self._backup = backup
        self._binary = binary
        self._token = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {secrets.token_hex(8)}"
        self._slugs: dict[str, str] = {}
        self._begun = False
        self.links = 0  # of partners that were ended
        self._boxes = [
            box
            for one in backup.manifest.consultations
            for box in keys.boxes(one.id, len(one.revisions))
        ]
        self._release = scripts.load(store.redis, "release_lease")
        self._finish = scripts.load(store.redis, "finish_restore")

    @reaching_store()
    def begin(self) -> None:
        """Mark the store as ours, seal its boxes; raise `BackupError` unless it is empty."""
        demand_empty(self._redis, BOOTSTRAP)
        if not self._redis.set(keys.RESTORING, self._token, nx=True):
            raise BackupError("Another restore into this store has just begun.")
        for box in self._boxes:
            self._redis.set(box.seal, self._token)
        # Up to the seal a vote may have come.
        demand_empty(self._redis, BOOTSTRAP | {keys.RESTORING, *(b.seal for b in self._boxes)})

    @reaching_store()
    def copy(self, tell: Tell) -> tuple[Consultation, ...]:
        """Copy every image and return the consultations; raise `BackupError` if one lacks votes."""
        total = 0
        for image in self._backup.manifest.images:
            for number in self._copy(image):
                total += number
                tell(total)
        found = tuple(self._consultations())
        self._demand_whole({one.slug: one for one in found})
        self.links = sum(end_links(self._redis, one) for one in found)
        self._slugs = {one.slug: one.id for one in found}
        return found

    @reaching_store()
    def finish(self) -> None:
        """Let the consultations be found and voted in, and take the mark away."""
        for number in self._slugs.values():
            self._redis.set(keys.version(number), time.time_ns() // 1_000_000)
        self._unseal()
        pairs = [word for pair in self._slugs.items() for word in pair]
        try:
            self._finish(keys=[keys.RESTORING, keys.SLUGS], args=[self._token, *pairs])
        except redis.ResponseError as error:
            raise _overtaken() from error

    @reaching_store()
    def give_up(self) -> bool:
        """Take the mark away if nothing was written yet, and return whether that is so."""
        if not self._begun and self._redis.get(keys.RESTORING) == self._token:
            self._unseal()
            self._redis.delete(keys.RESTORING)
        return not self._begun

    def _unseal(self) -> None:
        """Open the boxes, but for those that were sealed when the backup was taken."""
        for box in self._boxes:
            self._release(keys=[box.seal], args=[self._token])

    def _copy(self, image: StoredImage) -> Iterator[int]:
        chunks, database = self._backup.chunks(image), self._backup.manifest.database
        try:
            with image_server(chunks, database, self._binary) as server:
                self._begun = True
                slugs = server.hgetall(keys.SLUGS)
                self._slugs |= {slug.decode(): number.decode() for slug, number in slugs.items()}
                for number in copy(server, self._redis, EVERYTHING, _is_apart):
                    if self._redis.get(keys.RESTORING) != self._token:
                        raise _overtaken()
                    yield number
        except ImageUnreadable as error:
            words = f"The server here cannot load the image of {image.server}"
            raise BackupError(f"{words}: {error}") from error

    def _consultations(self) -> Iterator[Consultation]:
        """Yield what the slugs lead to; one whose definition is on a later image is not there."""
        for number in self._slugs.values():
            if text := self._redis.get(keys.definition(number)):
                yield load(text)

    def _demand_whole(self, found: dict[str, Consultation]) -> None:
        for counted in self._backup.manifest.consultations:
            here = found.get(counted.slug)
            revisions = self._tallies.revisions(here) if here else ()
            pairs = zip(revisions, counted.revisions, strict=False)
            if len(revisions) != len(counted.revisions) or any(a < b for a, b in pairs):
                raise BackupError(f"Not all of {counted.slug} is in the backup. Take another one.")


def _is_apart(key: str) -> bool:
    # A backup must not let anybody in who has signed out, or was removed, since.
    return key in APART or keys.is_version(key) or keys.lets_staff_in(key)


def _overtaken() -> BackupError:
    return BackupError("Another restore into this store has begun since. This one has stopped.")
