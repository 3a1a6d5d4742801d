"""What came of a consultation, recorded by programmes: the same rules, by token."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from server.consultations.ballots import Vote
from server.consultations.consultation import Consultation
from server.consultations.kinds import Kind
from server.staff.acts import Way
from server.staff.members import member
from server.staff.roles import Permission, Role
from server.store.store import Store
from tests.conftest import consultation, proposals
from tests.staff.conftest import NOW, Team
from tests.staff.test_api import ask, token
from tests.store.casting import cast, publish
from tests.web.conftest import code

AT = "/consultations/questions"


@pytest.fixture
def closed(store: Store, team: Team) -> Consultation:
    made = store.consultations.create(
        consultation("questions", kind=Kind.CITIZENS_QUESTION), proposals()
    )
    for n in range(25):
        cast(store, made, f"v{n}", 3, Vote.AGREE if n < 20 else Vote.DISAGREE)
    publish(store, made)
    ended = replace(made, closes=datetime.now(UTC) - timedelta(hours=1))
    store.consultations.replace(ended)
    return ended


class Desk:
    """A programme with a token."""

    def __init__(self, team: Team, store: Store, *scopes: Permission) -> None:
        self.team, self.secret = team, token(store, member("Awa", Role.ADMIN, NOW), *scopes)

    def send(self, method: str, path: str, **body: Any) -> TestResponse:
        more = {"json": body} if method in ("PUT", "POST") else {}
        return ask(self.team, f"{AT}/{path}", self.secret, method, **more)


def test_the_selection_is_read_and_changed(team: Team, store: Store, closed: Consultation) -> None:
    desk, today = Desk(team, store), datetime.now(closed.opens.tzinfo).date().isoformat()
    (best,) = desk.send("GET", "selection").get_json()["proposed"]
    assert (best["rank"], best["proposal"], best["zone"]) == (1, 3, "consensus")
    assert (best["agree"], best["votes"], best["asked"]) == (0.8, 25, 25)
    made = desk.send("PUT", "selection/3", on=today, reason="La plus soutenue").get_json()
    assert made["selected"] == [{"proposal": 3, "on": today, "reason": "La plus soutenue"}]
    assert desk.send("DELETE", "selection/3").get_json()["selected"] == []
    assert code(desk.send("DELETE", "selection/3")) == (404, "proposal-unknown")
    odd = desk.send("PUT", "selection/3", on="2020-01-01")
    assert (code(odd), odd.get_json()["reason"]) == ((409, "selection-refused"), "day")
    assert code(desk.send("PUT", "selection/99", on=today)) == (404, "proposal-unknown")
    assert code(desk.send("PUT", "selection/3", reason="x")) == (422, "body-invalid")
    long = desk.send("PUT", "selection/3", on=today, reason="x" * 301)
    assert (code(long), long.get_json()["field"]) == ((422, "wording-refused"), "reason")
    last = store.acts.latest()[0].act
    assert (last.way, last.what, last.on) == (Way.API, "consultation-selected", "questions")


def test_workshops_are_recorded_once_and_changed_by_who_read_them(
    team: Team, store: Store, closed: Consultation
) -> None:
    desk = Desk(team, store)
    wish = {"title": "Atelier", "on": "2027-03-02", "partners": ["RMC"], "proposals": [3, 2]}
    for _ in range(2):  # sent again, as after an answer that was lost
        (made,) = desk.send("POST", "workshops", **wish).get_json()["workshops"]
    assert (made["id"], made["proposals"], made["outcome"]) == (1, [3, 2], None)
    told = {**wish, "outcome": "Dix idées", "version": made["version"]}
    (new,) = desk.send("PUT", "workshops/1", **told).get_json()["workshops"]
    assert new["outcome"] == "Dix idées"
    assert code(desk.send("PUT", "workshops/1", **told)) == (409, "changed-meanwhile")
    assert code(desk.send("PUT", "workshops/2", **wish)) == (404, "workshop-unknown")
    for field, odd in (("proposals", ["3"]), ("partners", "RMC"), ("title", None)):
        assert code(desk.send("POST", "workshops", **{**wish, field: odd}))[1] == "body-invalid"
    for field, odd in (("partners", ["x"] * 25), ("proposals", [0]), ("link", "http://x")):
        answer = desk.send("POST", "workshops", **{**wish, field: odd})
        assert (code(answer), answer.get_json()["field"]) == ((422, "wording-refused"), field)
    assert desk.send("DELETE", "workshops/1").get_json() == {"workshops": []}
    assert code(desk.send("DELETE", "workshops/1")) == (404, "workshop-unknown")


def test_endorsements_are_told_anew_and_removed(
    team: Team, store: Store, closed: Consultation
) -> None:
    desk, wish = Desk(team, store), {"by": "Une ONG", "on": "2027-03-02"}
    desk.send("POST", "endorsements", **wish)
    desk.send("POST", "endorsements", **wish, proposal=3)
    found = desk.send("POST", "endorsements", **wish, link="https://ong.example/").get_json()
    assert [(one["proposal"], one["link"]) for one in found["endorsements"]] == [
        (None, "https://ong.example/"),
        (3, None),
    ]
    handle = found["endorsements"][0]["handle"]
    (left,) = desk.send("DELETE", f"endorsements/{handle}").get_json()["endorsements"]
    assert left["proposal"] == 3
    assert desk.send("GET", "endorsements").get_json()["endorsements"] == [left]
    assert code(desk.send("DELETE", f"endorsements/{handle}")) == (404, "endorsement-unknown")
    unknown = desk.send("POST", "endorsements", **wish, proposal=99)
    assert code(unknown) == (404, "proposal-unknown")


def test_an_answer_is_corrected_and_what_stood_there_is_told(
    team: Team, store: Store, closed: Consultation
) -> None:
    desk = Desk(team, store)
    said = {"by": "Zoé Durand", "office": "ministre", "on": "2027-04-02", "text": "Oui."}
    desk.send("PUT", "answers/3", **said)
    (kept,) = desk.send("PUT", "answers/3", **{**said, "text": "Non."}).get_json()["answers"]
    assert (kept["text"], kept["office"]) == ("Non.", "ministre")
    assert [one["text"] for one in kept["former"]] == ["Oui."]
    assert desk.send("GET", "answers").get_json()["answers"] == [kept]
    assert code(desk.send("PUT", "answers/999", **said)) == (404, "proposal-unknown")
    assert desk.send("DELETE", "answers/3").get_json() == {"answers": []}
    assert code(desk.send("DELETE", "answers/3")) == (404, "answer-unknown")
    odd_day = desk.send("PUT", "answers/3", **{**said, "on": "hier"})
    assert (code(odd_day), odd_day.get_json()["field"]) == ((422, "wording-refused"), "on")
    other = ask(
        team, "/consultations/reinventer-le-travail/answers/3", desk.secret, "PUT", json=said
    )
    assert code(other)[1] == "answer-refused"


def test_a_token_of_another_scope_reads_and_records_nothing(
    team: Team, store: Store, closed: Consultation
) -> None:
    desk = Desk(team, store, Permission.OVERVIEW)
    assert code(desk.send("GET", "selection")) == (403, "not-allowed")
    assert code(desk.send("POST", "endorsements", by="X", on="2027-03-02"))[1] == "not-allowed"
