"""Sync state: how far the central platform knows each consultation, and who may tell it."""

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from server.central.acknowledged import Acknowledged
from server.consultations.consultation import Consultation
from server.store import keys, scripts
from server.store.connection import Client, reaching_store

# Milliseconds; renewed every turn. A slow request may outlast it: then the fence decides, and a
# teller that was killed is replaced soon.
LEASE = 10_000


@dataclass(frozen=True)
class Offer:
    """A complete document. `final` is its revision if voting was over, `digest` its body's."""

    digest: str
    final: int | None


@dataclass(frozen=True)
class SyncState:
    """What is remembered of one consultation. `epoch` is 0 until one is drawn.

    `offered` is the last complete document that was sent, whether or not it was acknowledged;
    `final` is the revision of the one that was acknowledged after the close. `data_lost_at` is when the receiver was last found to have more than this store.
    """

    epoch: int = 0  # milliseconds since 1970
    sequence: int = 0
    acknowledged: Acknowledged | None = None
    want_complete: bool = True
    acknowledged_at: datetime | None = None
    offered: Offer | None = None
    complete_at: datetime | None = None
    final: int | None = None
    last_error: str | None = None
    failed_at: datetime | None = None
    data_lost_at: datetime | None = None


class SyncStates:
    def __init__(self, client: Client) -> None:
        self._redis = client

    @reaching_store()
    def read(self, consultation: Consultation) -> SyncState:
        return _load(self._redis.hgetall(keys.sync(consultation.id)))

    @reaching_store()
    def draw_epoch(self, consultation: Consultation, epoch: int) -> None:
        """Begin a new epoch: nothing of an earlier one is acknowledged any more."""
        key = keys.sync(consultation.id)
        with self._redis.pipeline(transaction=True) as batch:
            batch.hdel(key, "acknowledged", "offered", "complete_at", "final")
            batch.hset(key, mapping={"epoch": epoch, "sequence": 0, "want_complete": 1})
            batch.execute()

    @reaching_store()
    def draw_sequence(self, consultation: Consultation) -> int:
        """Return the next sequence. It is kept before it is sent, so none is ever used twice."""
        return int(self._redis.hincrby(keys.sync(consultation.id), "sequence", 1))

    @reaching_store()
    def acknowledge(
        self,
        consultation: Consultation,
        acknowledged: Acknowledged | None,
        want_complete: bool,
        now: datetime,
    ) -> None:
        """Keep what the receiver says it has. What failed before is over."""
        key = keys.sync(consultation.id)
        fields: dict[str, int | str] = {
            "want_complete": int(want_complete),
            "acknowledged_at": now.isoformat(),
        }
        if acknowledged:
            fields["acknowledged"] = json.dumps(acknowledged.dump())
        with self._redis.pipeline(transaction=True) as batch:
            batch.hdel(key, "last_error", "failed_at", "acknowledged")
            batch.hset(key, mapping=fields)
            batch.execute()

    @reaching_store()
    def offer(self, consultation: Consultation, offer: Offer) -> None:
        """Note a complete document that is about to be sent: its answer may get lost."""
        fields = {"offered": json.dumps(asdict(offer))}
        self._redis.hset(keys.sync(consultation.id), mapping=fields)

    @reaching_store()
    def completed(self, consultation: Consultation, offer: Offer, now: datetime) -> None:
        """Note that the complete document on offer was acknowledged."""
        key = keys.sync(consultation.id)
        fields: dict[str, int | str] = {"complete_at": now.isoformat()}
        if offer.final is not None:
            fields["final"] = offer.final
        with self._redis.pipeline(transaction=True) as batch:
            batch.hdel(key, "offered")
            batch.hset(key, mapping=fields)
            batch.execute()

    @reaching_store()
    def failed(self, consultation: Consultation, error: str, now: datetime) -> None:
        fields = {"last_error": error, "failed_at": now.isoformat()}
        self._redis.hset(keys.sync(consultation.id), mapping=fields)

    @reaching_store()
    def data_lost(self, consultation: Consultation, now: datetime) -> None:
        """Note that the receiver has more than this store: staff must know."""
        self._redis.hset(keys.sync(consultation.id), "data_lost_at", now.isoformat())


class Lease:
    """The right to sync, held by one process at a time, with a number that fences off the others.

    A process that was paused may believe it still holds the lease; the receiver refuses its lower
    fence.
    """

    def __init__(self, client: Client, milliseconds: int = LEASE) -> None:
        self._redis = client
        self._milliseconds = milliseconds
        self._token = secrets.token_hex(16)
        self._renew = scripts.load(client, "renew_lease")
        self._release = scripts.load(client, "release_lease")
        self._fence: int | None = None

    @reaching_store()
    def hold(self) -> int | None:
        """Renew or take the lease and return its fence, or None while another holds it."""
        if not self._renew([keys.SYNC_LEASE], [self._token, self._milliseconds]):
            self._fence = None
            if not self._taken():
                return None
        if self._fence is None:
            self._fence = int(self._redis.incr(keys.SYNC_FENCE))
        return self._fence

    @reaching_store()
    def release(self) -> None:
        """Let another process take over at once, rather than when the lease runs out."""
        self._fence = None
        self._release([keys.SYNC_LEASE], [self._token])

    def _taken(self) -> bool:
        lease, token = keys.SYNC_LEASE, self._token
        return bool(self._redis.set(lease, token, nx=True, px=self._milliseconds))


def _load(fields: dict[str, Any]) -> SyncState:
    acknowledged = fields.get("acknowledged")
    offered, final = fields.get("offered"), fields.get("final")
    return SyncState(
        epoch=int(fields.get("epoch", 0)),
        sequence=int(fields.get("sequence", 0)),
        acknowledged=Acknowledged.load(json.loads(acknowledged)) if acknowledged else None,
        want_complete=fields.get("want_complete", "1") == "1",
        acknowledged_at=_time(fields.get("acknowledged_at")),
        offered=Offer(**json.loads(offered)) if offered else None,
        complete_at=_time(fields.get("complete_at")),
        final=None if final is None else int(final),
        last_error=fields.get("last_error"),
        failed_at=_time(fields.get("failed_at")),
        data_lost_at=_time(fields.get("data_lost_at")),
    )


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None
