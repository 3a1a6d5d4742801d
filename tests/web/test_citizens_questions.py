"""A citizens' question: readers propose questions, and meet the answers under them."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from server.consultations.answers import Answer
from server.consultations.consultation import Consultation, ProposalState
from server.consultations.kinds import Kind
from server.store.store import Store
from server.web.service import NAME
from tests.web.conftest import API, Reader
from tests.web.test_outcomes import closed, voted

REPLY = Answer(3, "La ministre <b>", date(2027, 4, 2), "Oui, dès <i>mai</i>.", "https://a.example/")
BEYOND = Answer(17, "Le député", date(2027, 4, 3), "Pas encore.")
PAGES = ("/e/reinventer-le-travail?source=rmc", "/c/reinventer-le-travail")


@pytest.fixture
def asked(app: Flask, store: Store, opened: Consultation) -> Consultation:
    """The usual consultation as a citizens' question with two answers, still open."""
    changed = replace(opened, kind=Kind.CITIZENS_QUESTION, proposing=True, answers=(REPLY, BEYOND))
    store.consultations.replace(changed)
    app.extensions[NAME].directory.forget()
    return changed


@pytest.mark.parametrize("page", PAGES)
def test_from_the_close_on_the_answer_stands_under_its_question(
    app: Flask, reader: Reader, store: Store, asked: Consultation, page: str
) -> None:
    """Also where it is not among the five most supported; as plain text, with one link."""
    voted(store, asked)
    closed(app, store, asked)
    shown = reader.client.get(page).text
    assert "Les questions les plus soutenues" in shown
    best, others = shown.split("Autres questions qui ont eu une réponse")
    question = best.split('data-proposal="3"')[1].split("</li>")[0]
    assert "Réponse\u202f: La ministre &lt;b&gt;, 2 avril 2027" in question
    assert "Oui, dès &lt;i&gt;mai&lt;/i&gt;." in question
    assert '<a href="https://a.example/" target="_blank" rel="noopener">' in question
    assert "Il faut essayer la mesure numéro 17" in others
    assert "Pas encore." in others


@pytest.mark.parametrize("page", PAGES)
def test_before_the_close_no_answer_is_shown(
    reader: Reader, asked: Consultation, page: str
) -> None:
    assert "Pas encore." not in reader.client.get(page).text


def test_the_outcome_tells_every_answer(
    app: Flask, reader: Reader, store: Store, asked: Consultation
) -> None:
    closed(app, store, asked)
    found = reader.client.get(f"{API}/outcome").get_json()["answers"]
    assert [(one["proposal"]["id"], one["by"], one["on"], one["link"]) for one in found] == [
        (3, "La ministre <b>", "2027-04-02", "https://a.example/"),
        (17, "Le député", "2027-04-03", None),
    ]


def test_an_answer_disappears_with_its_question(
    app: Flask, reader: Reader, store: Store, asked: Consultation
) -> None:
    """What moderation takes away is not brought back by what was answered to it."""
    gone = next(p for p in store.consultations.proposals(asked) if p.id == 17)
    store.consultations.add_proposals(asked, [replace(gone, state=ProposalState.REFUSED)])
    closed(app, store, asked)
    assert "Pas encore." not in reader.client.get(PAGES[0]).text
    found = reader.client.get(f"{API}/outcome").get_json()["answers"]
    assert [one["proposal"]["id"] for one in found] == [3]


def test_readers_are_asked_for_questions_in_their_own_words(
    reader: Reader, asked: Consultation
) -> None:
    sheet = reader.client.get("/e/reinventer-le-travail/propose?source=rmc").text
    for words in ("Posez votre question", "Votre question", "Merci, votre question est reçue."):
        assert words in sheet
    assert "Proposer une idée" not in sheet
    menu = reader.client.get("/e/reinventer-le-travail/menu?source=rmc").text
    assert "Poser une question" in menu
    assert "Vos questions" in menu


def test_it_is_the_same_vote(reader: Reader, asked: Consultation) -> None:
    assert reader.cast(3, credential=reader.credential()).status_code == 200
    assert asked.phase(datetime.now(UTC)).takes_votes
