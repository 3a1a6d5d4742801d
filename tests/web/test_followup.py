"""What became of the votes: told in the booth of every article, on the page and by the API."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from server.consultations.actions import Action, ActionState, News, Target
from server.consultations.answers import Answer, Former
from server.consultations.consultation import Consultation, Proposal, ProposalState
from server.consultations.endorsements import Endorsement
from server.consultations.kinds import Kind
from server.consultations.phases import Phase, Reached
from server.consultations.selection import Selected
from server.consultations.workshops import Workshop
from server.store.store import Store
from server.web import followup, frames, outcomes, pages, screens
from server.web.messages import written
from server.web.service import NAME
from tests.store.casting import cast, publish
from tests.web.conftest import API, Reader, code
from tests.web.test_outcomes import voted

OPENS = datetime(2027, 3, 1, 9, tzinfo=UTC)
CLOSES = datetime(2027, 4, 30, 20, tzinfo=UTC)
BOOTH = "/e/reinventer-le-travail?source=rmc"
PAGE = "/c/reinventer-le-travail"
TARGET = Target(Decimal(1000), "personnes <accompagnées>", date(2028, 6, 30))
NEWS = (
    News(date(2027, 10, 4), "Les premiers mentors sont là.", Decimal(120)),
    News(date(2027, 12, 3), "Un an déjà <b>.", Decimal(312), "https://www.exemple.fr/point"),
)
MENTORS = Action(
    1, "Mille mentors", "RMC <info>", "Former mille mentors.", date(2027, 9, 1), TARGET,
    ActionState.UNDER_WAY, (3, 2), NEWS,
)  # fmt: skip


@dataclass
class Story:
    """The usual consultation, closed in 2027, at the day the test has come to."""

    app: Flask
    store: Store
    asked: Consultation
    reader: Reader
    move: Callable[[datetime], None]

    def tell(self, **fields: Any) -> None:
        self.asked = replace(self.asked, **fields)
        self.store.consultations.replace(self.asked)
        self.app.extensions[NAME].directory.forget()
        self.app.extensions.pop(frames.KEPT_NAME, None)

    def on(self, day: str) -> "Story":
        """Go to noon of that day."""
        self.move(datetime.fromisoformat(f"{day}T12:00:00+00:00"))
        self.app.extensions.pop(frames.KEPT_NAME, None)
        return self

    def shown(self, path: str = PAGE) -> str:
        """Return the words of a page, as they are read; what is a tag is gone."""
        markup = self.reader.client.get(path).text.split("<body hidden>", 1)[1]
        markup = re.sub(r"</?bdi[^>]*>", "", markup)
        return re.sub(r"[ \n]+", " ", re.sub(r"<[^>]*>", " ", markup))

    def outcome(self) -> Any:
        return self.reader.client.get(f"{API}/outcome").get_json()


@pytest.fixture
def story(
    app: Flask, store: Store, opened: Consultation, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> Story:
    def move(now: datetime) -> None:
        class Clock(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
                return now.astimezone(tz)

        for module in (outcomes, pages, screens):
            monkeypatch.setattr(module, "datetime", Clock)

    voted(store, opened)
    told = Story(app, store, replace(opened, opens=OPENS, closes=CLOSES), reader, move)
    told.tell()
    return told.on("2027-05-02")


@pytest.mark.parametrize("path", [BOOTH, PAGE])
def test_the_road_is_told_with_its_dates_and_what_was_passed_over_is_left_out(
    story: Story, path: str
) -> None:
    assert "Le vote est clos" in story.shown(path)
    assert "Sélection" not in story.shown(path), "nothing is promised before it begins"
    story.tell(reached=(Reached(Phase.SELECTION, datetime(2027, 5, 20, 8, tzinfo=UTC)),))
    story.on("2027-05-21")
    told = story.shown(path)
    assert "Ce que vos votes sont devenus Le vote est clos depuis le 30 avril 2027." in told
    assert (
        "Résultats 30 avril 2027 Sélection depuis le 20 mai 2027 Ateliers à venir Actions à venir "
        "Aboutissement à venir"
    ) in told
    assert story.reader.client.get(path).text.count('aria-current="step"') == 1
    later = Reached(Phase.ACTIONS, datetime(2027, 9, 1, 8, tzinfo=UTC))
    story.tell(reached=(*story.asked.reached, later))
    told = story.on("2028-01-01").shown(path)
    assert "Ateliers" not in told
    assert "Sélection 20 mai 2027 Actions depuis le 1er septembre 2027 Aboutissement à" in told
    done = Reached(Phase.DONE, datetime(2029, 2, 1, 8, tzinfo=UTC))
    story.tell(reached=(*story.asked.reached, done))
    assert "Aboutissement 1er février 2029" in story.on("2029-02-02").shown(path)


def test_what_staff_recorded_counts_as_reached_though_they_forgot_to_state_it(
    story: Story,
) -> None:
    story.tell(selected=(Selected(3, date(2027, 5, 20)),), actions=(MENTORS,))
    told = story.on("2027-12-04").shown()
    assert "Sélection 20 mai 2027 Actions depuis le 1er septembre 2027" in told


def test_selected_proposals_are_shown_with_their_reason_and_their_agreement(story: Story) -> None:
    """In an article instead of the best supported, on the page before them."""
    because = Selected(2, date(2027, 5, 20), "Simple & <vite> fait.")
    few = Selected(5, date(2027, 5, 20))
    story.tell(selected=(because, few))
    for path in (BOOTH, PAGE):
        told = story.shown(path)
        assert "Les propositions retenues" in told
        first, second = told.split("Les propositions retenues")[1].split("mesure numéro")[1:3]
        assert first.startswith(" 2 80\u202f% d’accord, 25 votes")
        assert "Pourquoi\u202f: Simple &amp; &lt;vite&gt; fait." in first
        assert second.startswith(" 5 0 vote"), "without a vote no share of none"
    assert "Les propositions les plus soutenues" not in story.shown(BOOTH)
    best = story.shown(PAGE).split("Les propositions les plus soutenues")[1]
    assert "mesure numéro 2 80\u202f% d’accord, 25 votes · Retenue" in best
    assert "mesure numéro 3 100\u202f% d’accord, 25 votes Il" in best, "not selected"


def test_of_few_votes_a_selected_proposal_has_no_percentage(
    story: Story, store: Store, opened: Consultation
) -> None:
    cast(store, opened, "one", 6)
    publish(store, opened)
    story.tell(selected=(Selected(6, date(2027, 5, 20)),))
    assert "mesure numéro 6 1 d’accord sur 1 vote" in story.shown(BOOTH)


def test_what_is_no_longer_shown_is_in_no_part_of_the_story(story: Story, store: Store) -> None:
    chosen = (Selected(2, date(2027, 5, 20)), Selected(3, date(2027, 5, 20)))
    meeting = Workshop(1, "À Lyon", date(2027, 6, 11), proposals=(2, 3))
    backer = Endorsement("Les Amis", date(2027, 3, 2), 3)
    story.tell(selected=chosen, workshops=(meeting,), actions=(MENTORS,), endorsements=(backer,))
    gone = Proposal(3, "Il faut injurier le maire", "fr", state=ProposalState.REFUSED)
    store.consultations.add_proposals(story.asked, [gone])
    story.tell()
    for path in (BOOTH, PAGE):
        assert "numéro 3" not in story.shown(path)
        assert "injurier" not in story.shown(path)
        assert "Les Amis" not in story.shown(path)
    found = story.outcome()
    assert [one["proposal"]["id"] for one in found["selected"]] == [2]
    assert found["workshops"][0]["proposals"] == found["actions"][0]["proposals"] == [2]
    assert found["endorsements"] == []


def test_workshops_tell_when_with_whom_about_what_and_what_came_of_it(story: Story) -> None:
    held = Workshop(
        1, "À <Lyon>", date(2027, 6, 11), ("RMC", "Les Amis"), (3,), "Deux pistes.",
        "https://www.exemple.fr/lyon",
    )  # fmt: skip
    planned = Workshop(2, "À Lille", date(2027, 7, 2))
    story.tell(workshops=(held, planned))
    told = story.on("2027-06-20").shown()
    assert told.index("À Lille prévu le 2 juillet 2027") < told.index(
        "À &lt;Lyon&gt; 11 juin 2027 · avec RMC et Les Amis Propositions d’origine "
        "Il faut essayer la mesure numéro 3 Ce qui en est sorti Deux pistes. En savoir plus\u202f: "
        "exemple.fr"
    )
    assert "Deux pistes" not in story.shown(BOOTH)
    assert "À Lille prévu le 2 juillet 2027" in story.shown(BOOTH)


def test_an_action_tells_its_promise_its_progress_and_its_news(story: Story) -> None:
    story.tell(actions=(MENTORS,))
    story.on("2028-01-10")
    whole, brief = story.shown(PAGE), story.shown(BOOTH)
    for told in (whole, brief):
        assert "En cours Engagement de RMC &lt;info&gt;, le 1er septembre 2027" in told
        assert (
            "312 sur 1\u202f000 personnes &lt;accompagnées&gt;, à atteindre avant le 30 juin 2028"
        ) in told
        assert "Dernière nouvelle, le 3 décembre 2027\u202f: Un an déjà &lt;b&gt;." in told
        assert "Source\u202f: exemple.fr" in told
    assert "Ce qui est promis Former mille mentors." in whole
    assert "1 nouvelle plus ancienne 4 octobre 2027 Les premiers mentors sont là." in whole
    assert "À cette date\u202f: 120 personnes" in whole
    for spared in ("Former mille", "premiers mentors", "Propositions d’origine"):
        assert spared not in brief
    frame = story.reader.client.get(BOOTH).text
    assert '<svg class="bar" aria-hidden="true"><rect width="31%" height="100%"/></svg>' in frame
    assert "style=" not in frame
    assert '<a href="https://www.exemple.fr/point" target="_blank" rel="noopener">' in frame


def test_of_two_entries_of_one_day_the_later_one_is_the_news(story: Story) -> None:
    more = News(NEWS[1].on, "Et dix de plus.", Decimal(322))
    story.tell(actions=(replace(MENTORS, news=(*NEWS, more)),))
    assert "3 décembre 2027\u202f: Et dix de plus." in story.on("2028-01-10").shown(BOOTH)


@pytest.mark.parametrize(
    ("day", "changed", "said", "percent"),
    [
        ("2028-06-30", {}, "312 sur 1\u202f000 gens, à atteindre avant le 30 juin 2028", "31%"),
        ("2028-07-01", {}, "Échéance dépassée depuis le 30 juin 2028\u202f: 312 sur 1\u202f000 gens", "31%"),
        ("2028-07-01", {"state": ActionState.DROPPED},
         "312 sur 1\u202f000 gens, échéance\u202f: 30 juin 2028", "31%"),
        ("2027-10-01", {"news": ()}, "Objectif\u202f: 1\u202f000 gens, avant le 30 juin 2028", None),
        ("2028-07-01", {"news": ()},
         "Échéance dépassée depuis le 30 juin 2028, sans résultat annoncé."
         " L’objectif était de 1\u202f000 gens", None),
        ("2028-07-01", {"news": (News(date(2028, 5, 1), "Tous.", Decimal("1000.5")),)},
         "Objectif atteint\u202f: 1\u202f000,5 sur 1\u202f000 gens", "100%"),
        ("2028-01-01", {"news": (News(date(2027, 12, 1), "Tous ou presque.", Decimal("999.99")),)},
         "999,99 sur 1\u202f000 gens, à atteindre avant le 30 juin 2028", "99%"),
    ],
)  # fmt: skip
def test_a_target_is_told_in_words_before_its_bar(
    story: Story, day: str, changed: dict[str, Any], said: str, percent: str | None
) -> None:
    action = replace(MENTORS, target=replace(TARGET, unit="gens"), **changed)
    story.tell(actions=(action,))
    assert said in story.on(day).shown(BOOTH)
    bars = re.findall(r'class="bar".*?width="(\d+%)"', story.reader.client.get(BOOTH).text)
    assert bars == ([percent] if percent else [])


def test_an_action_that_is_silent_for_six_months_says_so(story: Story) -> None:
    quiet = replace(MENTORS, target=None)
    mute = replace(quiet, id=2, title="Une autre", news=())
    story.tell(actions=(quiet, mute))
    for path in (BOOTH, PAGE):
        assert "six mois" not in story.on("2028-02-29").shown(path)
        assert story.on("2028-03-01").shown(path).count("six mois") == 1, "of the other"
        told = story.on("2028-06-03").shown(path)
        assert "Aucune nouvelle depuis six mois. La dernière date du 3 décembre 2027." in told
        assert "Aucune nouvelle depuis six mois. L’engagement date du 1er septembre 2027." in told
    over = replace(quiet, state=ActionState.KEPT)
    story.tell(actions=(over,))
    told = story.on("2030-01-01").shown()
    assert "Tenue" in told
    assert "six mois" not in told


def test_an_article_shows_the_latest_three_and_leads_to_all(story: Story) -> None:
    many = tuple(replace(MENTORS, id=i, title=f"Action {i}.", news=()) for i in range(1, 6))
    fresh = replace(many[0], news=NEWS)
    story.tell(
        actions=(fresh, *many[1:]),
        selected=tuple(Selected(i, date(2027, 5, 20)) for i in range(1, 8)),
        workshops=(Workshop(1, "À Lyon", date(2027, 6, 11)),),
    )
    brief, whole = story.on("2027-12-20").shown(BOOTH), story.shown(PAGE)
    assert re.findall(r"Action \d\.", brief) == ["Action 1.", "Action 2.", "Action 3."]
    assert len(re.findall(r"Action \d\.", whole)) == 5
    frame = story.reader.client.get(BOOTH).text
    assert frame.count("<li data-proposal=") == 3
    assert 'data-all="1 2 3 4 5 6 7"' in frame, "a reader's own story is about all of them"
    assert "À Lyon" not in brief
    assert "À Lyon" in whole
    assert 'href="/c/reinventer-le-travail?source=rmc&lang=fr" target="_blank"' in frame
    assert "Tout voir" in brief
    assert "Tout voir" not in whole


def test_organisations_that_back_it_stand_apart_from_votes(story: Story) -> None:
    story.tell(
        selected=(Selected(2, date(2027, 5, 20)),),
        endorsements=(
            Endorsement("Les <Amis>", date(2027, 3, 2), link="https://amis.example/"),
            Endorsement("Ville de Lyon", date(2027, 3, 3)),
            Endorsement("Croix bleue", date(2027, 3, 4), 2),
            Endorsement("Croix verte", date(2027, 3, 4), 9),
        ),
    )
    brief, whole = story.shown(BOOTH), story.shown(PAGE)
    note = "Ces soutiens ne sont pas des votes et ne comptent dans aucun résultat."
    assert f"2 organisations soutiennent cette consultation. {note}" in brief
    assert "Hors vote\u202f: 1 organisation la soutient." in brief
    assert "Croix bleue" not in brief
    assert "Hors vote\u202f: 1 organisation la soutient. Croix bleue" in whole
    others = whole.split("Autres propositions soutenues par des organisations")[1]
    assert "numéro 9 Hors vote\u202f: 1 organisation la soutient. Croix verte" in others
    aside = others.split("Organisations qui soutiennent cette consultation")[1]
    counted = "2 organisations soutiennent cette consultation."
    assert f"Les &lt;Amis&gt; Ville de Lyon {counted} {note}" in aside
    link = '<a href="https://amis.example/" target="_blank" rel="noopener">'
    assert link in story.reader.client.get(PAGE).text


def test_while_the_vote_is_open_only_backers_of_all_of_it_are_named(story: Story) -> None:
    story.tell(
        endorsements=(
            Endorsement("Les Amis", date(2027, 3, 2)),
            Endorsement("Croix bleue", date(2027, 3, 4), 2),
        )
    )
    told = story.on("2027-04-01").shown(PAGE)
    named = "Organisations qui soutiennent cette consultation Les Amis"
    assert f"{named} 1 organisation soutient cette consultation. Ces soutiens" in told
    assert "Croix bleue" not in told
    assert "Les Amis" not in story.shown(BOOTH), "the first vote weighs nothing more"


@pytest.mark.parametrize("path", [BOOTH, PAGE])
def test_a_question_tells_when_it_was_put_and_how_long_it_has_waited(
    story: Story, path: str
) -> None:
    put = date(2027, 5, 20)
    answer = Answer(
        3, "Anne <Roy>", date(2027, 6, 2), "Oui, dès juillet.", "https://www.exemple.fr/r",
        "ministre de la Santé",
        (Former("Oui, dès mai.", date(2027, 6, 9)), Former("Oui, dès juin.", date(2027, 6, 12))),
    )  # fmt: skip
    story.tell(
        kind=Kind.CITIZENS_QUESTION,
        selected=(Selected(2, put), Selected(3, put), Selected(4, date(2027, 7, 9))),
        answers=(answer,),
    )
    told = story.on("2027-07-01").shown(path)
    assert "Résultats 30 avril 2027 Questions posées 20 mai 2027 Réponses depuis le 2 juin" in told
    assert "Ateliers" not in told
    parts = told.split("Les questions posées")[1].split("mesure numéro ")
    by_number = {part[0]: part for part in reversed(parts[1:])}
    assert "Posée le 20 mai 2027. Sans réponse depuis 42 jours." in by_number["2"]
    assert "Sans réponse" not in by_number["3"]
    assert (
        "Réponse\u202f: Anne &lt;Roy&gt;, ministre de la Santé, 2 juin 2027 Oui, dès juillet. "
        "Lire la réponse entière Corrigée le 12 juin 2027."
    ) in by_number["3"]
    assert (
        "Jusqu’au 12 juin 2027\u202f: Oui, dès juin. Jusqu’au 9 juin 2027\u202f: Oui, dès mai."
    ) in by_number["3"]
    assert "Sera posée le 9 juillet 2027." in by_number["4"]
    assert "Sans réponse" not in by_number["4"]
    assert "En attente de réponse." in story.on("2027-07-09").shown(path)
    if path == BOOTH:
        assert parts[1].startswith("3"), "what was answered is the news"


def test_the_outcome_of_the_api_tells_it_all(story: Story) -> None:
    quiet = replace(MENTORS, id=2, target=replace(TARGET, amount=Decimal("12.50")), news=())
    former = (Former("Non.", date(2027, 6, 9)),)
    story.tell(
        kind=Kind.CITIZENS_QUESTION,
        selected=(Selected(2, date(2027, 5, 20), "Simple."), Selected(3, date(2027, 5, 20))),
        workshops=(Workshop(1, "À Lyon", date(2027, 6, 11), ("RMC",), (3,), "Deux pistes."),),
        actions=(MENTORS, quiet),
        endorsements=(
            Endorsement("Les Amis", date(2027, 3, 2)), Endorsement("Croix", date(2027, 3, 4), 2),
        ),
        answers=(Answer(3, "Anne Roy", date(2027, 6, 2), "Oui.", None, "ministre", former),),
    )  # fmt: skip
    found = story.on("2028-04-01").outcome()
    first, second = found["selected"]
    assert (first["proposal"]["id"], first["on"], first["reason"]) == (2, "2027-05-20", "Simple.")
    assert first["results"]["votes"]["agree"]["share"] == 80
    assert (first["waited"], second["waited"]) == (317, None)
    assert found["workshops"] == [
        {
            "id": 1, "title": "À Lyon", "on": "2027-06-11", "partners": ["RMC"], "proposals": [3],
            "outcome": "Deux pistes.", "link": None,
        }
    ]  # fmt: skip
    busy, silent = found["actions"]
    assert (busy["state"], busy["amount"], busy["silentSince"]) == ("under-way", "312", None)
    assert busy["target"] == {"amount": "1000", "unit": TARGET.unit, "by": "2028-06-30"}
    assert [one["amount"] for one in busy["news"]] == ["120", "312"]
    assert (silent["target"]["amount"], silent["amount"]) == ("12.50", None)
    assert silent["lastNews"] == silent["silentSince"] == "2027-09-01"
    assert (busy["overdue"], silent["overdue"]) == (False, False)
    assert [one["overdue"] for one in story.on("2028-07-01").outcome()["actions"]] == [True, True]
    assert [(one["by"], one["proposal"]) for one in found["endorsements"]] == [
        ("Les Amis", None), ("Croix", 2),
    ]  # fmt: skip
    (reply,) = found["answers"]
    assert (reply["office"], reply["former"]) == (
        "ministre", [{"text": "Non.", "until": "2027-06-09"}],
    )  # fmt: skip


def test_before_the_close_the_api_tells_nothing_of_it(story: Story) -> None:
    story.tell(endorsements=(Endorsement("Croix", date(2027, 3, 4), 2),))
    story.on("2027-04-01")
    assert code(story.reader.client.get(f"{API}/outcome")) == (403, "results-not-yet")
    story.tell(results="always")
    assert story.outcome()["endorsements"] == []


@pytest.mark.parametrize("lang", sorted(written()))
def test_an_amount_keeps_its_digits_in_every_language(lang: str) -> None:
    said = written()[lang].amount(Decimal("1234.50"))
    assert re.sub(r"\D", "", said) == "123450"
    assert re.sub(r"\D", "", written()[lang].amount(Decimal("1E+3"))) == "1000"


def test_a_source_is_named_by_its_site() -> None:
    assert followup.site("https://www.exemple.fr:8443/a?b") == "exemple.fr"
