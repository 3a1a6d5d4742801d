"""Deeds: the line in the trail of what was done to a consultation, kept with the deed itself.

The trail lies in another slot, so nothing can write both at once. A line is kept beside the
definition by the script that changes it, and moved into the trail from there: by whoever did the
deed, or by the teller if they could not.
"""

import secrets
from collections.abc import Iterable

from server.consultations.consultation import Consultation
from server.staff.acts import Act
from server.store import keys, scripts
from server.store.acts import Acts
from server.store.connection import Client, reaching_store

REMEMBERED = 24 * 3600  # seconds in which a line that is moved again is known to be in the trail
ID_BYTES = 8


class Deeds:
    def __init__(self, client: Client, acts: Acts) -> None:
        self._redis = client
        self._acts = acts
        self._note = scripts.load(client, "note_deed")

    def written(self, act: Act) -> str:
        """Return a line as it waits beside the definition: an id of its own, and the act."""
        return f"{secrets.token_hex(ID_BYTES)} {self._acts.written(act)}"

    @reaching_store()
    def move(self, consultations: Iterable[Consultation]) -> None:
        """Put into the trail what waits beside these; what is moved twice stands there once."""
        every = [keys.deeds(one.id) for one in consultations]
        with self._redis.pipeline(transaction=False) as batch:
            for at in every:
                batch.lrange(at, 0, -1)
            waiting = batch.execute()
        for at, lines in zip(every, waiting, strict=True):
            for line in lines:
                number, _, act = line.partition(" ")
                trail = [keys.STAFF_ACTS, keys.staff_deed(number)]
                self._note(keys=trail, args=[act, REMEMBERED])
                self._redis.lrem(at, 1, line)
