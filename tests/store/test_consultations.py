"""What is kept of a consultation comes back as it was."""

import json
from dataclasses import replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from server.consultations.consultation import Consultation, Proposal, ProposalState
from server.consultations.errors import ConsultationUnknown, SlugTaken
from server.store import definitions, keys
from server.store.connection import primaries
from server.store.store import Store
from tests.conftest import all_keys, consultation, proposals


def test_a_consultation_comes_back_with_its_time_zone(store: Store) -> None:
    paris = ZoneInfo("Europe/Paris")
    asked = consultation(
        opens=datetime(2026, 1, 1, 9, tzinfo=paris), closes=datetime(2026, 7, 1, tzinfo=paris)
    )
    made = store.consultations.create(asked, proposals())
    found = store.consultations.by_slug(made.slug)
    assert found == made
    assert found.opens.tzinfo == paris


def test_proposals_come_back_by_id(store: Store, opened: Consultation) -> None:
    late = Proposal(30, "Il faut finir", "fr", "Nora", 31, ProposalState.PENDING, "central-30")
    store.consultations.add_proposals(opened, [late])
    assert store.consultations.proposals(opened) == (*proposals(), late)


def test_a_slug_is_taken_once_and_the_second_leaves_nothing(
    store: Store, opened: Consultation
) -> None:
    before = all_keys(store)
    with pytest.raises(SlugTaken):
        store.consultations.create(consultation(question="Une autre ?"), proposals())
    assert all_keys(store) == before
    assert store.consultations.by_slug(opened.slug).question == opened.question


def test_an_unknown_slug_is_refused(store: Store) -> None:
    with pytest.raises(ConsultationUnknown):
        store.consultations.by_slug("jamais-vu")


def test_each_change_raises_the_version(store: Store, opened: Consultation) -> None:
    before = store.consultations.version(opened)
    store.consultations.replace(consultation(id=opened.id, question="Mieux ?"))
    assert store.consultations.version(opened) == before + 1


def test_a_slug_whose_answer_was_lost_is_ours_when_we_ask_again(
    store: Store, opened: Consultation
) -> None:
    """The client sends once more after a lost answer, and finds the slug taken: by itself."""
    asked = consultation("autre-question")
    number = int(store.redis.get("iso:consultations")) + 1
    store.redis.hset("iso:slugs", asked.slug, str(number))
    made = store.consultations.create(asked, proposals())
    assert store.consultations.by_slug(asked.slug) == made


def test_the_store_chooses_how_many_boxes_unless_it_is_said(
    store: Store, opened: Consultation
) -> None:
    in_cluster = len(primaries(store.redis)) > 1
    assert opened.boxes == (16 if in_cluster else 1)
    said = store.consultations.create(consultation("autre-question", boxes=3), proposals())
    assert store.consultations.by_slug(said.slug).boxes == 3


def test_a_definition_from_before_readers_proposed_takes_no_proposals(
    store: Store, opened: Consultation
) -> None:
    at = keys.definition(opened.id)
    written = json.loads(store.redis.get(at))
    later = ("proposing", "proposals_until", "reached", "kind", "theme", "cause", "featured")
    for name in (*later, "partners", "answers"):
        del written[name]
    store.redis.set(at, json.dumps(written))
    assert store.consultations.by_slug(opened.slug) == opened
    assert opened.proposing is False


def test_all_reads_only_the_definitions_that_changed(store: Store, opened: Consultation) -> None:
    other = store.consultations.create(consultation("une-autre", afterwards="x" * 900), ())
    assert set(store.consultations.all()) == {opened, other}
    get = partial(calls, store, "get")
    before = get()
    assert len(store.consultations.all()) == 2
    assert get() - before == 2  # versions
    store.consultations.change(other.slug, lambda one: replace(one, afterwards="Bientôt."))
    before = get()
    assert {one.afterwards for one in store.consultations.all()} == {None, "Bientôt."}
    assert get() - before == 3
    # While a store is restored there are definitions, but no versions yet.
    store.redis.delete(keys.version(other.id))
    store.redis.set(keys.definition(other.id), definitions.dump(replace(other, afterwards="Y")))
    assert {one.afterwards for one in store.consultations.all()} == {None, "Y"}
    store.redis.delete(keys.definition(other.id))
    assert store.consultations.all() == (opened,)


def calls(store: Store, command: str) -> int:
    every = [node.info("commandstats") for node in primaries(store.redis)]
    return sum(one.get(f"cmdstat_{command}", {}).get("calls", 0) for one in every)
