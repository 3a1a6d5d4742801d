"""Open data: the results of a consultation as files, as soon as everybody may see them."""

import gzip
import json
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, current_app, request

from server.consultations import open_data
from server.consultations.consultation import Consultation
from server.consultations.folding import FEWEST
from server.consultations.outcome import Told
from server.consultations.results import EARLY
from server.web.aside import aside
from server.web.directory import Snapshot
from server.web.outcomes import demand_outcome
from server.web.results_reading import outcomes_of
from server.web.service import plain, service

blueprint = Blueprint("open_data", __name__)

AGAIN = 60.0  # seconds a file is served before it is made anew, while votes come in
RATHER = 20  # times as long as it took to make
KEPT_AT_MOST = 4  # files per process: of 34 000 proposals and ten sources 10 MB, packed
KEPT_NAME = "isoloir-kept-files"
SHORTLY = "public, max-age=60"
BOM = "\ufeff"  # without it the most common program for such files spoils every accent
TYPES = {"csv": "text/csv; charset=utf-8; header=present", "json": "application/json"}
FORMAT = "isoloir-results/1"


@dataclass(frozen=True)
class File:
    """A file as it was made, of what was published then."""

    stamp: tuple[object, ...]
    due: float  # monotonic seconds
    packed: bytes
    etag: str


class Files:
    """The files of this process, each made by one request while others wait for it."""

    def __init__(self) -> None:
        self._files: dict[tuple[str, str], File] = {}
        self._making = threading.Lock()

    def get(self, snapshot: Snapshot, kind: str) -> File:
        name = (snapshot.consultation.id, kind)
        closed = _closed(snapshot.consultation)
        stamp = (snapshot.version, snapshot.published.revision, closed)
        with self._making:
            known = self._files.get(name)
            if known and (known.stamp == stamp or (not closed and time.monotonic() < known.due)):
                return known
            if name not in self._files and len(self._files) >= KEPT_AT_MOST:
                del self._files[next(iter(self._files))]
            self._files[name] = made = _made(snapshot, kind, stamp, closed)
        return made


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
    response = Response(found.packed if packed else gzip.decompress(found.packed))
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
    told = outcomes_of(snapshot.consultation, snapshot.accepted.values())
    head = _head(snapshot, told, closed)
    content = aside(_packed, kind, head, told, closed)
    ended = time.monotonic()
    due = ended + max(AGAIN, RATHER * (ended - began))
    return File(stamp, due, content, sha256(content).hexdigest()[:32])


def _packed(kind: str, head: dict[str, Any], told: Told, closed: bool) -> bytes:
    found = open_data.rows(told.outcomes, closed)
    text = _csv(found) if kind == "csv" else _json(head, found)
    return gzip.compress("".join(text).encode(), 6, mtime=0)


def _csv(found: Iterable[open_data.Row]) -> Iterator[str]:
    yield BOM
    yield from open_data.written(found)


def _json(head: dict[str, Any], found: Iterable[open_data.Row]) -> Iterator[str]:
    """Yield one object, a row on each line."""
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "rows": ['
    for number, row in enumerate(found):
        yield (",\n" if number else "\n") + json.dumps(row, ensure_ascii=False)
    yield "\n]}\n"


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
            for source, voters in told.sources
        ],
        "folded": {"below": FEWEST, "sources": [source.name for source in told.folded]},
        "sharesFrom": EARLY,
        "representative": False,
    }
