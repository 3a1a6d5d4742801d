"""The overview: the figures of the teller, worst first, and no more than a role may see."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from server.app import create_app
from server.central.acknowledged import Acknowledged
from server.consultations.ballots import Ballot, Trust, Vote
from server.consultations.consultation import Consultation
from server.consultations.proposing import Draft
from server.settings import Settings
from server.staff.figures import Figures, Queue, Sample, Votes
from server.staff.roles import Role
from server.store.ballots import Wish
from server.store.store import Store
from server.store.sync_state import SyncStates
from server.teller.figures import Bookkeeping
from server.web.service import NAME
from tests.conftest import consultation, proposals
from tests.staff.conftest import Colleague, Team, text

PAGE = "/staff/consultations/reinventer-le-travail"
MINUTE = 60_000


@pytest.fixture
def analyst(team: Team) -> Colleague:
    return team.join(Role.ANALYST)


def cast(store: Store, at: Consultation, voter: str, source: int, trust: Trust) -> None:
    for proposal in (1, 2, 3):
        store.ballots.cast(at, 0, voter, Wish(proposal, Ballot(Vote.AGREE), trust, source))


def say(store: Store, at: Consultation, **fields: object) -> None:
    """Have the teller say something of a consultation that would take long to bring about."""
    usual = {
        "as_of": store.clock.now(),
        "revision": 0,
        "voters": {2: 40},
        "sources": {2: Votes(100, 100)},
        "queue": Queue(),
        "samples": (),
    }
    store.figures.publish(at, Figures(**{**usual, **fields}))  # type: ignore[arg-type]


def test_the_overview_tells_what_was_cast(
    analyst: Colleague, store: Store, opened: Consultation
) -> None:
    for voter, source, trust in (
        ("nora", 2, Trust.SEQUENCE),
        ("ali", 4, Trust.TRUSTED),
        ("bot", 4, Trust.UNVERIFIED),
    ):
        cast(store, opened, voter, source, trust)
    draft = Draft("Il faut essayer encore une fois", "fr")
    store.proposing.propose(opened, "author", draft, 1, 1)
    Bookkeeping(store).turn()
    said = text(analyst.get("/staff"))
    assert "Comment réinventer le travail ?" in said
    assert "RMC 50\u202f%".replace("\u202f", " ") in said.replace("\u202f", " ")
    assert "3 (33" in said  # the gap
    page = text(analyst.get(PAGE)).replace("\u202f", " ")
    assert "Participants 3 Votes vérifiés 6 Votes par minute –" in page
    assert "En attente 1 " in page
    assert "Les Echos les-echos 2 3 50 % 6 3 (50 %)" in page
    assert "RMC rmc 1 3 50 % 3 0" in page


def test_votes_per_minute_are_those_of_the_last_minutes(
    analyst: Colleague, store: Store, opened: Consultation
) -> None:
    now = store.clock.now()
    grown = (Sample(now - 2 * MINUTE, 100, 1), Sample(now, 1300, 2))
    say(store, opened, samples=grown)
    assert "Votes par minute 600 " in text(analyst.get(PAGE))
    say(store, opened, samples=grown, as_of=now - 2 * MINUTE)
    said = text(analyst.get(PAGE))
    assert "Votes par minute – " in said
    assert "Le comptage est à l’arrêt" in said


def test_a_consultation_nobody_has_counted_yet_says_so(analyst: Colleague) -> None:
    said = text(analyst.get(PAGE))
    assert "Le comptage est à l’arrêt" in said
    assert "Votes vérifiés –" in said
    assert "–" in text(analyst.get("/staff"))


def test_the_worst_comes_first_and_rehearsals_last(
    analyst: Colleague, store: Store, opened: Consultation
) -> None:
    made = {
        name: store.consultations.create(
            consultation(name, question=f"Et {name} ?", rehearsal=name == "essai"), proposals(3)
        )
        for name in ("calme", "essai", "ecart", "file", "arret")
    }
    now = store.clock.now()
    say(store, opened)
    say(store, made["calme"])
    say(store, made["ecart"], sources={2: Votes(100, 80)})
    say(store, made["file"], queue=Queue(3, now - 26 * 60 * MINUTE))
    say(store, made["arret"], as_of=now - 5 * MINUTE)
    say(store, made["essai"], as_of=now - 5 * MINUTE)
    said = text(analyst.get("/staff"))
    order = sorted(
        ["arret", "file", "ecart", "calme", "essai"], key=lambda n: said.index(f"Et {n}")
    )
    assert order == ["arret", "file", "ecart", "calme", "essai"]
    assert "Une proposition attend depuis 26 h" in said.replace("\u202f", " ").replace("\xa0", " ")
    assert "Répétition" in said


def test_an_editor_sees_verified_figures_of_own_sources_and_nothing_else(
    team: Team, store: Store, opened: Consultation
) -> None:
    editor = team.join(Role.EDITOR, sources=["rmc"])
    say(
        store,
        opened,
        sources={2: Votes(7771, 60), 4: Votes(9912, 20)},
        voters={2: 31, 4: 1234},
        queue=Queue(8613, store.clock.now() - 30 * 60 * MINUTE),
        as_of=store.clock.now() - 5 * MINUTE,
    )
    for path in ("/staff", PAGE):
        said = text(editor.get(path)).replace("\u202f", " ")
        assert "RMC" in said
        assert "60" in said
        assert "75 %" in said
        for hidden in (
            "7 771",
            "9 912",
            "Les Echos",
            "1 234",
            "8 613",
            "Écart",
            "En attente",
            "arrêt",
        ):
            assert hidden not in said, (path, hidden)


def test_a_member_sees_their_own_consultations_alone(team: Team, store: Store) -> None:
    store.consultations.create(consultation("autre", question="Et l’autre ?"), proposals(3))
    bound = team.join(Role.MODERATOR, slugs=["autre"])
    said = text(bound.get("/staff"))
    assert "Et l’autre ?" in said
    assert "travail" not in said


def test_a_question_is_shown_as_text_whatever_it_holds(team: Team, store: Store) -> None:
    odd = "<script>alert(1)</script> {{ 7*7 }} ?"
    store.consultations.create(consultation("autre", question=odd), proposals(3))
    page = team.join(Role.ANALYST).get("/staff").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "{{ 7*7 }}" in page


def test_numbers_are_written_as_the_language_does(
    team: Team, store: Store, opened: Consultation
) -> None:
    say(store, opened, voters={2: 12345}, sources={2: Votes(67890, 67000)})
    one = team.join(Role.ANALYST)
    assert "12\u202f345" in one.get(PAGE).get_data(as_text=True)
    one.post("/staff/language", language="en")
    said = one.get(PAGE).get_data(as_text=True)
    assert "12,345" in said
    assert "890 (1.3%)" in said


@pytest.fixture
def synced(store: Store, settings: Settings, opened: Consultation) -> object:
    """The console of a service with a central platform."""
    made = create_app(replace(settings, central_url="http://central", central_secret="x"))
    yield Team(made, store)
    made.extensions[NAME].store.close()


def acknowledge(store: Store, at: Consultation, revision: int, ago: timedelta) -> None:
    states, moment = SyncStates(store.redis), datetime.now(UTC) - ago
    states.draw_epoch(at, 1)
    known = Acknowledged(1, (revision,), 1, 1, "d", moment.isoformat())
    states.acknowledge(at, known, False, moment)


def test_the_lag_of_the_central_platform_is_that_of_what_it_does_not_know(
    synced: Team, store: Store, opened: Consultation
) -> None:
    analyst, now = synced.join(Role.ANALYST), store.clock.now()
    say(store, opened, revision=7)
    assert "Plateforme centrale jamais" in text(analyst.get(PAGE))
    acknowledge(store, opened, 7, timedelta(hours=3))
    assert "Plateforme centrale à jour" in text(analyst.get(PAGE))
    # A vote came a minute ago, after three quiet hours.
    seen = (Sample(now - 3 * MINUTE, 1, 7), Sample(now - MINUTE, 1, 7), Sample(now, 2, 8))
    say(store, opened, revision=8, samples=seen)
    said = text(analyst.get(PAGE)).replace("\u202f", " ").replace("\xa0", " ")
    assert "Plateforme centrale retard 60 s" in said or "retard 1 min" in said
    # Nothing of the last minutes is known there.
    say(store, opened, revision=8, samples=seen[2:])
    assert "La plateforme centrale a 3" in text(analyst.get(PAGE))
    SyncStates(store.redis).failed(opened, "no answer <i>", datetime.now(UTC))
    assert "Dernière erreur" in text(analyst.get(PAGE))
    assert "<i>" not in analyst.get(PAGE).get_data(as_text=True)
    SyncStates(store.redis).data_lost(opened, datetime.now(UTC))
    assert "des données ont été perdues" in text(analyst.get("/staff"))


def test_a_page_view_reads_no_tally(
    analyst: Colleague, team: Team, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many proposals there are, a view reads small keys only."""
    said: list[str] = []
    web = team.app.extensions[NAME].store
    for part in (web.tallies, web.published, web.proposing):
        for name in (n for n in dir(part) if not n.startswith("_") and callable(getattr(part, n))):
            monkeypatch.setattr(part, name, lambda *_, n=name: said.append(n))
    monkeypatch.setattr(web.consultations, "proposals", lambda *_: said.append("proposals"))
    assert analyst.get("/staff").status_code == 200
    assert analyst.get(PAGE).status_code == 200
    assert said == []


def test_times_are_those_of_most_consultations_and_say_so(team: Team, store: Store) -> None:
    one = team.join(Role.ADMIN)
    assert "Heure locale\u202f: UTC" in one.get("/staff").get_data(as_text=True)
    paris = ZoneInfo("Europe/Paris")
    now = datetime.now(paris)
    open_ = {"opens": now - timedelta(days=1), "closes": now + timedelta(days=1)}
    store.consultations.create(consultation("autre", **open_), proposals(3))
    page = text(one.get("/staff/acts"))
    assert "Heure locale : Paris" in page
    moment = datetime.now(paris)
    assert any(f"{moment - timedelta(minutes=m):%H:%M}" in page for m in (0, 1, 2))
