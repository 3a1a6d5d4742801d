"""Definitions of other releases: nobody stops another's processes, or undoes what they keep."""

import json
from dataclasses import replace
from datetime import date

from server.consultations.answers import Answer
from server.consultations.consultation import Consultation
from server.store import definitions, keys
from server.store.store import Store
from tests.conftest import consultation

# What processes of the release before selections and actions know: they refuse a definition with any other key.
OF_BEFORE = {
    "id", "slug", "question", "language", "opens", "closes", "sources", "prefix", "boxes", "results",
    "rehearsal", "retention", "proposing", "afterwards", "deck", "proposals_until", "reached", "kind",
    "theme", "cause", "featured", "operation", "partners", "answers", "timezone",
}  # fmt: skip
ANSWER_OF_BEFORE = {"proposal", "by", "on", "text", "link"}
SAID = Answer(1, "La ministre", date(2027, 3, 2), "Oui")


def test_who_uses_nothing_new_writes_what_the_release_before_can_read() -> None:
    asked = consultation(answers=(SAID,))
    written = json.loads(definitions.dump(asked))
    assert set(written) == OF_BEFORE
    assert set(written["answers"][0]) == ANSWER_OF_BEFORE
    assert definitions.load(json.dumps(written)) == asked


def test_what_a_later_release_adds_is_passed_over_and_kept(
    store: Store, opened: Consultation
) -> None:
    at = keys.definition(opened.id)
    written = json.loads(definitions.dump(replace(opened, answers=(SAID,))))
    written["petitions"] = [{"id": 1}]
    written["answers"][0]["film"] = "https://example.org/film"
    store.redis.set(at, json.dumps(written))
    store.redis.incr(keys.version(opened.id))
    assert store.consultations.all() == (replace(opened, answers=(SAID,)),)

    store.consultations.change(opened.slug, lambda one: replace(one, afterwards="Bientôt."))
    kept = json.loads(store.redis.get(at))
    assert kept["afterwards"] == "Bientôt."
    assert kept["petitions"] == [{"id": 1}]
    assert kept["answers"][0]["film"] == "https://example.org/film"
