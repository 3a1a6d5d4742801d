"""Tagging: labels by which staff sort proposals, from a small set of each consultation."""

import json
from collections.abc import Iterable

from server.consultations.consultation import Consultation
from server.consultations.errors import LabelUnknown
from server.consultations.moderation import LABEL_LENGTH, MOST_LABELS
from server.consultations.wording import objections, tidy
from server.store import keys
from server.store.connection import Client, reaching_store
from server.store.desk import Desk, script
from server.store.verdicts import demand


class Tagging:
    def __init__(self, client: Client, desk: Desk) -> None:
        self._redis = client
        self._desk = desk
        self._tag = script("tag")

    @reaching_store()
    def labels(self, consultation: Consultation) -> tuple[str, ...]:
        """Return the labels of a consultation, in the order they were given in."""
        return tuple(json.loads(self._redis.get(keys.labels(consultation.id)) or "[]"))

    @reaching_store()
    def set_labels(self, consultation: Consultation, labels: Iterable[str]) -> tuple[str, ...]:
        """Make these the labels; what is tagged already stays so. Raises `LabelUnknown`."""
        wanted = tuple(dict.fromkeys(map(tidy, labels)))
        if len(wanted) > MOST_LABELS:
            raise LabelUnknown(f"At most {MOST_LABELS} labels.", field="labels")
        for label in wanted:
            if not 0 < len(label) <= LABEL_LENGTH or objections(label):
                said = f"A label has 1 to {LABEL_LENGTH} plain characters: “{label}”."
                raise LabelUnknown(said, field="labels")
        self._redis.set(keys.labels(consultation.id), json.dumps(wanted, ensure_ascii=False))
        return wanted

    @reaching_store()
    def tag(
        self, consultation: Consultation, by: str, proposal: int, labels: Iterable[str]
    ) -> None:
        """Give a proposal these labels and no others; raise `LabelUnknown` or `NotPending`."""
        wanted, known = set(labels), self.labels(consultation)
        if stray := wanted.difference(known):
            raise LabelUnknown(f"No such label: {', '.join(sorted(stray))}.", field="labels")
        chosen = json.dumps([one for one in known if one in wanted], ensure_ascii=False)
        demand(self._desk.run(self._tag, consultation, by, (proposal, chosen)))
