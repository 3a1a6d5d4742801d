"""In by a link that works once, and out again."""

import pytest

from server.staff.access import COOKIE
from server.staff.members import member
from server.staff.roles import Role
from tests.staff.conftest import ACT, NOW, OWN, Colleague, Team, text


def invited(team: Team, name: str = "Zoé Martin") -> str:
    return team.store.staff.invite(member(name, Role.ANALYST, NOW), ACT).secret


def test_looking_at_the_link_burns_nothing_and_pressing_does(team: Team) -> None:
    link, somebody = invited(team), team.somebody()
    for _ in range(3):  # scanners of mails look at every link
        assert somebody.get(f"/staff/sign-in?{link}").status_code == 200
        assert somebody.client.head("/staff/sign-in").status_code == 200
    answer = somebody.post("/staff/sign-in", link=link)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff")
    assert "Zoé Martin" in text(somebody.get("/staff"))
    again = team.somebody().post("/staff/sign-in", link=link)
    assert again.status_code == 403
    assert "Ce lien a déjà servi" in text(again)


def test_the_cookie_is_as_strict_as_a_browser_knows(team: Team) -> None:
    answer = team.somebody().post("/staff/sign-in", link=invited(team))
    said = answer.headers["Set-Cookie"]
    assert said.startswith(f"{COOKIE}=")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Strict", "Max-Age=604800"):
        assert part in said
    assert "Domain" not in said


def test_the_whole_link_may_be_pasted(team: Team) -> None:
    link = f" http://localhost:8000/staff/sign-in#{invited(team)} "
    assert team.somebody().post("/staff/sign-in", link=link).status_code == 303


@pytest.mark.parametrize("link", ["", "x", "é" * 50, "a" * 5000, "\x00"])
def test_what_is_no_link_signs_nobody_in(team: Team, link: str) -> None:
    answer = team.somebody().post("/staff/sign-in", link=link)
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


def test_signing_in_again_ends_the_session_that_was_there(team: Team) -> None:
    one = team.join(Role.ADMIN)
    old = one.client.get_cookie(COOKIE)
    assert old
    one.sign_in(invited(team))
    assert team.store.staff.session(old.value) is None
    assert "Zoé Martin" in text(one.get("/staff"))


def test_signing_out_ends_this_session_alone(team: Team) -> None:
    here, there = team.join(Role.ADMIN), team.join(Role.ADMIN)
    kept = here.client.get_cookie(COOKIE)
    assert kept
    answer = here.post("/staff/sign-out")
    assert answer.status_code == 200
    assert here.client.get_cookie(COOKIE) is None
    assert team.store.staff.session(kept.value) is None
    assert here.get("/staff").status_code == 401
    assert there.get("/staff").status_code == 200


def test_signing_out_everywhere_ends_every_session(team: Team) -> None:
    here, there = team.join(Role.ADMIN), team.join(Role.ADMIN)
    assert here.post("/staff/sign-out-everywhere").status_code == 200
    assert there.get("/staff").status_code == 401


def test_a_cookie_that_leads_nowhere_is_nobodys(team: Team) -> None:
    somebody = team.somebody()
    for odd in ("", "x", "é" * 40, "a" * 3000):
        somebody.client.set_cookie(COOKIE, odd, secure=True)
        assert somebody.get("/staff").status_code == 401


def test_the_language_is_the_browsers_until_one_is_chosen(team: Team) -> None:
    one = team.join(Role.ANALYST)
    assert 'lang="fr"' in one.get("/staff").get_data(as_text=True)
    nobody = team.somebody().get("/staff/sign-in", **{"Accept-Language": "en-GB,fr;q=0.5"})
    assert 'lang="en"' in nobody.get_data(as_text=True)
    assert one.post("/staff/language", language="en").status_code == 303
    assert "Overview" in text(one.get("/staff", **{"Accept-Language": "fr"}))
    assert one.post("/staff/language", language="xx").status_code == 422


def test_who_is_removed_is_out_with_the_next_request(admin: Colleague, team: Team) -> None:
    one = team.join(Role.ANALYST, "Zoé")
    assert one.member
    admin.get("/staff/members")
    assert admin.post(f"/staff/members/{one.member.id}/remove").status_code == 303
    assert one.get("/staff").status_code == 401


def test_no_secret_stands_in_what_the_service_says_of_itself(
    team: Team, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    link = invited(team)
    answer = team.somebody().client.post("/staff/sign-in", data={"link": link}, headers=OWN)
    session = answer.headers["Set-Cookie"].split("=", 1)[1].split(";")[0]
    said = caplog.text + "".join(capfd.readouterr()) + answer.get_data(as_text=True)
    assert link not in said + str(answer.headers)
    assert session not in said
