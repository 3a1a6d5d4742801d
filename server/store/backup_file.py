"""A backup file: a zip archive with one image of each server and a manifest that vouches for them.

The manifest comes last: an archive that was cut off has none. Nothing is ever unpacked by a name
that stands in the archive.
"""

import json
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from server.store.keys import LAYOUT_NUMBER

FORMAT = 1  # of the file; what is kept in the images has its own number, the layout
MANIFEST = "manifest.json"
LONGEST_MANIFEST = 16 << 20  # bytes; ten thousand consultations of a hundred boxes fit
CHUNK = 1 << 20  # bytes
# Halves an image of 100 000 voters in 0.7 s. The usual 6 takes four times as long for 8 % less.
LEVEL = 1
ENCRYPTED = 1  # a bit of an entry's flags
DAMAGE = (BadZipFile, zlib.error, EOFError, KeyError, TypeError, ValueError)


class BackupError(Exception):
    """A backup cannot be taken or restored. The message is one line that says what to do."""


@dataclass(frozen=True)
class StoredImage:
    """One server's image. `as_of`: votes acknowledged before are in it (ISO 8601)."""

    name: str
    bytes: int
    sha256: str
    server: str  # such as "valkey 9.1.2"
    as_of: str


@dataclass(frozen=True)
class Counted:
    """A consultation, and each box's revision at the latest before the images were taken."""

    slug: str
    id: str
    revisions: tuple[int, ...]


@dataclass(frozen=True)
class Manifest:
    """What is in a backup. `database` is the number of the logical database, 0 as a rule."""

    made_at: datetime
    isoloir: str
    database: int
    images: tuple[StoredImage, ...]
    consultations: tuple[Counted, ...]

    def dump(self) -> str:
        numbers = {"format": FORMAT, "layout": LAYOUT_NUMBER}
        fields = {**numbers, **asdict(self), "made_at": self.made_at.isoformat()}
        return json.dumps(fields, indent=2)

    @classmethod
    def load(cls, text: bytes) -> "Manifest":
        """Read what `dump` wrote; raise `KeyError`, `TypeError` or `ValueError` for anything else."""
        fields: dict[str, Any] = json.loads(text)
        if fields["format"] != FORMAT:
            raise BackupError("A newer Isoloir made this backup: restore it with that version.")
        layout = fields.get("layout", 1)  # the first releases named none
        if layout != LAYOUT_NUMBER:
            raise BackupError(
                f"The backup is of another Isoloir (layout {layout}, this one needs "
                f"{LAYOUT_NUMBER}): restore it with the release that made it."
            )
        return cls(
            made_at=datetime.fromisoformat(fields["made_at"]),
            isoloir=str(fields["isoloir"]),
            database=int(fields["database"]),
            images=tuple(StoredImage(**image) for image in fields["images"]),
            consultations=tuple(
                Counted(str(c["slug"]), str(c["id"]), tuple(map(int, c["revisions"])))
                for c in fields["consultations"]
            ),
        )


class BackupWriter:
    """Writes a backup to a file, a pipe included: nothing is ever written twice."""

    def __init__(self, archive: ZipFile) -> None:
        self._zip = archive

    def add(self, name: str, chunks: Iterable[bytes]) -> tuple[int, str]:
        """Write one image; return its size in bytes and its SHA-256."""
        size, digest = 0, sha256()
        with self._zip.open(name, "w", force_zip64=True) as entry:
            for chunk in chunks:
                entry.write(chunk)
                size += len(chunk)
                digest.update(chunk)
        return size, digest.hexdigest()

    def finish(self, manifest: Manifest) -> None:
        self._zip.writestr(MANIFEST, manifest.dump())


@contextmanager
def writing(file: IO[bytes]) -> Iterator[BackupWriter]:
    """Begin a backup in `file`. Without `finish` it is none."""
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        yield BackupWriter(archive)


class BackupFile:
    """A backup to read. Whatever is wrong with it raises `BackupError`."""

    def __init__(self, archive: ZipFile, path: Path) -> None:
        self._zip = archive
        self._path = path
        with self._reading(MANIFEST) as entry:
            self.manifest = Manifest.load(entry.read(LONGEST_MANIFEST))

    def verify(self) -> None:
        """Compare every image with what the manifest says of it."""
        for image in self.manifest.images:
            for _ in self.chunks(image):
                pass

    def chunks(self, image: StoredImage) -> Iterator[bytes]:
        """Yield an image; at the end, or as soon as it is too long, say if it is another one."""
        size, digest = 0, sha256()
        with self._reading(image.name) as entry:
            while size <= image.bytes and (chunk := entry.read(CHUNK)):
                size += len(chunk)
                digest.update(chunk)
                yield chunk
        if (size, digest.hexdigest()) != (image.bytes, image.sha256):
            raise _damaged(self._path, "its checksum is wrong")

    @contextmanager
    def _reading(self, name: str) -> Iterator[IO[bytes]]:
        try:
            found = self._zip.getinfo(name)
            if found.flag_bits & ENCRYPTED or found.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
                raise _damaged(self._path, "it is no archive of ours")
            with self._zip.open(found) as entry:
                yield entry
        except DAMAGE as error:
            raise _damaged(self._path, error) from error


@contextmanager
def open_backup(path: Path) -> Iterator[BackupFile]:
    """Open a backup; raise `BackupError` if it is none."""
    try:
        archive = ZipFile(path)
    except OSError as error:
        raise BackupError(f"{path} cannot be read ({error.strerror}).") from error
    except DAMAGE as error:
        raise _damaged(path, error) from error
    with archive:
        yield BackupFile(archive, path)


def _damaged(path: Path, why: object) -> BackupError:
    return BackupError(f"{path} is damaged or no backup ({why}). Nothing was restored.")
