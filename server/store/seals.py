"""Seals: since when the boxes of a consultation are closed for good."""

from datetime import UTC, datetime

from server.consultations.consultation import Consultation
from server.store import keys
from server.store.connection import Client


def sealed_at(client: Client, consultation: Consultation) -> datetime | None:
    """Return when the last box was sealed, by the store's clock; None if one is open.

    A seal is negative once the ballots of its box are destroyed.
    """
    with client.pipeline(transaction=False) as batch:
        for box in keys.boxes(consultation.id, consultation.boxes):
            batch.get(box.seal)
        seals = batch.execute()
    if None in seals:
        return None
    return datetime.fromtimestamp(max(abs(int(seal)) for seal in seals) / 1000, UTC)
