"""What came of a consultation, as staff record it in the console."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from server.consultations.answers import Former
from server.consultations.ballots import Vote
from server.consultations.consultation import Consultation
from server.consultations.endorsements import Endorsement
from server.consultations.kinds import Kind
from server.consultations.selection import Selected
from server.staff.acts import by_operator
from server.store.store import Store
from tests.conftest import consultation, proposals
from tests.staff.conftest import Colleague, Team, text
from tests.store.casting import cast, publish

AT = "/staff/consultations/questions"
SLUG = "questions"


def now_of(store: Store) -> Consultation:
    return store.consultations.by_slug(SLUG)


@pytest.fixture
def closed(store: Store, team: Team) -> Consultation:
    """A citizens' question on which 25 voted: 3 leads, 2 follows, 1 is contested; and is over."""
    made = store.consultations.create(
        consultation(SLUG, kind=Kind.CITIZENS_QUESTION, question="Que demander\u202f?"),
        proposals(),
    )
    for n in range(25):
        for proposal, agree in ((1, n < 10), (2, n < 20), (3, True), (4, False)):
            cast(store, made, f"v{n}", proposal, Vote.AGREE if agree else Vote.DISAGREE)
    publish(store, made)
    ended = replace(made, closes=datetime.now(UTC) - timedelta(hours=1))
    store.consultations.replace(ended)
    return ended


@pytest.fixture
def today(closed: Consultation) -> str:
    return datetime.now(closed.opens.tzinfo).date().isoformat()


def test_what_the_votes_propose_is_ticked_each_with_its_reason(
    admin: Colleague, store: Store, closed: Consultation, today: str
) -> None:
    page = text(admin.get(f"{AT}/selection"))
    first, second = page.index("mesure numéro 3"), page.index("mesure numéro 2")
    assert first < second < page.index("mesure numéro 1")
    assert "mesure numéro 4" not in page, "nobody agrees"
    assert "Rang 1 par le score : 100 % d’accord, 25 votes sollicités." in page
    assert page.index("Consensus") < page.index("Controverse")
    sent = {
        "chosen": ["3", "2"],
        "reason-3": "C'est la plus soutenue !",
        "reason-2": "",
        "on": today,
    }
    assert admin.post(f"{AT}/selection", **sent).location == f"{AT}/selection"
    other = {"other": "n° 7", "reason-other": "Demandée par les associations", "on": today}
    assert admin.post(f"{AT}/selection", **other).status_code == 303
    day = date.fromisoformat(today)
    assert now_of(store).selected == (
        Selected(3, day, "C’est la plus soutenue\u202f!"),
        Selected(2, day),
        Selected(7, day, "Demandée par les associations"),
    )
    page = text(admin.get(f"{AT}/selection"))
    assert page.index("Questions posées") < page.index("Demandée par les associations")
    assert 'value="3"' not in admin.get(f"{AT}/selection").get_data(as_text=True)
    trail = [one.act.detail for one in store.acts.latest() if one.act.what.endswith("-selected")]
    assert trail[0] == f"selected: – → 7 {today} Demandée par les associations"


def test_a_reason_is_told_anew_and_a_proposal_taken_out(
    admin: Colleague, store: Store, closed: Consultation, today: str
) -> None:
    admin.get(f"{AT}/selection")
    admin.post(f"{AT}/selection", chosen=["3", "2"], on=today)
    assert admin.post(f"{AT}/selection/3", on=today, reason="Mieux dit").status_code == 303
    assert admin.post(f"{AT}/selection/2/remove").status_code == 303
    assert admin.post(f"{AT}/selection/2/remove").status_code == 303, "gone is gone"
    assert [(one.proposal, one.reason) for one in now_of(store).selected] == [(3, "Mieux dit")]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Cochez au moins une proposition"),
        ({"chosen": "3", "on": "hier"}, "Un jour."),
        ({"chosen": "3", "on": "2020-01-01"}, "de la clôture à aujourd’hui"),
        ({"chosen": "3", "reason-3": "www.exemple.fr oui"}, "Chaque raison"),
        ({"other": "999", "reason-other": "Elle manque"}, "Aucune proposition visible"),
        ({"other": "la première"}, "Aucune proposition visible"),
        ({"chosen": [str(n) for n in range(1, 102)]}, "Aucune proposition visible"),
    ],
)
def test_a_selection_that_does_not_fit_comes_back_as_it_was_sent(
    admin: Colleague,
    store: Store,
    closed: Consultation,
    today: str,
    sent: dict[str, str],
    said: str,
) -> None:
    admin.get(f"{AT}/selection")
    answer = admin.post(f"{AT}/selection", **{"on": today, **sent})
    assert (answer.status_code >= 400, said in text(answer)) == (True, True)
    page = answer.get_data(as_text=True)
    assert ('value="3" checked' in page) == ("3" in sent.get("chosen", ""))
    assert "Elle manque" in page or "other" not in sent or sent["other"] != "999"
    assert now_of(store).selected == ()


def test_nothing_is_selected_before_the_close(
    admin: Colleague, store: Store, opened: Consultation
) -> None:
    at = f"/staff/consultations/{opened.slug}/selection"
    assert "On sélectionne après la clôture" in text(admin.get(at))
    refused = admin.post(at, chosen="3", on=datetime.now(UTC).date().isoformat())
    assert (refused.status_code, "après la clôture" in text(refused)) == (409, True)
    assert store.consultations.by_slug(opened.slug).selected == ()


WORKSHOP = {
    "title": "L'atelier de Lyon",
    "on": "2027-03-02",
    "partners": "RMC\r\n  Une ville \r\n",
    "proposals": "2, 3",
    "outcome": "Dix idées :\r\ndont deux retenues.",
    "link": "https://www.exemple.fr/atelier",
}


def test_a_workshop_is_recorded_changed_and_removed(
    admin: Colleague, store: Store, closed: Consultation
) -> None:
    admin.get(f"{AT}/workshops")
    for _ in range(2):  # a double click
        assert admin.post(f"{AT}/workshops", **WORKSHOP).location == f"{AT}/workshops"
    (held,) = now_of(store).workshops
    assert (held.title, held.partners, held.proposals) == (
        "L’atelier de Lyon",
        ("RMC", "Une ville"),
        (2, 3),
    )
    assert held.outcome == "Dix idées\u202f: dont deux retenues."
    page = text(admin.get(f"{AT}/workshops"))
    assert "mesure numéro 2" in page
    changed = {**WORKSHOP, "version": held.version, "proposals": "3"}
    assert admin.post(f"{AT}/workshops/1", **changed).status_code == 303
    stale = admin.post(f"{AT}/workshops/1", **{**changed, "title": "Le mien"})
    assert (stale.status_code, "Quelqu’un d’autre" in text(stale)) == (409, True)
    assert 'value="Le mien"' in stale.get_data(as_text=True)
    assert [one.proposals for one in now_of(store).workshops] == [(3,)]
    assert admin.post(f"{AT}/workshops/1/remove").status_code == 303
    assert now_of(store).workshops == ()
    assert admin.post(f"{AT}/workshops/1/remove").status_code == 303
    gone = admin.post(f"{AT}/workshops/1", **{**changed, "outcome": "Trois <promesses>."})
    assert (gone.status_code, "Trois &lt;promesses&gt;." in gone.text) == (422, True)
    gone = admin.post(f"{AT}/workshops/1", **{**changed, "outcome": "Trois promesses."})
    assert (gone.status_code, "nouvel atelier" in text(gone)) == (404, True)
    assert "Trois promesses." in gone.text
    trail = [one.act.detail for one in store.acts.latest() if one.act.what.endswith("-workshop")]
    assert trail[1] == "workshops: 1: proposals 2 → –"


@pytest.mark.parametrize(
    ("field", "odd", "said"),
    [
        ("title", "", "De 1 à 140"),
        ("on", "demain", "Un jour."),
        ("partners", "\n".join(map(str, range(25))), "24 noms au plus"),
        ("proposals", "2; trois", "Des numéros de propositions"),
        ("proposals", "2, 99", "Des numéros de propositions"),
        ("outcome", "x" * 1001, "1000 caractères"),
        ("link", "javascript:alert(1)", "Une adresse"),
    ],
)
def test_a_workshop_that_does_not_fit_comes_back_as_it_was_sent(
    admin: Colleague, store: Store, closed: Consultation, field: str, odd: str, said: str
) -> None:
    admin.get(f"{AT}/workshops")
    answer = admin.post(f"{AT}/workshops", **{**WORKSHOP, field: odd})
    assert (answer.status_code >= 400, said in text(answer)) == (True, True)
    assert f'id="new-{field}-fault"' in answer.get_data(as_text=True)
    assert now_of(store).workshops == ()


def test_endorsements_are_recorded_at_any_time_and_taken_back(
    admin: Colleague, store: Store, opened: Consultation
) -> None:
    at = f"/staff/consultations/{opened.slug}/endorsements"
    admin.get(at)
    sent = {"by": "Une ONG", "on": "2027-03-02", "proposal": "", "link": ""}
    assert admin.post(at, **sent).status_code == 303
    assert admin.post(at, **{**sent, "proposal": "#3"}).status_code == 303
    assert admin.post(at, **{**sent, "link": "https://ong.example/"}).status_code == 303
    day = date(2027, 3, 2)
    kept = store.consultations.by_slug(opened.slug).endorsements
    assert kept == (
        Endorsement("Une ONG", day, None, "https://ong.example/"),
        Endorsement("Une ONG", day, 3),
    )
    assert "2 soutiens d’organisations" in text(admin.get(at))
    for field, odd in (("by", "<b>"), ("proposal", "99"), ("on", ""), ("link", "http://x")):
        refused = admin.post(at, **{**sent, field: odd})
        assert refused.status_code >= 400
        assert f'id="new-{field}-fault"' in refused.get_data(as_text=True)
    assert admin.post(f"{at}/{kept[0].handle}/remove").status_code == 303
    assert admin.post(f"{at}/{kept[0].handle}/remove").status_code == 303
    assert store.consultations.by_slug(opened.slug).endorsements == kept[1:]


ANSWER = {
    "proposal": "3",
    "by": "Zoé Durand",
    "office": "ministre de la Santé",
    "on": "2027-04-02",
    "link": "",
    "text": "Oui :\r\nen juin.",
}


def test_an_answer_is_recorded_under_its_question_and_corrected(
    admin: Colleague, store: Store, closed: Consultation, today: str
) -> None:
    day = date.fromisoformat(today)
    store.following.select(
        SLUG, [Selected(2, day), Selected(3, day)], datetime.now(UTC), by_operator
    )
    assert "Attend une réponse depuis aujourd’hui" in text(admin.get(f"{AT}/answers"))
    assert admin.post(f"{AT}/answers", **ANSWER).status_code == 303
    page = admin.get(f"{AT}/answers?question=3")
    assert 'value="Zoé Durand"' in page.get_data(as_text=True)
    assert "Corriger la réponse à la n° 3" in text(page)
    assert admin.post(f"{AT}/answers", **{**ANSWER, "text": "Oui, en juillet."}).status_code == 303
    (kept,) = now_of(store).answers
    assert (kept.office, kept.text) == ("ministre de la Santé", "Oui, en juillet.")
    assert kept.former == (Former("Oui\u202f: en juin.", day),)
    page = text(admin.get(f"{AT}/answers"))
    assert page.index("Oui, en juillet.") < page.index("Corrigée 1 fois") < page.index("en juin.")
    assert page.count("Attend une réponse") == 1


def test_an_answer_under_the_wrong_question_is_taken_away_and_stays_whole_in_the_trail(
    admin: Colleague, store: Store, closed: Consultation
) -> None:
    admin.get(f"{AT}/answers")
    long = "Nous le ferons. " * 55
    for said in (long, f"{long}Oui.", "Non."):
        assert admin.post(f"{AT}/answers", **{**ANSWER, "text": said}).status_code == 303
    page = admin.get(f"{AT}/answers?question=3").text
    assert '<input type="hidden" name="proposal" value="3">' in page
    wrong = admin.post(f"{AT}/answers", **{**ANSWER, "on": "hier", "correcting": "3"})
    assert 'name="proposal" type=' not in wrong.text
    for _ in range(2):
        assert admin.post(f"{AT}/answers/3/remove").location == f"{AT}/answers"
    assert now_of(store).answers == ()
    told = [one.act.detail for one in reversed(store.acts.latest(50))]
    whole = "".join(line.split(": ", 1)[1] for line in told if line.startswith("answers ("))
    assert whole.endswith(" → –")
    assert whole.count(long.strip()) == 3  # as it was recorded, and both that it had said
    assert "Zoé Durand" in whole


def test_an_answer_that_does_not_fit_comes_back_as_it_was_sent(
    admin: Colleague, store: Store, closed: Consultation, opened: Consultation
) -> None:
    admin.get(f"{AT}/answers")
    for field, odd, said in (
        ("proposal", "999", "Aucune proposition"),
        ("on", "hier", "Un jour"),
        ("link", "http://x", "Une adresse"),
        ("office", "x" * 121, "120 caractères au plus"),
        ("text", "<b>", "sans lien ni HTML"),
    ):
        refused = admin.post(f"{AT}/answers", **{**ANSWER, field: odd})
        assert (refused.status_code >= 400, said in text(refused)) == (True, True), field
        assert "en juin" in text(refused) or field == "text"
    other = f"/staff/consultations/{opened.slug}"
    assert admin.post(f"{other}/answers", **ANSWER).status_code == 409
    assert "Seule une question citoyenne" in text(admin.get(f"{other}/answers"))
    assert "Réponses" not in text(admin.get(other))
    assert now_of(store).answers == ()
