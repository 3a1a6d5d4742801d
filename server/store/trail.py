"""The trail: every act of staff in a consultation, in order, and none ever taken out.

It holds no text. How a text was written before it was mended lies beside it, and goes with its
author; so do the versions that acts name, which are digests of texts.
"""

import json
from collections.abc import Iterator

from server.consultations.consultation import Consultation
from server.consultations.moderation import Act, Entry, Former
from server.consultations.proposing import RefusalReason
from server.store import keys
from server.store.connection import Client, reaching_store

PAGE = 200  # lines


class Trail:
    def __init__(self, client: Client) -> None:
        self._redis = client

    @reaching_store()
    def latest(self, consultation: Consultation, most: int = PAGE, skip: int = 0) -> list[Entry]:
        """Return the last acts, the newest first."""
        at = keys.acts(consultation.id)
        texts = self._redis.lrange(at, -skip - most, -skip - 1)
        return [_entry(text) for text in reversed(texts)]

    def all(self, consultation: Consultation) -> Iterator[Entry]:
        """Yield every act, the oldest first."""
        start = 0
        while texts := self._page(consultation, start):
            yield from map(_entry, texts)
            start += len(texts)

    @reaching_store()
    def of(self, consultation: Consultation, proposal: int) -> list[Entry]:
        """Return every act on one proposal, the oldest first."""
        places = self._redis.hget(keys.acts_of(consultation.id), str(proposal))
        with self._redis.pipeline(transaction=False) as batch:
            for place in (places or "").split():
                batch.lindex(keys.acts(consultation.id), int(place))
            return [_entry(text) for text in batch.execute()]

    @reaching_store()
    def former(self, consultation: Consultation, proposal: int) -> list[Former]:
        """Return how a proposal was written before it was mended, the first text first."""
        text = self._redis.hget(keys.edits(consultation.id), str(proposal))
        kept = json.loads(text).get("former") if text else None
        return [Former(one["text"], one["by"], int(one["at"])) for one in kept or ()]

    @reaching_store()
    def _page(self, consultation: Consultation, start: int) -> list[str]:
        texts: list[str] = self._redis.lrange(keys.acts(consultation.id), start, start + PAGE - 1)
        return texts


def _entry(text: str) -> Entry:
    kept = json.loads(text)
    return Entry(
        proposal=int(kept["proposal"]),
        act=Act(kept["act"]),
        by=kept["by"],
        at=int(kept["at"]),
        version=kept.get("version", ""),
        reason=RefusalReason(kept["reason"]) if kept.get("reason") else None,
        into=int(kept["into"]) if kept.get("into") else None,
        edited=bool(kept.get("edited")),
        until=int(kept["until"]) if kept.get("until") else None,
        labels=tuple(kept.get("labels", ())),
        verdict=kept.get("verdict", ""),
    )
