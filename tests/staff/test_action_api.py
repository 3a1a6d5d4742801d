"""Actions by programmes: the same rules and the same trail; never a partner's link."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from server.consultations.actions import News
from server.consultations.consultation import Consultation
from server.staff.acts import Way, by_operator
from server.staff.members import member
from server.staff.roles import Permission, Role
from server.store.store import Store
from tests.conftest import consultation, proposals
from tests.staff.conftest import NOW, Team
from tests.staff.test_api import ask, token
from tests.web.conftest import code

AT = "/consultations/close/actions"
ACTION = {
    "title": "Parrainer", "partner": "Réseau Mentor", "promise": "Mille jeunes.", "on": "2026-01-15",
    "target": {"amount": "1 000", "unit": "jeunes", "by": "2027-01-15"}, "proposals": [12, 3],
}  # fmt: skip
NEWS = {"text": "Cent jeunes.", "on": "2026-02-01", "amount": "100,50", "source": None}


@pytest.fixture
def closed(store: Store, team: Team) -> Consultation:
    now = datetime.now(UTC)
    asked = consultation("close", opens=now - timedelta(days=9), closes=now - timedelta(days=1))
    return store.consultations.create(asked, proposals())


def test_an_action_is_added_changed_stated_and_told_of(
    team: Team, store: Store, closed: Consultation
) -> None:
    secret = token(store)

    def do(path: str, method: str = "GET", **json: Any) -> Any:
        return ask(team, AT + path, secret, method, **({"json": json} if json else {}))

    made = do("", "POST", **ACTION)
    assert (made.status_code, made.get_json()["id"]) == (201, 1)
    assert made.get_json()["target"] == {"amount": "1000", "unit": "jeunes", "by": "2027-01-15"}
    version = made.get_json()["version"]
    changed = do("/1", "PUT", **{**ACTION, "title": "Aider", "target": None, "version": version})
    assert (changed.get_json()["title"], changed.get_json()["target"]) == ("Aider", None)
    assert code(do("/1", "PUT", **ACTION, version=version)) == (409, "changed-meanwhile")
    assert do("/1", "PUT", **ACTION).get_json()["title"] == "Parrainer"
    assert do("/1/state", "PUT", state="under-way").get_json()["state"] == "under-way"
    told = do("/1/news", "POST", **NEWS)
    (entry,) = told.get_json()["news"]
    assert (told.status_code, entry["amount"], told.get_json()["amount"]) == (201, "100.5", "100.5")
    mended = do(f"/1/news/{entry['mark']}", "PUT", **{**NEWS, "amount": "120"})
    assert mended.get_json()["amount"] == "120"
    assert code(do(f"/1/news/{entry['mark']}", "DELETE")) == (404, "news-unknown")
    (entry,) = do("").get_json()["actions"][0]["news"]
    assert do(f"/1/news/{entry['mark']}", "DELETE").get_json()["news"] == []
    acts = [one.act for one in store.acts.latest() if one.act.on == "close"]
    assert {one.way for one in acts} == {Way.API}
    assert len(acts) == 9


def test_what_cannot_be_is_told_with_every_field(
    team: Team, store: Store, closed: Consultation
) -> None:
    secret = token(store)
    odd = {**ACTION, "title": "", "target": {"amount": "1.000", "unit": "x", "by": "hier"}}
    answer = ask(team, AT, secret, "POST", json=odd)
    assert code(answer) == (422, "wording-refused")
    assert {one["field"] for one in answer.get_json()["errors"]} == {
        "title", "target.amount", "target.by",
    }  # fmt: skip
    for wish, refused in (
        ({**ACTION, "proposals": [99]}, (404, "proposal-unknown")),
        ({**ACTION, "proposals": ["3"]}, (422, "body-invalid")),
        ({"title": "x"}, (422, "body-invalid")),
    ):
        assert code(ask(team, AT, secret, "POST", json=wish)) == refused
    early = "/consultations/reinventer-le-travail/actions"
    assert code(ask(team, early, secret, "POST", json=ACTION)) == (409, "actions-not-yet")
    for number in ("2", "x", "0"):
        assert code(ask(team, f"{AT}/{number}", secret)) == (404, "action-unknown")
    reading = token(store, member("Awa Diop", Role.ADMIN, NOW), Permission.OVERVIEW)
    assert code(ask(team, AT, reading)) == (403, "not-allowed")


def test_a_draft_is_published_or_refused_and_no_link_is_shown(
    team: Team, store: Store, closed: Consultation
) -> None:
    secret, now = token(store), store.clock.now()
    ask(team, AT, secret, "POST", json=ACTION)
    kept = store.reports.link("close", 1, by_operator).link or ""
    for text in ("Cent.", "Deux cents."):
        news = News(date(2026, 3, 1), text, Decimal(200))
        store.reports.draft("close", 1, lambda one, news=news: one.drafted(news, now))  # type: ignore[misc]
    read = ask(team, f"{AT}/1", secret)
    first, second = read.get_json()["drafts"]
    assert (first["text"], first["refused"], read.get_json()["linked"]) == ("Cent.", None, True)
    assert kept not in read.text
    at = f"{AT}/1/drafts"
    stale = {**NEWS, "version": second["version"]}
    assert code(ask(team, f"{at}/1/news", secret, "POST", json=stale)) == (409, "changed-meanwhile")
    made = ask(team, f"{at}/1/news", secret, "POST", json={**NEWS, "version": first["version"]})
    assert (made.status_code, len(made.get_json()["news"])) == (201, 1)
    word = {"word": "D’où vient ce nombre ?", "version": second["version"]}
    answer = ask(team, f"{at}/2/refusal", secret, "PUT", json=word)
    assert [one["refused"] for one in answer.get_json()["drafts"]] == [
        "D’où vient ce nombre\u202f?"
    ]
    assert code(ask(team, f"{at}/2/refusal", secret, "PUT", json=word)) == (404, "draft-unknown")
