"""Minutes: kept for ever, version after version, and the right to draw them up."""

import base64
import gzip
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from io import BytesIO

from server.consultations.consultation import Consultation
from server.store import keys, scripts
from server.store.caller import Caller, Script
from server.store.clock import StoreClock
from server.store.connection import Client, reaching_store
from server.store.seals import sealed_at

CLAIM = 30_000  # milliseconds; renewed while the work goes on
PIECE = 64 * 1024  # bytes


@dataclass(frozen=True)
class Packed:
    """One version as it is kept: gzip, less than a tenth of its JSON."""

    version: int
    packed: bytes

    @property
    def size(self) -> int:
        """Bytes of its JSON; gzip keeps them at its end."""
        return int.from_bytes(self.packed[-4:], "little")

    def pieces(self) -> Iterator[bytes]:
        """Yield the JSON byte for byte as it was drawn up, never all of it at once."""
        with gzip.open(BytesIO(self.packed)) as file:
            yield from iter(partial(file.read, PIECE), b"")


class Minutes:
    def __init__(self, client: Client, caller: Caller, clock: StoreClock) -> None:
        self._redis = client
        self._caller = caller
        self._clock = clock
        self._append = Script.load("append_minutes")

    @reaching_store()
    def append(self, consultation: Consultation, version: int, content: bytes) -> bool:
        """Keep `content` if it is the next version; return whether it was."""
        text = base64.b64encode(gzip.compress(content, mtime=0)).decode()
        return bool(
            self._caller.run(self._append, [keys.minutes(consultation.id)], [version, text])
        )

    @reaching_store()
    def versions(self, consultation: Consultation) -> int:
        return int(self._redis.llen(keys.minutes(consultation.id)))

    @reaching_store()
    def read(self, consultation: Consultation, version: int | None = None) -> Packed | None:
        """Return that version, or the latest; None if there is none."""
        wanted = version or self.versions(consultation)
        text = self._redis.lindex(keys.minutes(consultation.id), wanted - 1) if wanted > 0 else None
        return Packed(wanted, base64.b64decode(text)) if text else None

    @reaching_store()
    def sealed_at(self, consultation: Consultation) -> datetime:
        """Return when the last box was sealed; raise `ValueError` if one is open."""
        sealed = sealed_at(self._redis, consultation)
        if sealed is None:
            raise ValueError(f"A ballot box of {consultation.slug} is open.")
        return sealed

    @reaching_store()
    def date_key(self, identifier: str) -> None:
        """Note when a signing key was first in use."""
        self._redis.hsetnx(keys.SIGNING_KEYS, identifier, self._clock.now())

    @reaching_store()
    def key_dates(self) -> dict[str, datetime]:
        """Return key id -> when the key was first in use."""
        dates = self._redis.hgetall(keys.SIGNING_KEYS)
        return {key: datetime.fromtimestamp(int(ms) / 1000, UTC) for key, ms in dates.items()}


class Claim:
    """The right to draw up minutes, for one process at a time.

    Two recounts of the same boxes would replace each other for ever. Whether a version is kept
    once is not decided here, but by the script that appends it.
    """

    def __init__(self, client: Client, milliseconds: int = CLAIM) -> None:
        self._redis = client
        self._milliseconds = milliseconds
        self._token = secrets.token_hex(16)
        self._renew = scripts.load(client, "renew_lease")
        self._release = scripts.load(client, "release_lease")

    @reaching_store()
    def hold(self, consultation: Consultation) -> bool:
        """Take or renew it; return False while another process holds it."""
        key = keys.minutes_claim(consultation.id)
        if self._renew([key], [self._token, self._milliseconds]):
            return True
        return bool(self._redis.set(key, self._token, nx=True, px=self._milliseconds))

    @reaching_store()
    def release(self, consultation: Consultation) -> None:
        self._release([keys.minutes_claim(consultation.id)], [self._token])
