"""Consultations run by programmes: the same rules and the same trail, by token."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server.consultations.consultation import Consultation
from server.staff.acts import Way, by_operator
from server.staff.members import member
from server.staff.roles import Permission, Role
from server.store.store import Store
from tests.conftest import consultation, proposals
from tests.staff.conftest import NOW, Team
from tests.staff.test_api import ask, token
from tests.web.conftest import code

AT = "/consultations/reinventer-le-travail"
DEFINITION = {
    "slug": "mieux-dormir",
    "question": "Comment mieux dormir ?",
    "language": "fr",
    "timezone": "Europe/Paris",
    "opens": "2027-01-12 09:00",
    "closes": "2027-03-12 18:00",
    "rehearsal": False,
    "retention": 30,
    "sources": [
        {"name": "rmc", "title": "RMC", "publisher": "rmc", "origins": ["https://rmc.bfmtv.com"]}
    ],
    "proposals": [{"text": "Il faut des siestes au travail"}],
}


def test_a_consultation_is_checked_and_created(team: Team, store: Store) -> None:
    secret, wish = token(store), {"definition": DEFINITION}
    tried = ask(team, "/consultations", secret, "POST", json={**wish, "dryRun": True})
    assert (tried.status_code, tried.get_json()["version"]) == (200, None)
    assert len(store.consultations.all()) == 1
    made = ask(team, "/consultations", secret, "POST", json=wish)
    assert made.status_code == 201
    assert made.get_json()["definition"]["retention"] == 30
    assert store.consultations.by_slug("mieux-dormir").question == "Comment mieux dormir\u202f?"
    assert code(ask(team, "/consultations", secret, "POST", json=wish)) == (409, "slug-taken")
    again = {**wish, "dryRun": True}
    assert code(ask(team, "/consultations", secret, "POST", json=again)) == (409, "slug-taken")
    (act,) = [one.act for one in store.acts.latest() if one.act.on == "mieux-dormir"]
    assert (act.way, act.what) == (Way.API, "consultation-created")


def deep(levels: int) -> Any:
    found: Any = "x"
    for _ in range(levels):
        found = [found] if levels % 2 else {"a": found}
    return found


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"opens": "demain"}, "opens"),
        ({"sources": [{"name": "rmc"}]}, "sources[1].title"),
        ({"slogan": "x"}, "slogan"),
        ({"deck": {"size": 99}}, "deck.size"),
        ({"question": ["a", None]}, "question"),
        ({"partners": "x"}, "partners"),
        ({"deck": deep(900)}, "body"),
        ({"deck": deep(901)}, "deck"),
    ],
)
def test_what_cannot_be_is_told_with_its_field(
    team: Team, store: Store, change: dict[str, Any], field: str
) -> None:
    wish = {"definition": {**DEFINITION, **change}}
    answer = ask(team, "/consultations", token(store), "POST", json=wish)
    assert code(answer) == (422, "file-refused")
    assert field in {one["field"] for one in answer.get_json()["errors"]}
    assert len(store.consultations.all()) == 1


def test_a_change_names_the_version_that_was_read(
    team: Team, store: Store, opened: Consultation
) -> None:
    secret = token(store)
    read = ask(team, f"{AT}/definition", secret).get_json()
    assert "question" not in read["changeable"]
    wish = {"version": read["version"], "changes": {"theme": "Travail", "prefix": "Il faut"}}
    made = ask(team, f"{AT}/definition", secret, "PATCH", json=wish)
    assert made.get_json()["definition"]["theme"] == "Travail"
    late = {"version": read["version"], "changes": {"theme": None}}
    refused = ask(team, f"{AT}/definition", secret, "PATCH", json=late)
    assert code(refused) == (409, "changed-meanwhile")
    late["version"] = made.get_json()["version"]
    gone = ask(team, f"{AT}/definition", secret, "PATCH", json=late).get_json()
    assert "theme" not in gone["definition"]
    odd = {"changes": {"question": "Autre ?", "slug": "x", "theme": "y"}}
    answer = ask(team, f"{AT}/definition", secret, "PATCH", json=odd)
    assert code(answer) == (409, "change-refused")
    told = [(one["field"], one["code"]) for one in answer.get_json()["errors"]]
    assert sorted(told) == [("question", "opening"), ("slug", "never")]
    for field in ("featured", "answers", "proposals", "reached"):
        sent = {"changes": {field: "true"}}
        answer = ask(team, f"{AT}/definition", secret, "PATCH", json=sent)
        assert code(answer) == (422, "file-refused"), field
    assert store.consultations.by_slug(opened.slug).question == opened.question


def unsure(answer: Any) -> str:
    """Return why an act that was not confirmed has to be."""
    assert code(answer) == (422, "confirmation-needed")
    problem = answer.get_json()
    assert problem["field"] == "final"
    return str(problem["reason"])


def test_what_opens_or_closes_within_the_hour_is_confirmed(team: Team, store: Store) -> None:
    now = datetime.now(UTC)
    asked = consultation("bientot", opens=now + timedelta(days=3), closes=now + timedelta(days=9))
    store.consultations.create(asked, proposals())
    secret, at = token(store), "/consultations/bientot/definition"

    def change(final: bool = False, **changes: timedelta) -> Any:
        told = {key: (now + ahead).isoformat() for key, ahead in changes.items()}
        return ask(team, at, secret, "PATCH", json={"changes": told, "final": final})

    soon, sooner = timedelta(minutes=59), timedelta(minutes=30)
    assert unsure(change(opens=soon)) == "opening"
    assert change(opens=soon, final=True).status_code == 200
    assert unsure(change(opens=sooner)) == "opening"
    assert change(opens=timedelta(hours=2)).status_code == 200  # put off
    assert unsure(change(opens=sooner, closes=soon)) == "opening"
    assert code(change(opens=-sooner, closes=soon)) == (409, "change-refused")
    store.running.open("bientot", now - timedelta(minutes=1), by_operator)
    assert unsure(change(closes=soon)) == "closing"
    assert change(closes=soon, final=True).status_code == 200
    assert change(closes=timedelta(hours=1, minutes=1)).status_code == 200


def test_a_shorter_keeping_of_ballots_is_confirmed(
    team: Team, store: Store, opened: Consultation
) -> None:
    """They are destroyed by it, and it cannot be made longer again."""
    secret, at = token(store), f"/consultations/{opened.slug}/definition"
    shorter = {"changes": {"retention": opened.retention - 1}}
    assert unsure(ask(team, at, secret, "PATCH", json=shorter)) == "retention"
    assert ask(team, at, secret, "PATCH", json={**shorter, "final": True}).status_code == 200


def test_it_is_opened_closed_and_led_on(team: Team, store: Store) -> None:
    ahead = datetime.now(UTC) + timedelta(days=3)
    store.consultations.create(
        consultation("bientot", opens=ahead, closes=ahead + timedelta(days=9)), proposals()
    )
    secret, at = token(store), "/consultations/bientot/phase"

    def reach(phase: str, **more: Any) -> Any:
        return ask(team, at, secret, "PUT", json={"phase": phase, **more})

    assert code(reach("closed", final=True)) == (409, "phase-refused")
    assert unsure(reach("open")) == "opening"
    assert reach("open", final=True).get_json()["phase"] == "open"
    assert reach("vote-only").get_json()["phase"] == "vote-only"
    assert unsure(reach("closed")) == "closing"
    assert reach("closed", final=True).get_json()["phase"] == "closed"
    assert store.minutes.sealed_at(store.consultations.by_slug("bientot"))
    assert unsure(reach("done")) == "phase"
    assert reach("selection").get_json()["phase"] == "selection"
    assert unsure(reach("actions")) == "phase"
    assert reach("actions", final=True).get_json()["phase"] == "actions"
    assert reach("actions").get_json()["phase"] == "actions"
    assert code(reach("workshops")) == (409, "phase-refused")
    assert code(reach("announced")) == (422, "body-invalid")


def test_it_is_featured_and_rehearsed(team: Team, store: Store) -> None:
    secret = token(store)
    assert ask(team, f"{AT}/featured", secret, "PUT").get_json()["definition"]["featured"] is True
    assert "featured" not in ask(team, f"{AT}/featured", secret, "DELETE").get_json()["definition"]
    made = ask(team, f"{AT}/rehearsals", secret, "POST", json={"slug": "essai"})
    assert (made.status_code, made.get_json()["definition"]["rehearsal"]) == (201, True)
    for field, odd in (("slug", "É"), ("opens", "demain"), ("closes", "2001-01-01 09:00")):
        wish = {"slug": "essai-2", field: odd}
        answer = ask(team, f"{AT}/rehearsals", secret, "POST", json=wish)
        assert (code(answer), answer.get_json()["field"]) == ((422, "body-invalid"), field)


def test_a_token_of_another_scope_changes_nothing(team: Team, store: Store) -> None:
    admin = member("Awa Diop", Role.ADMIN, NOW)
    secret = token(store, admin, Permission.OVERVIEW)
    answer = ask(team, f"{AT}/phase", secret, "PUT", json={"phase": "closed", "final": True})
    assert code(answer) == (403, "not-allowed")
