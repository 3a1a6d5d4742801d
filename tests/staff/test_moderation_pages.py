"""Moderation by plain forms, as a browser without script sends them, on the real store."""

from typing import Any

import pytest

from server.consultations import moderation
from server.consultations.consultation import Consultation
from server.consultations.moderation import Act
from server.staff.roles import Role
from server.store.store import Store
from tests.staff.conftest import Colleague, Team, text
from tests.staff.moderators import JSON, QUEUE, SLUG, at, decided, html, shown, undoing
from tests.store.desk import let_pass, propose, published, version, waiting


def test_proposals_come_one_at_a_time_and_each_decision_leads_to_the_next(
    nora: Colleague, store: Store, opened: Consultation
) -> None:
    first, second, third = propose(store, opened, "chanter", "planter des arbres", "dormir tôt")
    page = nora.get(QUEUE)
    assert shown(page) == [str(first)]
    assert "3 en attente" in text(page)
    assert "Zoé, 25-34 ans" in text(page)
    answer = nora.post(at(first), act="accept", version=version(store, opened, first))
    assert (answer.status_code, answer.headers["Location"]) == (303, QUEUE)
    page = nora.get(QUEUE)
    assert shown(page) == [str(second)]
    assert f"Acceptée n° {first} Annuler" in text(page)
    nora.post(at(second), reason="off-topic", version=version(store, opened, second))
    assert decided(store, opened, first) is Act.ACCEPT
    assert store.moderation.decisions.of(opened, [second])[second].reason == "off-topic"
    assert waiting(store, opened) == [third]
    let_pass(store, opened, first)
    store.moderation.decisions.settle(opened)
    assert first in published(store, opened)


def test_undo_brings_it_back_before_anybody_has_seen_it(
    nora: Colleague, store: Store, opened: Consultation
) -> None:
    (first,) = propose(store, opened, "chanter")
    nora.get(QUEUE)
    nora.post(at(first), act="accept", version=version(store, opened, first))
    answer = nora.post(f"{QUEUE}/{SLUG}/undo", **undoing(nora))
    assert answer.headers["Location"] == f"{QUEUE}?proposal={SLUG}:{first}"
    assert shown(nora.get(answer.headers["Location"])) == [str(first)]
    assert store.moderation.decisions.held(opened) == ()
    assert store.moderation.decisions.settle(opened) == 0
    assert first not in published(store, opened)
    assert waiting(store, opened) == [first]


def test_undo_that_comes_too_late_says_so(
    nora: Colleague, store: Store, opened: Consultation
) -> None:
    (first,) = propose(store, opened, "chanter")
    decisions = store.moderation.decisions
    act = decisions.decide(opened, "Nora", [moderation.accept(first)], hold=0)
    answer = nora.post(f"{QUEUE}/{SLUG}/undo", number=str(first), decision=act)
    assert answer.status_code == 409
    assert f"Trop tard pour annuler la n°\u202f{first}" in answer.get_data(as_text=True)


def test_an_old_undo_tells_what_was_decided_instead(
    nora: Colleague, paul: Colleague, store: Store, opened: Consultation
) -> None:
    first, twin = propose(store, opened, "chanter", "chantonner")
    nora.get(QUEUE)
    read = {n: version(store, opened, n) for n in (first, twin)}
    nora.post(at(first), act="accept", version=read[first], also=f"{twin}:{read[twin]}")
    old = undoing(nora)
    paul.post(f"{QUEUE}/{SLUG}/undo", **{**old, "number": str(twin)})
    paul.post(at(twin), reason="partisan", version=read[twin])
    partly = nora.post(f"{QUEUE}/{SLUG}/undo", **old)
    assert (partly.status_code, shown(partly)) == (200, [str(first)])
    assert f"Annulé, sauf la n°\u202f{twin}" in html(partly)
    stale = nora.post(f"{QUEUE}/{SLUG}/undo", **{**old, "number": str(twin)})
    assert stale.status_code == 409
    assert "Refusée (partisane), par Paul à" in text(stale)
    assert "Rien n’est annulé" in text(stale)
    assert decided(store, opened, twin) is Act.REFUSE
    for form in ({"number": str(first)}, {"decision": old["decision"]}):
        assert nora.post(f"{QUEUE}/{SLUG}/undo", **form).status_code == 400


def test_two_moderators_get_two_proposals_and_the_second_hears_of_the_first(
    nora: Colleague, paul: Colleague, store: Store, opened: Consultation
) -> None:
    first, second = propose(store, opened, "chanter", "planter des arbres")
    assert (shown(nora.get(QUEUE)), shown(paul.get(QUEUE))) == ([str(first)], [str(second)])
    read = version(store, opened, first)
    paul.post(at(first), reason="partisan", version=read)
    answer = nora.post(at(first), act="accept", version=read)
    assert answer.status_code == 409
    assert "Refusée (partisane), par Paul à" in text(answer)
    assert "Accepter" not in text(answer)
    assert decided(store, opened, first) is Act.REFUSE
    by_script = nora.client.post(
        at(first),
        data={"form": nora.form, "act": "accept", "version": read},
        headers={**JSON, "Origin": "http://localhost:8000", "Sec-Fetch-Site": "same-origin"},
    )
    assert (by_script.status_code, by_script.json["code"]) == (409, "already-decided")
    assert "Paul" in by_script.json["said"]


def test_an_answer_that_was_lost_is_no_refusal_when_asked_for_again(
    nora: Colleague, store: Store, opened: Consultation
) -> None:
    (first,) = propose(store, opened, "chanter")
    nora.get(QUEUE)
    wish = {"reason": "unclear", "version": version(store, opened, first)}
    assert [nora.post(at(first), **wish).status_code for _ in range(2)] == [303, 303]
    assert nora.post(at(first), **{**wish, "reason": "test"}).status_code == 409


def test_what_changed_since_it_was_read_is_not_decided(
    nora: Colleague, store: Store, opened: Consultation
) -> None:
    (first,) = propose(store, opened, "chanter")
    nora.get(QUEUE)
    answer = nora.post(at(first), act="accept", version="0123456789ab")
    assert answer.status_code == 409
    assert "a changé depuis" in text(answer)
    assert decided(store, opened, first) is None


def test_postponing_leaves_a_word_for_colleagues(
    nora: Colleague, paul: Colleague, store: Store, opened: Consultation
) -> None:
    (first,) = propose(store, opened, "chanter")
    nora.get(QUEUE)
    nora.post(at(first), act="postpone", hours="4", note="À voir avec la juriste")
    assert "Plus rien n’attend ici." in text(paul.get(QUEUE))
    page = text(paul.get(f"{QUEUE}?proposal={SLUG}:{first}"))
    assert "À voir avec la juriste" in page
    assert "par Nora" in page


def test_what_was_skipped_comes_again_when_asked_for(
    nora: Colleague, store: Store, opened: Consultation
) -> None:
    first, second = propose(store, opened, "chanter", "planter des arbres")
    assert shown(nora.get(f"{QUEUE}?passed={SLUG}:{first}")) == [str(second)]
    assert shown(nora.get(f"{QUEUE}?passed={SLUG}:{first},{second}")) == []
    assert shown(nora.get(QUEUE)) == [str(first)]


def test_a_moderator_of_other_consultations_sees_nothing_of_this_one(
    team: Team, store: Store, opened: Consultation
) -> None:
    (first,) = propose(store, opened, "chanter")
    other = team.join(Role.MODERATOR, "Autre", ["autre"])
    assert shown(other.get(QUEUE)) == []
    assert other.get(at(first)).status_code == 404
    assert other.post(at(first), act="accept").status_code == 404
    held = other.post(f"{QUEUE}/hold", held=f"{SLUG}:{first}")
    assert held.status_code == 200
    case = store.moderation.cases.one(opened, first)
    assert case
    assert case.holder is None


@pytest.mark.parametrize(
    "fields",
    [{}, {"act": "undo"}, {"act": "accept", "also": "1;2"}, {"reason": "spite"}, {"hours": "5"}],
)
def test_a_form_of_nobodys_is_refused(
    nora: Colleague, store: Store, opened: Consultation, fields: dict[str, Any]
) -> None:
    (first,) = propose(store, opened, "chanter")
    nora.get(QUEUE)
    assert nora.post(at(first), **fields).status_code == 400
    assert decided(store, opened, first) is None
