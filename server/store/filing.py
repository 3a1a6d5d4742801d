"""Filing: a consultation as it comes out of a file, and goes into one."""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence

from server.consultations.consultation import Consultation
from server.consultations.file_content import ConsultationFile
from server.consultations.handling import NOTHING, Handling
from server.store import keys
from server.store.connection import Client, reaching_store
from server.store.consultations import Consultations
from server.store.handlings import handling
from server.store.proposal_records import load_proposal, load_submission

Texts = Mapping[str, str]  # a hash, by number


class Filing:
    def __init__(self, client: Client, consultations: Consultations) -> None:
        self._redis = client
        self._consultations = consultations

    def take_in(self, found: ConsultationFile, deeds: Sequence[str] = ()) -> Consultation:
        """Keep all that a file says; return the consultation with its id. Raises `SlugTaken`.

        `deeds` are lines for the trail.
        """
        return self._consultations.create(
            found.consultation,
            found.proposals,
            found.pictures,
            found.submitted,
            found.handled,
            found.labels,
            deeds,
        )

    def shown(self, consultation: Consultation) -> ConsultationFile:
        """Return what the platform itself has published, and nothing that is for staff only."""
        every = self._consultations
        return ConsultationFile(
            consultation, every.proposals(consultation), every.logos(consultation)
        )

    @reaching_store()
    def whole(self, consultation: Consultation) -> ConsultationFile:
        """Return all that a file can hold.

        A decision that can still be undone is not in it: the proposal waits, as for its author.
        """
        c = consultation.id
        # One slot and one transaction: no act of staff falls in between.
        with self._redis.pipeline(transaction=True) as batch:
            for make in (keys.proposals, keys.proposed, keys.tags, keys.edits, keys.notes):
                batch.hgetall(make(c))
            batch.zrange(keys.accepted(c), 0, -1, withscores=True)
            batch.hgetall(keys.logos(c))
            batch.get(keys.labels(c))
            ours, apart, *beside, accepted, logos, labels = batch.execute()
        # What was taken from readers lies apart; among the published ones only a stand-in is left.
        ours = {number: text for number, text in ours.items() if number not in apart}
        times = {str(number): int(at) for number, at in accepted}
        return ConsultationFile(
            consultation,
            tuple(load_proposal(int(n), ours[n]) for n in _in_order(ours)),
            {name: base64.b64decode(text) for name, text in logos.items()},
            tuple(load_submission(int(n), apart[n]) for n in _in_order(apart)),
            dict([*_handled(ours, False, beside, times), *_handled(apart, True, beside, times)]),
            tuple(json.loads(labels or "[]")),
        )


def _in_order(texts: Texts) -> list[str]:
    return sorted(texts, key=int)


def _handled(
    texts: Texts, apart: bool, beside: Sequence[Texts], times: Mapping[str, int]
) -> Iterator[tuple[int, Handling]]:
    for number in _in_order(texts):
        rest = [one.get(number) for one in beside]
        found = handling(json.loads(texts[number]), apart, rest, times.get(number))
        if found != NOTHING:
            yield int(number), found
