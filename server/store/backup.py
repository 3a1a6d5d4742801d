"""Backup: one image of each primary, and what they must hold at the least, in one file.

The images of a cluster are of different instants. That does no harm: a ballot box lies on one
server, with everything that a vote changes.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import IO

from server.store.backup_file import (
    BackupError,
    BackupWriter,
    Counted,
    Manifest,
    StoredImage,
    writing,
)
from server.store.connection import (
    Client,
    fingerprint,
    primaries,
    reaching_store,
    slots_move,
)
from server.store.image import begun_before, image_of
from server.store.store import Store
from server.version import VERSION

HEAD = 512  # bytes of an image that say what it is

# What is told while an image arrives: bytes so far, and bytes in all if the server has said it.
Tell = Callable[[int, int | None], None]


def back_up(store: Store, file: IO[bytes], tell: Tell) -> Manifest:
    """Write a backup to `file`; raise `BackupError`, or `OSError` if the file takes no more."""
    with reaching_store(), writing(file) as writer:
        before = _standing(store.redis)
        nodes = primaries(store.redis)
        manifest = Manifest(
            made_at=_time(store.redis),
            isoloir=VERSION,
            database=nodes[0].connection_pool.connection_kwargs.get("db", 0),
            consultations=tuple(_counted(store)),
            images=tuple(_add(writer, n, node, tell) for n, node in enumerate(nodes)),
        )
        if _standing(store.redis) != before:
            raise BackupError("The cluster changed its shape meanwhile. Take the backup again.")
        writer.finish(manifest)
    return manifest


def _standing(client: Client) -> object:
    """Return who serves what; raise `BackupError` while keys are on their way between nodes.

    They could leave one node before its image, and reach the other one after its own.
    """
    if slots_move(client):
        raise BackupError("Slots of the cluster are on the move: wait until they are there.")
    return fingerprint(client)


def _counted(store: Store) -> Iterator[Counted]:
    for consultation in store.consultations.all():
        revisions = store.tallies.revisions(consultation)
        yield Counted(consultation.slug, consultation.id, revisions)


def _add(writer: BackupWriter, number: int, node: Client, tell: Tell) -> StoredImage:
    asked, server = _time(node), _version(node)
    name = f"image-{number}.rdb"
    with image_of(node) as image:
        size, digest = writer.add(name, _watched(image.chunks, image.length, asked, tell))
    return StoredImage(name, size, digest, server, asked.isoformat())


def _watched(
    chunks: Iterator[bytes], length: int | None, asked: datetime, tell: Tell
) -> Iterator[bytes]:
    """Pass an image on, unless it was begun before we asked for it: votes could be missing."""
    head, size = b"", 0
    for chunk in chunks:
        if len(head) < HEAD:
            head += chunk[:HEAD]
            if begun_before(head, asked.timestamp()):
                raise BackupError("The store gave away an earlier image. Take the backup again.")
        yield chunk
        size += len(chunk)
        tell(size, length)


def _time(client: Client) -> datetime:
    """Return the server's own time, which stands in its image too."""
    seconds, microseconds = client.time()
    return datetime.fromtimestamp(seconds + microseconds / 1_000_000, UTC)


def _version(node: Client) -> str:
    found = node.info("server")
    return f"{found.get('server_name', 'redis')} {found.get('valkey_version') or found['redis_version']}"
