"""Dossiers: documents that were frozen, version after version, kept for ever."""

import base64
import gzip
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from server.staff.acts import Act
from server.store import keys, scripts
from server.store.acts import Acts
from server.store.connection import Client, reaching_store


@dataclass(frozen=True)
class Withdrawn:
    """Why a version can no longer be read, in the consultation's language, and since when (ms)."""

    why: str
    at: int


@dataclass(frozen=True)
class Dossier:
    """One version as it was frozen. `charts` are its pictures as SVG, by name, in their order.

    `at` is when, in milliseconds; `digest` the SHA-256 of the document. Of a withdrawn one only
    these are left.
    """

    version: int
    at: int
    language: str
    title: str
    html: str
    charts: Mapping[str, str]
    digest: str
    withdrawn: Withdrawn | None = None


class Dossiers:
    """`subject` is what they are about: see `keys.dossiers`."""

    def __init__(self, client: Client, acts: Acts) -> None:
        self._redis = client
        self._acts = acts
        self._append = scripts.load(client, "append_dossier")
        self._withdraw = scripts.load(client, "withdraw_dossier")

    @reaching_store()
    def append(self, subject: str, dossier: Dossier, act: Act) -> bool:
        """Keep it if it is the next version, and that it was published; return whether it was."""
        args = [dossier.version, _packed(dossier), self._acts.written(act)]
        return bool(self._append(keys=[keys.dossiers(subject), keys.STAFF_ACTS], args=args))

    @reaching_store()
    def withdraw(self, subject: str, version: int, why: str, at: int, act: Act) -> bool:
        """Leave of a version only that it was, and why it is gone; return whether this did it."""
        key = keys.dossiers(subject)
        text = self._redis.lindex(key, version - 1) if version > 0 else None
        known = _unpacked(text) if text else None
        if known is None or known.withdrawn:
            return False
        left = replace(known, html="", charts={}, withdrawn=Withdrawn(why, at))
        args = [version, text, _packed(left), self._acts.written(act)]
        return bool(self._withdraw(keys=[key, keys.STAFF_ACTS], args=args))

    @reaching_store()
    def versions(self, subject: str) -> int:
        return int(self._redis.llen(keys.dossiers(subject)))

    @reaching_store()
    def read(self, subject: str, version: int) -> Dossier | None:
        """Return that version, None if there is none."""
        text = self._redis.lindex(keys.dossiers(subject), version - 1) if version > 0 else None
        return _unpacked(text) if text else None

    def every(self, subject: str) -> list[Dossier]:
        """Return all versions, the latest first."""
        found = (self.read(subject, number) for number in range(self.versions(subject), 0, -1))
        return [one for one in found if one]


def _packed(dossier: Dossier) -> str:
    text = gzip.compress(json.dumps(asdict(dossier)).encode(), mtime=0)
    return base64.b64encode(text).decode()


def _unpacked(text: str) -> Dossier:
    written = json.loads(gzip.decompress(base64.b64decode(text)))
    withdrawn = written.get("withdrawn")
    return Dossier(**{**written, "withdrawn": Withdrawn(**withdrawn) if withdrawn else None})
