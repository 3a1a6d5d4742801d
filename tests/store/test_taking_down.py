"""A published proposal is taken from readers at once, its votes are kept, and it can come back."""

import pytest
from flask import Flask

from server.consultations.consultation import Consultation, ProposalState
from server.consultations.errors import NotPublished
from server.consultations.moderation import accept, merge
from server.consultations.proposing import RefusalReason
from server.store import keys
from server.store.store import Store
from server.teller.deciding import Deciding
from tests.store.desk import NORA, own, propose, published

LEGAL = RefusalReason.LEGAL


def test_what_is_taken_down_is_out_of_sight_and_its_votes_stay(
    store: Store, opened: Consultation
) -> None:
    (number,) = propose(store, opened, "dormir")
    decisions = store.moderation.decisions
    decisions.decide(opened, NORA, [accept(number)], hold=0)
    tally = keys.Box(opened.id, 0).tally(number)
    store.redis.hset(tally, "2.64", 3)
    version = store.consultations.version(opened)
    decisions.take_down(opened, NORA, number, LEGAL)
    assert store.consultations.version(opened) == version + 1
    assert number not in published(store, opened)
    assert store.proposing.accepted_lately(opened, 5) == []
    assert store.redis.hgetall(tally) == {"2.64": "3"}
    told = own(store, opened, "dormir")
    assert (told.proposal.state, told.reason) == (ProposalState.REFUSED, LEGAL)
    left = {one.id: one for one in store.consultations.proposals(opened)}[number]
    assert left.text == "Il faut … (withdrawn)"
    assert left.author is None
    decisions.put_back(opened, NORA, number)
    assert published(store, opened)[number].text == "Il faut dormir davantage"
    assert published(store, opened)[number].author == "Zoé"
    assert own(store, opened, "dormir").reason is None
    acts = [entry.act for entry in store.moderation.trail.of(opened, number)]
    assert acts == ["accept", "take-down", "put-back"]


def test_one_of_the_file_can_be_taken_down_too(store: Store, opened: Consultation) -> None:
    store.moderation.decisions.take_down(opened, NORA, 3, LEGAL)
    assert 3 not in published(store, opened)
    assert propose(store, opened, "dormir") == [25]  # no reader's is given its number
    store.moderation.decisions.put_back(opened, NORA, 3)
    assert published(store, opened)[3].text == "Il faut essayer la mesure numéro 3"


def test_what_readers_do_not_see_is_not_taken_down(store: Store, opened: Consultation) -> None:
    (number,) = propose(store, opened, "dormir")
    for stray in (number, 4000):
        with pytest.raises(NotPublished):
            store.moderation.decisions.take_down(opened, NORA, stray, LEGAL)
        with pytest.raises(NotPublished):
            store.moderation.decisions.put_back(opened, NORA, stray)


def test_a_merge_that_is_due_does_not_bring_it_back(store: Store, opened: Consultation) -> None:
    first, twin = propose(store, opened, "dormir", "sommeiller")
    decisions = store.moderation.decisions
    decisions.decide(opened, NORA, [accept(first), accept(twin)], hold=0)
    decisions.decide(opened, NORA, [merge(twin, first)])
    decisions.take_down(opened, NORA, twin, LEGAL)
    assert decisions.held(opened) == ()
    assert own(store, opened, "sommeiller").reason is LEGAL


def test_what_is_put_back_while_it_was_to_come_back_by_itself_stays(
    store: Store, opened: Consultation
) -> None:
    """What it was merged into goes with its author, and an admin is quicker than the teller."""
    kept, twin = propose(store, opened, "dormir", "sommeiller")
    decisions = store.moderation.decisions
    decisions.decide(opened, NORA, [accept(twin)], hold=0)
    decisions.decide(opened, NORA, [merge(twin, kept)], hold=0)
    store.proposing.forget(opened, "author-dormir")
    decisions.put_back(opened, NORA, twin)
    assert decisions.first_due([opened]) == [None]
    Deciding(store).turn()
    assert published(store, opened)[twin].text == "Il faut sommeiller davantage"
    assert own(store, opened, "sommeiller").proposal.state is ProposalState.ACCEPTED


def test_only_a_decision_to_publish_or_not_takes_effect(store: Store, opened: Consultation) -> None:
    """A process of before leaves due what it puts back."""
    (number,) = propose(store, opened, "dormir")
    decisions = store.moderation.decisions
    decisions.decide(opened, NORA, [accept(number)], hold=0)
    decisions.take_down(opened, NORA, number, LEGAL)
    decisions.put_back(opened, NORA, number)
    store.redis.zadd(keys.due(opened.id), {str(number): 1})
    Deciding(store).turn()
    assert decisions.first_due([opened]) == [None]
    assert published(store, opened)[number].text == "Il faut dormir davantage"


def test_the_service_serves_it_no_more_within_a_second(
    store: Store, opened: Consultation, app: Flask
) -> None:
    client = app.test_client()
    at = f"/api/v1/consultations/{opened.slug}"
    store.moderation.decisions.take_down(opened, NORA, 3, LEGAL)
    app.extensions["isoloir"].directory.forget()  # as a second later
    listed = client.get(f"{at}/outcome").get_json()
    assert 3 not in [one["proposal"]["id"] for one in listed.get("proposals", [])]
    credential = client.post(
        "/api/v1/credential",
        json={"source": "direct", "consultation": opened.slug},
        headers={"Origin": "http://localhost:8000"},
    ).get_json()["credential"]
    vote = client.put(
        f"{at}/proposals/3/ballot",
        json={"vote": "agree", "credential": credential},
        headers={"Origin": "http://localhost:8000"},
    )
    assert (vote.status_code, vote.get_json()["code"]) == (404, "proposal-unknown")
