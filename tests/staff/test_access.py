"""Every route for staff, tried with every role and with nobody, against what is written here."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from server.staff import bearer, secrets
from server.staff.access import API, PAGES, Needs, Undeclared, demand_declared
from server.staff.members import Member, member
from server.staff.roles import PERMISSIONS, Permission, Role
from server.store.store import Store
from tests.staff.conftest import ACT, NOW, OWN, Colleague, Team

EVERYBODY = frozenset(Role)
ADMINS = frozenset({Role.ADMIN})
MODERATORS = frozenset({Role.ADMIN, Role.MODERATOR})
READERS = MODERATORS | {Role.ANALYST}
NOBODY = "nobody"
# Who may use each route, by endpoint: written a second time, on purpose.
OPEN_TO: dict[str, frozenset[str]] = {
    "staff.overview": EVERYBODY,
    "staff_consultations.one": EVERYBODY,
    "staff_results.show": EVERYBODY,
    "staff_consultations.open_": ADMINS,
    "staff_consultations.close": ADMINS,
    "staff_consultations.vote_only": ADMINS,
    "staff_consultations.phase": ADMINS,
    "staff_consultations.feature": ADMINS,
    "staff_consultations.rehearse": ADMINS,
    "staff_consultations.export": ADMINS,
    "staff_consultations.votes": ADMINS,
    "staff_changes.show": ADMINS,
    "staff_changes.change": ADMINS,
    "staff_selection.show": ADMINS,
    "staff_selection.select": ADMINS,
    "staff_selection.change": ADMINS,
    "staff_selection.remove": ADMINS,
    "staff_workshops.show": ADMINS,
    "staff_workshops.add": ADMINS,
    "staff_workshops.change": ADMINS,
    "staff_workshops.remove": ADMINS,
    "staff_endorsements.show": ADMINS,
    "staff_endorsements.add": ADMINS,
    "staff_endorsements.remove": ADMINS,
    "staff_answers.show": ADMINS,
    "staff_answers.answer": ADMINS,
    "staff_answers.remove": ADMINS,
    "staff_actions.every": ADMINS,
    "staff_actions.add": ADMINS,
    "staff_actions.one": ADMINS,
    "staff_actions.change": ADMINS,
    "staff_actions.remove": ADMINS,
    "staff_actions.state": ADMINS,
    "staff_actions.add_news": ADMINS,
    "staff_actions.correct_news": ADMINS,
    "staff_actions.withdraw_news": ADMINS,
    "staff_actions.link": ADMINS,
    "staff_actions.end_link": ADMINS,
    "staff_actions.publish": ADMINS,
    "staff_actions.refuse": ADMINS,
    "staff_dossiers.show": ADMINS,
    "staff_dossiers.publish": ADMINS,
    "staff_dossiers.withdraw": ADMINS,
    "staff_dossiers.withdraw_operation": ADMINS,
    "staff_dossiers.show_operation": ADMINS,
    "staff_dossiers.publish_operation": ADMINS,
    "staff_dossier_previews.preview": ADMINS,
    "staff_dossier_previews.preview_operation": ADMINS,
    "staff_new.show": ADMINS,
    "staff_new.create": ADMINS,
    "staff_new.show_file": ADMINS,
    "staff_new.create_from_file": ADMINS,
    "staff_new.show_operation": ADMINS,
    "staff_new.create_operation": ADMINS,
    "staff_signing_in.show": EVERYBODY | {NOBODY},
    "staff_signing_in.sign_in": EVERYBODY | {NOBODY},
    "staff_signing_in.not_found": EVERYBODY | {NOBODY},
    "staff_signing_in.account": EVERYBODY,
    "staff_signing_in.language": EVERYBODY,
    "staff_signing_in.sign_out": EVERYBODY,
    "staff_signing_in.sign_out_everywhere": EVERYBODY,
    "staff_members.members": ADMINS,
    "staff_members.invite": ADMINS,
    "staff_members.one": ADMINS,
    "staff_members.change": ADMINS,
    "staff_members.renew": ADMINS,
    "staff_members.sign_out": ADMINS,
    "staff_members.remove": ADMINS,
    "staff_tokens.tokens": ADMINS,
    "staff_tokens.make": ADMINS,
    "staff_tokens.revoke": ADMINS,
    "staff_acts.acts": ADMINS,
    "staff_moderation.queue": MODERATORS,
    "staff_moderation.next_": MODERATORS,
    "staff_moderation.hold": MODERATORS,
    "staff_moderation.decide": MODERATORS,
    "staff_moderation.undo": MODERATORS,
    "staff_published.published": READERS,
    "staff_published.history": READERS,
    "staff_published.take_down": MODERATORS,
    "staff_published.put_back": ADMINS,
    "staff_batch.batch": MODERATORS,
    "staff_batch.decide": MODERATORS,
    "staff_batch.labels": MODERATORS,
    "staff_second.second": MODERATORS,
    "staff_second.judge": MODERATORS,
    "staff_second.agreement": READERS,
    "staff_charter.charter": READERS,
    "staff_moderation_api.pace": READERS,
    "staff_moderation_api.queue": READERS,
    "staff_moderation_api.show": READERS,
    "staff_moderation_api.decide": MODERATORS,
    "staff_moderation_api.undo": MODERATORS,
    "staff_consultation_api.create": ADMINS,
    "staff_consultation_api.show": ADMINS,
    "staff_consultation_api.change": ADMINS,
    "staff_consultation_api.reach": ADMINS,
    "staff_consultation_api.feature": ADMINS,
    "staff_consultation_api.unfeature": ADMINS,
    "staff_followup_api.selection": ADMINS,
    "staff_followup_api.select": ADMINS,
    "staff_followup_api.unselect": ADMINS,
    "staff_followup_api.workshops": ADMINS,
    "staff_followup_api.add_workshop": ADMINS,
    "staff_followup_api.change_workshop": ADMINS,
    "staff_followup_api.remove_workshop": ADMINS,
    "staff_followup_api.endorsements": ADMINS,
    "staff_followup_api.endorse": ADMINS,
    "staff_followup_api.unendorse": ADMINS,
    "staff_followup_api.answers": ADMINS,
    "staff_followup_api.answer": ADMINS,
    "staff_followup_api.unanswer": ADMINS,
    "staff_consultation_api.rehearse": ADMINS,
    "staff_action_api.every": ADMINS,
    "staff_action_api.add": ADMINS,
    "staff_action_api.one": ADMINS,
    "staff_action_api.change": ADMINS,
    "staff_action_api.remove": ADMINS,
    "staff_action_api.state": ADMINS,
    "staff_action_api.add_news": ADMINS,
    "staff_action_api.correct_news": ADMINS,
    "staff_action_api.withdraw_news": ADMINS,
    "staff_action_api.publish": ADMINS,
    "staff_action_api.refuse": ADMINS,
    "staff_api.me": EVERYBODY,
    "staff_api.all_of_them": EVERYBODY,
    "staff_api.one": EVERYBODY,
    "staff_api.members": ADMINS,
    "staff_api.remove_member": ADMINS,
    "staff_api.tokens": ADMINS,
    "staff_api.revoke": ADMINS,
    "staff_api.acts": ADMINS,
}
REFUSED = {401, 403}


def routes(app: Flask) -> list[tuple[str, str, str]]:
    """Return endpoint, method and address of every route for staff, with something filled in."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.rule == PAGES or rule.rule.startswith((f"{PAGES}/", f"{API}/")):
            path = re.sub(r"<[^>]*slug>", "reinventer-le-travail", rule.rule)
            path = re.sub(r"<int[^>]+>", "1", path)
            path = re.sub(r"<[^>]+>", "0123456789ab", path)
            methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
            found += [(rule.endpoint, method, path) for method in methods]
    return found


def reaches(answer: Any) -> bool:
    """Whether a request got as far as the view. A link that is no good is refused by the view."""
    body = answer.get_data().decode(errors="replace")  # one gives a zip
    return answer.status_code not in REFUSED or "data-sign-in" in body


def callers(team: Team) -> dict[str, Colleague]:
    """Return somebody of each role, signed in, and somebody who is not."""
    return {NOBODY: team.somebody(), **{role: team.join(role) for role in Role}}


def bearer_of(store: Store, who: Member) -> dict[str, str]:
    """Return the header of a token that has all that its member may give."""
    store.staff.invite(who, ACT)
    secret = secrets.TOKEN_PREFIX + secrets.draw()
    handle = secrets.digest(secret)[: secrets.HANDLE]
    made = bearer.token(handle, who, "t", who.permissions, NOW, NOW + timedelta(days=1))
    store.staff.add_token(made, secret, ACT)
    return {"Authorization": f"Bearer {secret}"}


def test_every_route_is_open_to_exactly_those_whom_the_table_names(team: Team) -> None:
    tried, wrong = set(), []
    people = callers(team)
    for endpoint, method, path in routes(team.app):
        tried.add(endpoint)
        for who in (*Role, NOBODY):
            if path.startswith(API):
                sources = ("rmc",) if who is Role.EDITOR else ()
                headers = (
                    {}
                    if who == NOBODY
                    else bearer_of(team.store, member("T", Role(who), NOW, sources=sources))
                )
                answer = team.app.test_client().open(path, method=method, headers=headers)
            else:
                caller = people[who]
                answer = caller.client.open(
                    path, method=method, headers=OWN, data={"form": caller.form}
                )
                if "sign_out" in endpoint and who != NOBODY:
                    people[who] = team.join(Role(who))
            if reaches(answer) != (who in OPEN_TO[endpoint]):
                wrong.append((endpoint, method, path, str(who), answer.status_code))
            if who == NOBODY and who not in OPEN_TO[endpoint]:
                assert answer.status_code == 401
    assert wrong == []
    assert tried == set(OPEN_TO)


def test_every_route_declares_what_the_table_says(app: Flask) -> None:
    for endpoint, roles in OPEN_TO.items():
        declared: Needs = app.view_functions[endpoint].needs  # type: ignore[attr-defined]
        told = {r for r in Role if not declared.any_of or PERMISSIONS[r] & declared.any_of}
        assert told | (set() if declared.member else {NOBODY}) == roles, endpoint


@pytest.mark.one_server
@pytest.mark.parametrize("address", ["/staff/new", "/api/v1/staff/new", "/staff"])
def test_a_route_that_declares_nothing_keeps_the_service_from_starting(address: str) -> None:
    app = Flask(__name__)
    app.add_url_rule("/staffing", "other", lambda: "")
    demand_declared(app)
    app.add_url_rule(address, "new", lambda: "")
    with pytest.raises(Undeclared, match="new"):
        demand_declared(app)


def test_a_consultation_that_is_not_theirs_does_not_exist_for_a_member(team: Team) -> None:
    path = "/staff/consultations/reinventer-le-travail"
    assert team.join(Role.ANALYST, "A", ["reinventer-le-travail"]).get(path).status_code == 200
    assert team.join(Role.ANALYST, "B", ["autre"]).get(path).status_code == 404
    assert team.join(Role.EDITOR, "C", sources=["elle"]).get(path).status_code == 404
    unknown = team.join(Role.ADMIN, "D").get("/staff/consultations/jamais-vu")
    assert unknown.status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "http://evil.example"},
        {"Origin": "http://rmc.localhost:8100", "Sec-Fetch-Site": "same-site"},
        {**OWN, "Sec-Fetch-Site": "cross-site"},
        {**OWN, "Sec-Fetch-Site": "same-site"},
    ],
)
def test_nothing_is_taken_that_another_site_has_sent(
    admin: Colleague, team: Team, headers: dict[str, str]
) -> None:
    asked = {"name": "Eve", "role": "admin", "which": "all"}
    assert admin.post("/staff/members", headers, **asked).status_code == 403
    assert len(team.store.staff.members()) == 1
    link = team.store.staff.invite(member("Zoé", Role.ADMIN, NOW), ACT)
    assert team.somebody().post("/staff/sign-in", headers, link=link.secret).status_code == 403
    assert team.somebody().post("/staff/sign-in", link=link.secret).status_code == 303


@pytest.mark.parametrize("form", ["", "0" * 64, "é", "theirs"])
def test_nothing_is_taken_without_the_form_of_this_session(
    admin: Colleague, team: Team, form: str
) -> None:
    other = team.join(Role.ADMIN, "Other")
    asked = {"name": "Eve", "role": "admin", "which": "all"}
    sent = other.form if form == "theirs" else form
    assert admin.post("/staff/members", **{**asked, "form": sent}).status_code == 403
    assert len(team.store.staff.members()) == 2
    assert admin.post("/staff/members", **asked).status_code == 200


def test_every_page_wears_headers_that_close_it(team: Team, admin: Colleague) -> None:
    paths = ["/staff", "/staff/sign-in", "/staff/nothing", "/staff/acts", "/staff/members/x"]
    answers = [admin.get(path) for path in paths] + [team.somebody().get("/staff")]
    for answer in answers:
        said = answer.headers
        assert "default-src 'none'" in said["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in said["Content-Security-Policy"]
        assert "unsafe" not in said["Content-Security-Policy"]
        assert said["Cache-Control"] == "private, no-store"
        assert said["Cross-Origin-Opener-Policy"] == "same-origin"
        assert said["Cross-Origin-Resource-Policy"] == "same-origin"
        assert said["Cross-Origin-Embedder-Policy"] == "require-corp"
        assert said["Referrer-Policy"] == "same-origin"
        assert said["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in said


def test_no_permission_is_named_that_no_role_has() -> None:
    assert {p for granted in PERMISSIONS.values() for p in granted} == set(Permission)
