"""Moderation by the staff API: the same rules, the same ten seconds, by token."""

from datetime import timedelta
from typing import Any

import pytest

from server.consultations.consultation import Consultation
from server.consultations.moderation import Act
from server.staff.members import member
from server.staff.roles import Permission, Role
from server.store.store import Store
from server.web import openapi
from tests.staff.conftest import NOW, Team
from tests.staff.test_api import ask, token
from tests.store.desk import let_pass, propose, waiting
from tests.web.conftest import code

NORA = member("Nora", Role.MODERATOR, NOW)
PLACE = "/consultations/reinventer-le-travail"


def at(number: int) -> str:
    return f"{PLACE}/proposals/{number}/decision"


def test_the_queue_and_its_figures_are_told(team: Team, store: Store, opened: Consultation) -> None:
    first, second = propose(store, opened, "appeler le 06 12 34 56 78", "chanter")
    secret = token(store, NORA)
    listed = ask(team, f"{PLACE}/queue", secret).get_json()["proposals"]
    assert [one["proposal"] for one in listed] == [first, second]
    assert [hint["kind"] for hint in listed[0]["hints"]] == ["phone"]
    assert listed[0]["state"] == "pending"
    assert ask(team, f"{PLACE}/queue?skip=1", secret).get_json()["proposals"] == listed[1:]
    told = ask(team, "/moderation", secret).get_json()
    assert (told["waiting"], told["decided"], told["arrived"]) == (2, 0, 2)
    assert told["emptyAt"] is None


def test_a_decision_states_the_version_it_judged_and_can_be_undone(
    team: Team, store: Store, opened: Consultation
) -> None:
    (first,) = propose(store, opened, "chanter")
    secret = token(store, NORA)
    version = ask(team, at(first), secret).get_json()["version"]
    stale = {"act": "accept", "version": "0123456789ab"}
    assert code(ask(team, at(first), secret, "PUT", json=stale)) == (409, "proposal-changed")
    answer = ask(team, at(first), secret, "PUT", json={"act": "accept", "version": version})
    assert (answer.status_code, answer.get_json()["decision"]["by"]) == (200, "Nora")
    assert answer.get_json()["decision"]["due"]
    assert answer.get_json()["state"] == "pending"
    refusing = {"act": "refuse", "reason": "test", "version": version}
    other = token(store, member("Paul", Role.MODERATOR, NOW))
    late = ask(team, at(first), other, "PUT", json=refusing)
    assert code(late) == (409, "already-decided")
    assert late.get_json()["decision"]["by"] == "Nora"
    assert code(ask(team, at(first), secret, "DELETE", json={})) == (422, "body-invalid")
    undo = {"decision": answer.get_json()["undo"]}
    undone = ask(team, at(first), secret, "DELETE", json=undo).get_json()
    assert (undone["decision"]["act"], undone["undo"]) == (Act.UNDO, None)
    assert waiting(store, opened) == [first]
    ask(team, at(first), other, "PUT", json=refusing)
    stale = ask(team, at(first), secret, "DELETE", json=undo)
    assert code(stale) == (409, "decision-replaced")
    assert stale.get_json()["decision"]["by"] == "Paul"
    let_pass(store, opened, first)
    store.moderation.decisions.settle(opened)
    assert ask(team, at(first), secret).get_json()["undo"] is None
    late = ask(
        team, at(first), other, "DELETE", json={"decision": stale.get_json()["decision"]["id"]}
    )
    assert code(late) == (409, "undo-too-late")


@pytest.mark.parametrize(
    "more",
    [
        {"act": "undo"},
        {"act": "take-down"},
        {"act": "refuse"},
        {"act": "merge"},
        {"act": "postpone"},
        {"act": "accept", "version": ""},
        {"act": "accept", "hold": 0},
        {},
    ],
)
def test_what_is_no_verdict_is_refused_with_its_field(
    team: Team, store: Store, opened: Consultation, more: dict[str, Any]
) -> None:
    (first,) = propose(store, opened, "chanter")
    secret = token(store, NORA)
    version = ask(team, at(first), secret).get_json()["version"]
    answer = ask(team, at(first), secret, "PUT", json={"version": version, **more})
    assert code(answer) == (422, "body-invalid")
    assert waiting(store, opened) == [first]


def test_merging_mending_and_postponing_go_by_the_same_rules(
    team: Team, store: Store, opened: Consultation
) -> None:
    one, two, three = propose(store, opened, "chanter", "planter des arbres", "dormir tôt")
    secret = token(store, NORA)

    def put(number: int, **fields: Any) -> Any:
        version = ask(team, at(number), secret).get_json()["version"]
        return ask(team, at(number), secret, "PUT", json={"version": version, **fields})

    assert code(put(one, act="accept", text="Chanter")) == (422, "wording-refused")
    assert code(put(one, act="merge", into=999)) == (409, "merge-refused")
    assert put(one, act="merge", into=1).get_json()["decision"]["into"] == 1
    until = (NOW + timedelta(hours=5)).isoformat()
    postponed = put(two, act="postpone", until=until, note="À voir").get_json()
    assert postponed["postponedUntil"][:16] == until[:16]
    assert put(three, act="refuse", reason="test").get_json()["decision"]["reason"] == "test"
    assert code(ask(team, at(999), secret)) == (404, "proposal-unknown")


def test_who_may_only_read_decides_nothing(team: Team, store: Store, opened: Consultation) -> None:
    (first,) = propose(store, opened, "chanter")
    secret = token(store, NORA, Permission.PROPOSALS)
    found = ask(team, at(first), secret).get_json()
    wish = {"act": "accept", "version": found["version"]}
    assert code(ask(team, at(first), secret, "PUT", json=wish)) == (403, "not-allowed")
    assert waiting(store, opened) == [first]


def test_the_document_describes_every_address() -> None:
    paths = openapi.document()["paths"]
    assert set(paths["/api/v1/staff/consultations/{slug}/proposals/{number}/decision"]) == {
        "get",
        "put",
        "delete",
    }
    assert "/api/v1/staff/moderation" in paths
    assert "/api/v1/staff/consultations/{slug}/queue" in paths


@pytest.mark.parametrize("until", ["9999-12-31T23:59:59-14:00", "1969-01-01T00:00:00Z"])
def test_nothing_is_postponed_for_ever_or_into_the_past(
    team: Team, store: Store, opened: Consultation, until: str
) -> None:
    (first,) = propose(store, opened, "chanter")
    secret = token(store, NORA)
    version = ask(team, at(first), secret).get_json()["version"]
    wish = {"act": "postpone", "version": version, "until": until}
    assert code(ask(team, at(first), secret, "PUT", json=wish)) == (422, "body-invalid")
    assert waiting(store, opened) == [first]
    assert ask(team, f"{PLACE}/queue", secret).status_code == 200


def test_merging_what_is_published_takes_the_right_to_take_it_down(
    team: Team, store: Store, opened: Consultation
) -> None:
    """It would leave readers' sight as surely as one taken down."""
    lesser = token(store, NORA, Permission.PROPOSALS, Permission.DECIDE)
    version = ask(team, at(1), lesser).get_json()["version"]
    wish = {"act": "merge", "version": version, "into": 2}
    assert code(ask(team, at(1), lesser, "PUT", json=wish)) == (403, "not-allowed")
    assert ask(team, at(1), token(store, NORA), "PUT", json=wish).status_code == 200
