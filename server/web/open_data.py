"""Open data: the results of a consultation as files, as soon as everybody may see them."""

import json
import threading
import time
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, current_app, request

from server.consultations import open_data
from server.consultations.consultation import Consultation, Proposal
from server.consultations.folding import FEWEST
from server.consultations.outcome import Count, Told
from server.consultations.results import EARLY
from server.web.aside import aside
from server.web.directory import Snapshot
from server.web.outcomes import demand_outcome
from server.web.results_reading import counted, outcomes_of
from server.web.service import plain, service

blueprint = Blueprint("open_data", __name__)

AGAIN = 60.0  # seconds a file is served before it is made anew, while votes come in
RATHER = 20  # times as long as it took to make
KEPT = 48 * 2**20  # bytes per process: a file of 34 000 proposals and ten sources has 15 MB, packed
KEPT_NAME = "isoloir-kept-files"
SHORTLY = "public, max-age=60"
BOM = "\ufeff"  # without it the most common program for such files spoils every accent
TYPES = {"csv": "text/csv; charset=utf-8; header=present", "json": "application/json"}
STEP = 200  # proposals read and written at a time: one step of the store
PIECE = 64 * 1024  # bytes
LEVEL, GZIP = 6, 31  # of zlib: how hard to pack, and into what
JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
FORMAT = "isoloir-results/1"


@dataclass(frozen=True)
class File:
    """A file as it was made, of what was published then."""

    stamp: tuple[object, ...]
    due: float  # monotonic seconds
    packed: bytes
    etag: str
    told: Mapping[int, Proposal] = field(default_factory=dict, repr=False)  # which ones are in it

    def serves(self, snapshot: Snapshot, stamp: tuple[object, ...], closed: bool) -> bool:
        """Whether it is good enough: before the close numbers may wait, and what is new.

        What staff took down does not stay for as long.
        """
        if self.stamp == stamp:
            return True
        return not closed and time.monotonic() < self.due and not self.has_gone(snapshot)

    def has_gone(self, snapshot: Snapshot) -> bool:
        """Whether it tells of a proposal, or in words, that readers are shown no more."""
        return not self.told.items() <= snapshot.accepted.items()


class Files:
    """The files of this process, each made by one request while others wait for it."""

    def __init__(self) -> None:
        self._files: OrderedDict[tuple[str, str], File] = OrderedDict()  # last asked for, last
        self._making = threading.Lock()

    def get(self, snapshot: Snapshot, kind: str) -> File:
        name = (snapshot.consultation.id, kind)
        closed = _closed(snapshot.consultation)
        stamp = (snapshot.version, snapshot.published.revision, closed)
        known = self._files.get(name)
        if known and known.serves(snapshot, stamp, closed):
            return self._asked(name, known)
        if known and not closed and self._making.locked() and not known.has_gone(snapshot):
            return known  # somebody makes a newer one
        with self._making:
            again = self._files.get(name)
            if again and again is not known and not again.has_gone(snapshot):
                return again  # somebody made it while this one waited
            made = replace(_made(snapshot, kind, stamp, closed), told=snapshot.accepted)
            self._files[name] = made
            self._asked(name, made)
            self._let_go()
        return made

    def _asked(self, name: tuple[str, str], found: File) -> File:
        with suppress(KeyError):  # let go of meanwhile
            self._files.move_to_end(name)
        return found

    def _let_go(self) -> None:
        """Keep what was asked for last, as far as there is room, and always the newest."""
        room = KEPT
        for name in reversed(list(self._files)):
            room -= len(self._files[name].packed)
            if room < 0 and name != next(reversed(self._files)):
                self._files.pop(name, None)


@blueprint.get("/c/<slug>/results.csv")
def as_csv(slug: str) -> Response:
    return _served(slug, "csv")


@blueprint.get("/c/<slug>/results.json")
def as_json(slug: str) -> Response:
    return _served(slug, "json")


def _served(slug: str, kind: str) -> Response:
    snapshot = service().directory.find(slug)
    demand_outcome(snapshot)
    files: Files = plain(current_app).extensions.setdefault(KEPT_NAME, Files())
    found = files.get(snapshot, kind)
    packed = request.accept_encodings["gzip"] > 0
    response = Response(found.packed if packed else _unpacked(found.packed))
    response.headers["Content-Type"] = TYPES[kind]
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    name = f"{snapshot.consultation.slug}-results.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = SHORTLY
    response.headers["X-Content-Type-Options"] = "nosniff"
    # Researchers' pages may read it; it is the same for everybody.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.vary.add("Accept-Encoding")
    response.set_etag(found.etag, weak=True)
    response.make_conditional(request)
    return response


def _closed(consultation: Consultation) -> bool:
    return consultation.phase(datetime.now(UTC)).is_over


def _made(snapshot: Snapshot, kind: str, stamp: tuple[object, ...], closed: bool) -> File:
    began = time.monotonic()
    content, ended = _content(snapshot, kind, closed), time.monotonic()
    due = ended + max(AGAIN, RATHER * (ended - began))
    return File(stamp, due, content, sha256(content).hexdigest()[:32])


def _content(snapshot: Snapshot, kind: str, closed: bool) -> bytes:
    """Write a file in small steps: of 34 000 proposals never more than some hundred are in memory.

    Its sources are those of its beginning, whoever votes meanwhile.
    """
    consultation = snapshot.consultation
    content = _written(snapshot, kind, closed, count := counted(consultation))
    if content is None:
        # A source that nobody had voted through was: with it, the small ones are folded.
        every = frozenset(source.number for source in consultation.sources)
        content = _written(snapshot, kind, closed, replace(count, voted=every))
    return content or b""


def _written(snapshot: Snapshot, kind: str, closed: bool, count: Count) -> bytes | None:
    """Return the file, none if its sources can no longer be those of its beginning."""
    packer, pieces, folded = zlib.compressobj(LEVEL, wbits=GZIP), [], None
    proposals = list(snapshot.accepted.values())
    for start in range(0, max(1, len(proposals)), STEP):
        some = proposals[start : start + STEP]
        told = outcomes_of(snapshot.consultation, some, count=count)
        if folded not in (None, told.folded):
            return None
        folded = told.folded
        head = _head(snapshot, told, closed) if not start else None
        pieces.append(aside(_packed, packer, kind, head, told, closed))
    if kind == "json":
        pieces.append(packer.compress(b"\n]}\n"))
    pieces.append(packer.flush())
    return b"".join(pieces)


def _packed(packer: Any, kind: str, head: Any, told: Told, closed: bool) -> bytes:
    """Return what some more proposals add to the file; before the first stands its head."""
    found = open_data.rows(told.outcomes, closed)
    text = _csv(head, found) if kind == "csv" else _json(head, found)
    packed: bytes = packer.compress(text.encode())
    return packed


def _unpacked(content: bytes) -> Iterator[bytes]:
    """Yield the file for who takes nothing packed: whole, it is ten times as large."""
    unpacker = zlib.decompressobj(GZIP)
    for start in range(0, len(content), PIECE):
        yield unpacker.decompress(content[start : start + PIECE])
    yield unpacker.flush()


def _csv(head: Any, found: Iterable[open_data.Row]) -> str:
    names = [list(open_data.COLUMNS)] if head else []
    return BOM * bool(head) + open_data.written([*names, *found])


def _json(head: Any, found: Iterable[open_data.Row]) -> str:
    """Write one object, a row on each line, without what a row has nothing of."""
    before = JSON.encode(head)[:-1] + ',"rows":[' if head else ","
    lines = (
        JSON.encode({n: v for n, v in zip(open_data.COLUMNS, row, strict=True) if v is not None})
        for row in found
    )
    return f"{before}\n" + ",\n".join(lines)


def _head(snapshot: Snapshot, told: Told, closed: bool) -> dict[str, Any]:
    consultation = snapshot.consultation
    return {
        "format": FORMAT,
        "consultation": consultation.slug,
        "question": consultation.question,
        "rehearsal": consultation.rehearsal,
        "opens": consultation.opens.isoformat(),
        "closes": consultation.closes.isoformat(),
        "closed": closed,
        "asOf": datetime.fromtimestamp(snapshot.published.as_of / 1000, UTC).isoformat(),
        "revision": snapshot.published.revision,
        "voters": told.voters,
        "sources": [
            {"name": source.name, "title": source.title or None, "voters": voters}
            for source, voters in (told.sources if closed else ())
        ],
        "folded": {"below": FEWEST, "sources": [source.name for source in told.folded]},
        "proposals": "accepted",
        "sharesFrom": EARLY,
        "representative": False,
    }
