"""The staff API: by token alone, never more than the token and its member may."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from server.staff.acts import Way
from server.staff.members import Member, member
from server.staff.roles import Permission, Role
from server.staff.tokens_made import keep
from server.store.store import Store
from server.teller.figures import Bookkeeping
from server.web import openapi
from tests.staff.conftest import ACT, NOW, OWN, Team
from tests.web.conftest import code

BASE = "/api/v1/staff"
AWA = member("Awa Diop", Role.ADMIN, NOW)


def token(store: Store, who: Member = AWA, *scopes: Permission) -> str:
    store.staff.invite(who, ACT)
    asked = scopes or tuple(who.permissions)
    return keep(store, who, "board", asked, NOW + timedelta(days=1), ACT)


def ask(team: Team, path: str, secret: str, method: str = "GET", **more: Any) -> TestResponse:
    headers = {"Authorization": f"Bearer {secret}"}
    return team.app.test_client().open(f"{BASE}{path}", method=method, headers=headers, **more)


def test_the_overview_says_what_the_page_says(team: Team, store: Store) -> None:
    Bookkeeping(store).turn()
    answer = ask(team, "/overview", token(store))
    (found,) = answer.get_json()["consultations"]
    assert found["slug"] == "reinventer-le-travail"
    assert found["votes"] == {"count": 0, "verified": 0}
    assert found["queue"] == {"waiting": 0, "oldest": None}
    assert found["alarms"] == []
    assert [one["name"] for one in found["sources"]] == ["direct", "rmc", "bfm", "les-echos"]
    same = ask(team, "/consultations/reinventer-le-travail", token(store)).get_json()
    assert same.keys() == found.keys()
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_an_editors_token_is_told_verified_figures_alone(team: Team, store: Store) -> None:
    Bookkeeping(store).turn()
    editor = member("Léa", Role.EDITOR, NOW, sources=["rmc"])
    (found,) = ask(team, "/overview", token(store, editor)).get_json()["consultations"]
    assert found["votes"] == {"count": None, "verified": 0}
    assert [one["name"] for one in found["sources"]] == ["rmc"]
    assert found["queue"] is found["sync"] is found["votesPerMinute"] is None


def test_a_token_allows_its_scopes_and_no_more(team: Team, store: Store) -> None:
    secret = token(store, AWA, Permission.OVERVIEW)
    assert ask(team, "/overview", secret).status_code == 200
    assert code(ask(team, "/members", secret)) == (403, "not-allowed")
    said = ask(team, "/me", secret).get_json()
    assert (said["name"], said["permissions"]) == ("Awa Diop", ["overview"])


@pytest.mark.parametrize("secret", ["", "x", "é" * 43, "isoloir_" + "a" * 43, "a b", "a" * 9000])
def test_what_is_no_token_is_refused(team: Team, secret: str) -> None:
    assert code(ask(team, "/overview", secret)) == (401, "token-invalid")


def test_a_session_is_no_token_and_a_token_is_no_session(team: Team, store: Store) -> None:
    admin = team.join(Role.ADMIN)
    assert code(admin.client.get(f"{BASE}/members", headers=OWN)) == (401, "token-invalid")
    headers = {"Authorization": f"Bearer {token(store)}"}
    assert team.app.test_client().get("/staff", headers=headers).status_code == 401


def test_members_and_tokens_are_listed_and_ended(team: Team, store: Store) -> None:
    secret = token(store)
    store.staff.invite(zoe := member("Zoé", Role.ANALYST, NOW), ACT)
    listed = ask(team, "/members", secret).get_json()["members"]
    assert [(one["name"], one["role"]) for one in listed] == [
        ("Awa Diop", "admin"),
        ("Zoé", "analyst"),
    ]
    assert ask(team, f"/members/{zoe.id}", secret, "DELETE").get_json() == {"done": True}
    assert code(ask(team, f"/members/{zoe.id}", secret, "DELETE")) == (404, "member-unknown")
    assert code(ask(team, f"/members/{AWA.id}", secret, "DELETE")) == (409, "own-membership")
    (mine,) = ask(team, "/tokens", secret).get_json()["tokens"]
    days = {NOW.date(), datetime.now(UTC).date()}  # midnight may come in between
    assert mine["used"] in {day.isoformat() for day in days}
    assert secret not in str(mine)
    assert ask(team, f"/tokens/{mine['handle']}", secret, "DELETE").status_code == 200
    assert code(ask(team, "/tokens", secret)) == (401, "token-invalid")
    last = store.acts.latest()[0].act
    assert (last.who, last.way, last.what) == ("Awa Diop", Way.API, "token-revoked")
    assert mine["handle"] in last.detail


def test_the_trail_is_read_page_by_page(team: Team, store: Store) -> None:
    secret = token(store)
    for _ in range(60):
        store.acts.note(ACT)
    first = ask(team, "/acts", secret).get_json()
    assert len(first["acts"]) == 50
    rest = ask(team, f"/acts?before={first['older']}", secret).get_json()
    assert rest["acts"][-1]["number"] == 1
    assert rest["older"] is None


def test_every_route_of_the_staff_api_is_described_and_asks_for_a_token(team: Team) -> None:
    document = openapi.document()
    for rule in team.app.url_map.iter_rules():
        if rule.rule.startswith(f"{BASE}/"):
            path = document["paths"][rule.rule.replace("<", "{").replace(">", "}")]
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                assert path[method.lower()]["security"] == [{"staffToken": []}]
    assert document["components"]["securitySchemes"]["staffToken"]["scheme"] == "bearer"


@pytest.mark.parametrize("origin", ["null", "http://rmc.localhost:8100", "https://evil.example"])
def test_no_page_of_another_origin_reads_an_answer(team: Team, store: Store, origin: str) -> None:
    """A token belongs in a program. A sandboxed frame, which readers' API answers, is anybody's."""
    secret = token(store)
    asked = {"Origin": origin, "Access-Control-Request-Method": "GET"}
    rules = [one for one in team.app.url_map.iter_rules() if one.rule.startswith(BASE)]
    assert len(rules) > 10
    for rule in rules:
        path = re.sub("<[^>]+>", "1", rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD"}):
            headers = {**asked, "Authorization": f"Bearer {secret}"}
            answer = team.app.test_client().open(path, method=method, headers=headers)
            found = [name for name, _ in answer.headers if name.startswith("Access-Control-")]
            assert found == [], (method, path)
