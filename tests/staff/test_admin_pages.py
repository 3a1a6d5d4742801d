"""Members, tokens and the trail, as an admin uses them."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from server.staff.members import id_of
from server.staff.roles import Permission, Role
from server.store.store import Store
from tests.staff.conftest import Colleague, Team, text

INVITED = {"name": "Zoé Martin", "role": "moderator", "which": "all"}


def link_in(page: str) -> str:
    found = re.search(r"/staff/sign-in#([\w-]{43})\"", page)
    assert found, page
    return found[1]


def test_an_invitation_shows_its_link_once_and_it_works(
    admin: Colleague, team: Team, store: Store
) -> None:
    page = admin.post("/staff/members", **INVITED)
    link = link_in(page.get_data(as_text=True))
    assert link not in admin.get("/staff/members").get_data(as_text=True)
    zoe = team.somebody()
    assert zoe.sign_in(link).status_code == 303
    assert "Zoé Martin" in text(zoe.get("/staff"))
    assert "Membres" not in text(zoe.get("/staff"))
    (act,) = [one for one in store.acts.latest() if one.act.what == "member-invited"][:1]
    assert (act.act.who, act.act.way, act.act.on) == ("The admin", "console", "Zoé Martin")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "Un nom a de 1 à 60"),
        ({"name": "x" * 61}, "Un nom a de 1 à 60"),
        ({"role": "king"}, "Choisissez un rôle"),
        ({"role": "editor"}, "La rédaction a besoin"),
        ({"which": "only"}, "Choisissez au moins une consultation"),
        ({"role": "admin", "which": "only", "consultations": "autre"}, "l’administration les a"),
        ({"which": "only", "consultations": "<b>"}, "Choisissez au moins une consultation"),
    ],
)
def test_an_invitation_that_cannot_be_is_shown_again_with_its_fault(
    admin: Colleague, store: Store, fields: dict[str, str], said: str
) -> None:
    answer = admin.post("/staff/members", **{**INVITED, **fields})
    assert answer.status_code == 422
    assert said in text(answer)
    assert len(store.staff.members()) == 1
    if fields.get("name") is None:
        assert 'value="Zoé Martin"' in answer.get_data(as_text=True)


def test_a_role_is_changed_in_the_session_that_is_under_way(admin: Colleague, team: Team) -> None:
    one = team.join(Role.ANALYST, "Zoé")
    at = f"/staff/members/{id_of('Zoé')}"
    assert admin.get(at).status_code == 200
    changed = {"role": "editor", "which": "only", "consultations": "reinventer-le-travail"}
    assert admin.post(at, **changed, sources="bfm").status_code == 303
    assert "Écart" not in text(one.get("/staff"))
    assert admin.post(at, role="editor", which="all").status_code == 422
    # A source that was ticked before the role was changed is no fault.
    assert admin.post(at, role="analyst", which="all", sources="bfm").status_code == 303


def test_a_new_link_and_the_end_of_sessions(admin: Colleague, team: Team) -> None:
    one = team.join(Role.ANALYST, "Zoé")
    at = f"/staff/members/{id_of('Zoé')}"
    link = link_in(admin.post(f"{at}/link").get_data(as_text=True))
    assert one.get("/staff").status_code == 200
    assert admin.post(f"{at}/sign-out").status_code == 303
    assert one.get("/staff").status_code == 401
    assert one.sign_in(link).status_code == 403
    again = link_in(admin.post(f"{at}/link").get_data(as_text=True))
    assert one.sign_in(again).status_code == 303


def test_nobody_removes_or_demotes_themselves(admin: Colleague, store: Store) -> None:
    at = f"/staff/members/{id_of('The admin')}"
    assert admin.post(f"{at}/remove").status_code == 409
    assert admin.post(at, role="analyst", which="all").status_code == 409
    again = {"name": "the ADMIN", "role": "analyst", "which": "all"}
    assert admin.post("/staff/members", **again).status_code == 409
    assert [one.role for one in store.staff.members()] == [Role.ADMIN]
    assert f"{at}/remove" not in admin.get(at).get_data(as_text=True)


def test_a_member_who_is_not_there_is_not_found(admin: Colleague) -> None:
    for end in ("", "/remove", "/link", "/sign-out"):
        assert admin.post(f"/staff/members/0123456789ab{end}", role="admin").status_code == 404


def test_a_token_is_shown_once_and_revoked(admin: Colleague, store: Store) -> None:
    day = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    asked = {"label": "Tableau", "member": id_of("The admin"), "ends": day}
    page = admin.post("/staff/tokens", **asked, scopes=["overview", "acts"])
    found = re.search(r"isoloir_[\w-]{43}", page.get_data(as_text=True))
    assert found
    used = store.staff.use_token(found[0], datetime.now(UTC).date())
    assert used
    assert used[0].scopes == {Permission.OVERVIEW, Permission.ACTS}
    listed = admin.get("/staff/tokens")
    assert found[0] not in listed.get_data(as_text=True)
    assert "Tableau" in text(listed)
    assert admin.post(f"/staff/tokens/{used[0].handle}/revoke").status_code == 303
    assert store.staff.use_token(found[0], datetime.now(UTC).date()) is None
    assert admin.post(f"/staff/tokens/{used[0].handle}/revoke").status_code == 404
    whats = [one.act.what for one in store.acts.latest()]
    assert whats[:2] == ["token-revoked", "token-made"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"label": ""}, "à quoi sert ce jeton"),
        ({"scopes": []}, "au moins un droit"),
        ({"scopes": ["own-sources"]}, "au moins un droit"),
        ({"scopes": ["everything"]}, "au moins un droit"),
        ({"ends": ""}, "Choisissez un jour"),
        ({"ends": "9999-12-31"}, "Choisissez un jour"),
        ({"ends": "2020-01-01"}, "Choisissez un jour"),
        ({"member": "nobody"}, "Ce n’est pas possible"),
    ],
)
def test_a_token_that_cannot_be_is_not_made(
    admin: Colleague, store: Store, fields: dict[str, object], said: str
) -> None:
    day = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    asked = {"label": "T", "member": id_of("The admin"), "ends": day, "scopes": ["acts"]}
    answer = admin.post("/staff/tokens", **{**asked, **fields})
    assert answer.status_code == 422
    assert said in text(answer)
    assert store.staff.tokens() == ()


def test_the_trail_is_turned_page_by_page(admin: Colleague, team: Team, store: Store) -> None:
    for number in range(60):
        admin.post("/staff/members", **{**INVITED, "name": f"Nouveau {number}"})
    first = admin.get("/staff/acts")
    assert "Nouveau 59" in text(first)
    assert "Nouveau 3 " not in text(first)
    older = re.search(r"/staff/acts\?before=\d+", first.get_data(as_text=True))
    assert older
    second = text(admin.get(older[0]))
    assert "Nouveau 3 " in second
    assert "exploitation ligne de commande test" in second
    assert "The admin console s’est connecté" in second
    for odd in ("x", "-1", "9" * 400, "²", ""):
        assert admin.get(f"/staff/acts?before={odd}").status_code == 200


def test_names_are_shown_as_text_wherever_they_stand(admin: Colleague, store: Store) -> None:
    odd = {**INVITED, "name": "<img src=x onerror=alert(1)> {{7*7}}"}
    pages = [admin.post("/staff/members", **odd)]
    pages += [admin.get(f"/staff/{page}") for page in ("members", "tokens", "acts")]
    pages.append(admin.get(f"/staff/members/{id_of(odd['name'])}"))
    for page in pages:
        assert page.status_code == 200
        assert "<img" not in page.get_data(as_text=True)
        assert "{{7*7}}" in page.get_data(as_text=True)
