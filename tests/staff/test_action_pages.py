"""Actions in the console: added, changed by two, told of, and drafted of by a partner."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from server.consultations.actions import News
from server.consultations.consultation import Consultation
from server.consultations.errors import ReportLinkUnknown
from server.consultations.written_actions import read_action
from server.staff.acts import by_operator
from server.staff.roles import Role
from server.store.store import Store
from tests.conftest import consultation, proposals
from tests.staff.conftest import Colleague, Team, text

AT = "/staff/consultations/close/actions"
ACTION = {
    "title": "Parrainer les jeunes", "partner": "Réseau Mentor", "promise": "Mille jeunes\r\nen un an !",
    "on": "2026-01-15", "target.amount": "1 000,5", "target.unit": "jeunes parrainés",
    "target.by": "2026-02-01", "proposals": "12, 3",
}  # fmt: skip
NEWS = {"text": "Cent jeunes :\r\ndéjà.", "on": "2026-02-03", "amount": "100", "source": ""}


@pytest.fixture
def closed(store: Store, team: Team) -> Consultation:
    now = datetime.now(UTC)
    asked = consultation("close", opens=now - timedelta(days=9), closes=now - timedelta(days=1))
    return store.consultations.create(asked, proposals())


@pytest.fixture
def boss(admin: Colleague, closed: Consultation) -> Colleague:
    """An admin whose first action is there."""
    admin.get(AT)
    answer = admin.post(AT, **ACTION)
    assert (answer.status_code, answer.location) == (303, f"{AT}/1"), text(answer)
    return admin


def drafted(store: Store, asked: Consultation, words: str = "Deux cents.") -> str:
    """Draft as the partner does; return the version that staff read."""
    now, news = store.clock.now(), News(date(2026, 3, 1), words, Decimal(200))
    return store.reports.draft(asked.slug, 1, lambda one: one.drafted(news, now)).waiting[0].version


def of_one(store: Store) -> tuple[News, ...]:
    return store.consultations.by_slug("close").actions[0].news


def test_an_action_is_added_and_stands_in_the_list_with_what_is_wrong(boss: Colleague) -> None:
    page = text(boss.get(f"{AT}/1"))
    assert "Mille jeunes en un an !" in page
    assert "0 / 1 000,5 jeunes parrainés" in page
    second = {"title": "Ouvrir un local", "partner": "La Ville", "promise": "Un local.",
              "on": datetime.now(UTC).date().isoformat()}  # fmt: skip
    assert boss.post(AT, **second).location == f"{AT}/2"
    page = text(boss.get(AT))
    assert page.index("Parrainer") < page.index("Ouvrir un local")
    assert "L’échéance du 1er févr. 2026 est passée" in page
    assert "Actions (2)" in text(boss.get("/staff/consultations/close"))


def test_what_a_file_accepts_is_opened_and_saved(boss: Colleague, store: Store) -> None:
    served = tuple(range(1, 13))
    (one,) = store.consultations.by_slug("close").actions
    long = replace(one, id=9_999_999, title="T" * 140, partner="P" * 120, proposals=served)
    store.consultations.change("close", lambda asked: replace(asked, actions=(long,)))
    assert boss.get(f"{AT}/9999999").status_code == 200
    sent = {**ACTION, "title": "T" * 140, "partner": "P" * 120, "promise": "Autrement."}
    assert boss.post(f"{AT}/9999999", **sent).status_code == 303
    assert boss.post(AT, **ACTION).location == f"{AT}/1"


def test_everything_wrong_is_told_and_nothing_written_is_lost(
    boss: Colleague, store: Store
) -> None:
    for fields, said in (
        ({"target.unit": ""}, "Un objectif a un nombre, une unité et un jour."),
        ({"target.amount": "1.000"}, "Un nombre comme 1 000"),
        ({"on": "hier"}, "Un jour"),
        ({"proposals": "3, 99"}, "n’est pas publiée ici"),
        ({"promise": "<b>"}, "sans lien ni HTML"),
    ):
        answer = boss.post(AT, **{**ACTION, "title": 'Mot "propre"', **fields})
        assert (answer.status_code in (404, 422), said in text(answer)) == (True, True), fields
        assert "Mot &#34;propre&#34;" in answer.get_data(as_text=True)
    assert len(store.consultations.by_slug("close").actions) == 1
    early = "/staff/consultations/reinventer-le-travail/actions"
    refused = boss.post(early, **ACTION)
    assert (refused.status_code, "pas clos" in text(refused)) == (409, True)


def test_of_two_who_change_an_action_the_second_is_shown_the_first(
    boss: Colleague, team: Team, store: Store
) -> None:
    zoe = team.join(Role.ADMIN, "Zoé")
    page = zoe.get(f"{AT}/1").get_data(as_text=True)
    version = re.findall(r'name="version" value="(\w+)"', page)[0]
    changed = {**ACTION, "title": "Parrainer mille jeunes", "version": version}
    assert zoe.post(f"{AT}/1", **changed).status_code == 303
    answer = boss.post(f"{AT}/1", **{**ACTION, "promise": "Deux mille.", "version": version})
    assert (answer.status_code, "Quelqu’un d’autre" in text(answer)) == (409, True)
    assert "Deux mille." in text(answer)
    assert "Parrainer mille jeunes" in text(answer)
    assert boss.post(f"{AT}/1/state", state="under-way").status_code == 303
    assert boss.post(f"{AT}/1/state", state="x").status_code == 422
    found = store.consultations.by_slug("close").actions[0]
    assert (found.title, found.state) == ("Parrainer mille jeunes", "under-way")


def test_news_is_published_corrected_once_and_withdrawn(boss: Colleague, store: Store) -> None:
    assert boss.post(f"{AT}/1/news", **NEWS).status_code == 303
    (entry,) = of_one(store)
    assert (entry.text, entry.amount) == ("Cent jeunes\u202f: déjà.", Decimal(100))
    page = boss.get(f"{AT}/1").get_data(as_text=True)
    (mark,) = set(re.findall(r'/news/(\w+)"', page))
    ahead = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    for field, odd in (("on", ahead), ("source", "http://x"), ("amount", "-1"), ("text", "")):
        answer = boss.post(f"{AT}/1/news/{mark}", **{**NEWS, field: odd})
        assert (answer.status_code, "Un" in text(answer)) == (422, True), field
    assert boss.post(f"{AT}/1/news/{mark}", **{**NEWS, "amount": "120"}).status_code == 303
    assert [one.amount for one in of_one(store)] == [Decimal(120)]
    late = boss.post(f"{AT}/1/news/{mark}/withdraw")
    assert (late.status_code, "vient de corriger" in text(late)) == (404, True)
    (mark,) = set(re.findall(r'/news/(\w+)"', boss.get(f"{AT}/1").get_data(as_text=True)))
    assert boss.post(f"{AT}/1/news/{mark}/withdraw").status_code == 303
    assert of_one(store) == ()
    told = [one.act.detail for one in store.acts.latest() if one.act.what == "consultation-news"]
    assert len(told) == 3
    assert "changé les nouvelles" in text(boss.get("/staff/acts"))


def test_staff_are_warned_where_an_action_is_kept_below_its_target(boss: Colleague) -> None:
    assert "C’est un minimum" in text(boss.get(f"{AT}/1"))
    told = "Notée comme tenue, mais le dernier total publié, 100, est en dessous de l’objectif, 1 000,5"
    assert boss.post(f"{AT}/1/news", **NEWS).status_code == 303
    assert told not in text(boss.get(f"{AT}/1"))
    assert boss.post(f"{AT}/1/state", state="kept").status_code == 303
    assert told in text(boss.get(f"{AT}/1"))
    enough = {**NEWS, "on": "2026-02-04", "amount": "1 000,5"}
    assert boss.post(f"{AT}/1/news", **enough).status_code == 303
    assert told not in text(boss.get(f"{AT}/1"))


def test_a_draft_is_edited_and_published_or_refused_with_a_word(
    boss: Colleague, store: Store, closed: Consultation
) -> None:
    version = drafted(store, closed)
    assert "Un brouillon du partenaire attend" in text(boss.get(AT))
    assert "Brouillons de partenaires en attente : 1" in text(boss.get("/staff"))
    given = {"version": version, "text": "Deux cents jeunes.", "on": "2026-03-01", "amount": "200"}
    assert boss.post(f"{AT}/1/drafts/1/publish", **given).status_code == 303
    assert [one.text for one in of_one(store)] == ["Deux cents jeunes."]
    again = boss.post(f"{AT}/1/drafts/1/publish", **given)
    assert (again.status_code, "n’attend plus" in text(again)) == (404, True)
    version = drafted(store, closed, "Trois cents !")
    assert boss.post(f"{AT}/1/drafts/2/refuse", version=version, word="").status_code == 422
    answer = boss.post(f"{AT}/1/drafts/2/refuse", version=version, word="Avec une source ?")
    assert answer.status_code == 303
    assert store.reports.of(closed, 1).refused[0].refused == "Avec une source\u202f?"
    assert len(of_one(store)) == 1


def test_of_a_draft_that_changed_or_went_meanwhile_no_word_is_lost(
    boss: Colleague, store: Store, closed: Consultation
) -> None:
    version, now = drafted(store, closed), store.clock.now()
    drafted(store, closed, "Un autre.")  # waits on
    new = News(date(2026, 3, 1), "Trois cents, corrigé.", Decimal(300))
    store.reports.draft("close", 1, lambda one: one.redrafted(1, new, now))
    mine = {"version": version, "text": "Mes mots.", "on": "2026-03-01", "amount": "200"}
    answer = boss.post(f"{AT}/1/drafts/1/publish", **mine)
    assert answer.status_code == 409
    before, form = answer.text.split("/drafts/1/publish")
    assert "Le partenaire l’a changé depuis" in before
    assert "Trois cents, corrigé." in before
    assert "Mes mots." in form.split("</form>")[0]
    refusing = boss.post(f"{AT}/1/drafts/1/refuse", version=version, word="Sans source.")
    assert (refusing.status_code, "corrigé." in refusing.text.split("/drafts/1/")[0]) == (409, True)
    store.reports.publish("close", 1, 1, None, new, by_operator)
    late = boss.post(f"{AT}/1/drafts/1/publish", **mine)
    assert (late.status_code, "n’attend plus" in text(late)) == (404, True)
    assert re.search(r"readonly[^>]*>\s*Mes mots\.", late.text)
    word = boss.post(f"{AT}/1/drafts/1/refuse", version=version, word="Sans source.")
    assert re.search(r"readonly[^>]*>\s*Sans source\.", word.text)


def test_what_was_written_of_news_that_a_colleague_corrected_is_shown_again(
    boss: Colleague, store: Store
) -> None:
    boss.post(f"{AT}/1/news", **NEWS)
    (mark,) = set(re.findall(r'/news/(\w+)"', boss.get(f"{AT}/1").text))
    assert boss.post(f"{AT}/1/news/{mark}", **{**NEWS, "amount": "120"}).status_code == 303
    answer = boss.post(f"{AT}/1/news/{mark}", **{**NEWS, "text": "Mes <mots>, plus longs."})
    assert (answer.status_code, "vient de corriger" in text(answer)) == (422, True)
    assert "Mes &lt;mots&gt;" in answer.text
    answer = boss.post(f"{AT}/1/news/{mark}", **{**NEWS, "text": "Mes mots, plus longs."})
    assert (answer.status_code, "vient de corriger" in text(answer)) == (404, True)
    assert re.search(r"readonly[^>]*>\s*Mes mots, plus longs\.", answer.text)


def test_an_action_made_by_mistake_goes_with_its_link_unless_there_is_news(
    boss: Colleague, store: Store, closed: Consultation
) -> None:
    secret = store.reports.link("close", 1, by_operator).link or ""
    drafted(store, closed)
    kept = boss.post(f"{AT}/1/remove")
    assert (kept.status_code, "des brouillons attendent" in text(kept)) == (409, True)
    store.reports.draft("close", 1, lambda one: one.without(1))
    assert "Supprimer cette action" in text(boss.get(f"{AT}/1"))
    for _ in range(2):
        assert boss.post(f"{AT}/1/remove").location == AT
    assert store.consultations.by_slug("close").actions == ()
    assert store.acts.latest()[0].act.detail.startswith("action 1: Parrainer les jeunes; Réseau")
    assert boss.post(AT, **ACTION).location == f"{AT}/1"  # another of that number
    with pytest.raises(ReportLinkUnknown):
        store.reports.of(closed, 1).opened_by(secret)
    boss.post(f"{AT}/1/news", **NEWS)
    assert "Supprimer cette action" not in text(boss.get(f"{AT}/1"))
    kept = boss.post(f"{AT}/1/remove")
    assert (kept.status_code, len(of_one(store))) == (409, 1)


def test_a_link_is_made_renewed_and_ended_and_never_in_the_trail(
    boss: Colleague, store: Store
) -> None:
    assert boss.post(f"{AT}/1/link").status_code == 303
    links = []
    for deed in ("link", "link/end"):
        links += re.findall(r'value="(http[^"]+/report/[^"]+)"', boss.get(f"{AT}/1").text)
        boss.post(f"{AT}/1/{deed}")
    assert len(set(links)) == 2
    assert boss.post(f"{AT}/1/link/end").status_code == 303  # pressed twice
    assert "/report/" not in boss.get(f"{AT}/1").text
    trail = [one.act.detail for one in store.acts.latest() if one.act.what == "report-link"]
    assert trail == ["action 1 link: link → –", "action 1 link: link → another link",
                     "action 1 link: – → link"]  # fmt: skip


def test_six_months_without_news_are_on_the_overview(
    team: Team, store: Store, admin: Colleague, closed: Consultation
) -> None:
    past = read_action({**ACTION, "on": "2020-01-01"}, "fr")
    store.committing.add("close", past, datetime.now(UTC), by_operator)
    assert "Actions sans nouvelles depuis six mois : 1" in text(admin.get("/staff"))
    assert "sans nouvelles" not in text(team.join(Role.EDITOR).get("/staff"))
