"""Dossiers: documents that were frozen, version after version, kept for ever."""

import base64
import gzip
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from server.staff.acts import Act
from server.store import keys, scripts
from server.store.acts import Acts
from server.store.connection import Client, reaching_store


@dataclass(frozen=True)
class Dossier:
    """One version as it was frozen. `charts` are its pictures as SVG, by name, in their order.

    `at` is when, in milliseconds; `digest` what the document itself can be told by.
    """

    version: int
    at: int
    language: str
    title: str
    html: str
    charts: Mapping[str, str]
    digest: str


class Dossiers:
    """`subject` is what they are about: see `keys.dossiers`."""

    def __init__(self, client: Client, acts: Acts) -> None:
        self._redis = client
        self._acts = acts
        self._append = scripts.load(client, "append_dossier")

    @reaching_store()
    def append(self, subject: str, dossier: Dossier, act: Act) -> bool:
        """Keep it if it is the next version, and that it was published; return whether it was."""
        text = gzip.compress(json.dumps(asdict(dossier)).encode(), mtime=0)
        args = [dossier.version, base64.b64encode(text).decode(), self._acts.written(act)]
        return bool(self._append(keys=[keys.dossiers(subject), keys.STAFF_ACTS], args=args))

    @reaching_store()
    def versions(self, subject: str) -> int:
        return int(self._redis.llen(keys.dossiers(subject)))

    @reaching_store()
    def read(self, subject: str, version: int | None = None) -> Dossier | None:
        """Return that version, or the latest; None if there is none."""
        place = version - 1 if version else -1
        text = self._redis.lindex(keys.dossiers(subject), place)
        return Dossier(**json.loads(gzip.decompress(base64.b64decode(text)))) if text else None
