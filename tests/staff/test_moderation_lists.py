"""Beside the queue: many at once, what is published, second looks, and the manual's keys."""

import re
from pathlib import Path

from server.consultations import moderation
from server.consultations.consultation import Consultation
from server.consultations.proposing import RefusalReason
from server.staff.moderation_pages import KEYS, REASON_KEYS
from server.store.store import Store
from tests.staff.conftest import Colleague, Team, text
from tests.staff.moderators import QUEUE, SLUG, at
from tests.store.desk import propose, published, version, waiting

DOCS = Path(__file__).parents[2] / "docs" / "staff"


def test_many_are_decided_at_once_from_a_list(
    nora: Colleague, store: Store, opened: Consultation
) -> None:
    numbers = propose(store, opened, "chanter", "planter des arbres", "dormir tôt")
    nora.get(f"{QUEUE}/batch")
    chosen = [f"{n}:{version(store, opened, n)}" for n in numbers[:2]]
    nora.post(f"{QUEUE}/{SLUG}/batch", act="accept", chosen=chosen)
    assert waiting(store, opened) == numbers[2:]
    page = nora.get(f"{QUEUE}/batch?consultation={SLUG}")
    assert "Acceptée" in text(page)
    chosen = [f"{numbers[2]}:{version(store, opened, numbers[2])}"]
    nora.post(f"{QUEUE}/{SLUG}/batch", act="refuse", reason="test", chosen=chosen)
    assert waiting(store, opened) == []


def test_a_published_proposal_is_found_taken_down_and_put_back_by_an_admin(
    nora: Colleague, admin: Colleague, store: Store, opened: Consultation
) -> None:
    found = f"{QUEUE}/published?q=mesure+numero+7"
    assert "Il faut essayer la mesure numéro 7" in text(nora.get(found))
    assert "Il faut essayer la mesure numéro 7" in text(nora.get(f"{QUEUE}/published?q=7"))
    unsure = nora.post(f"{at(7)}/take-down", reason="legal")
    assert unsure.status_code == 422
    assert 7 in published(store, opened)
    nora.post(f"{at(7)}/take-down", reason="legal", sure="1")
    assert 7 not in published(store, opened)
    page = nora.get(at(7))
    assert "Retirée aux lecteurs (illégale)" in text(page)
    assert "Rendre aux lecteurs" not in text(page)
    assert "numéro 7" in text(nora.get(f"{QUEUE}/published"))
    assert nora.post(f"{at(7)}/put-back").status_code == 403
    assert "Rendre aux lecteurs" in text(admin.get(at(7)))
    admin.post(f"{at(7)}/put-back")
    assert 7 in published(store, opened)


def test_the_second_look_shows_neither_decision_nor_who(
    nora: Colleague, paul: Colleague, store: Store, opened: Consultation
) -> None:
    numbers = propose(store, opened, *(f"idée {n} {'abcdefghij'[n % 10] * 6}" for n in range(300)))
    verdicts = [moderation.refuse(n, RefusalReason.PARTISAN) for n in numbers]
    store.moderation.decisions.decide(opened, "Nora", verdicts, hold=0)
    page = paul.get(f"{QUEUE}/second")
    found = re.search(r"proposals/(\d+)/second", page.get_data(as_text=True))
    assert found, "none of 300 was drawn: one in five million such tests"
    assert "Nora" not in text(page)
    assert "second" in page.get_data(as_text=True)
    assert "Refusée" not in text(page).replace("refuserais", "")
    paul.post(f"{at(int(found[1]))}/second", reason="partisan")
    assert "partisane 1 1 (100" in text(paul.get(f"{QUEUE}/agreement"))
    mine = nora.get(f"{QUEUE}/second").get_data(as_text=True)
    assert '/second"' not in re.sub(r"href=\S+", "", mine)


def test_the_charter_is_everybodys(team: Team, nora: Colleague) -> None:
    for answer in (team.somebody().get("/charter"), nora.get(f"{QUEUE}/charter")):
        assert answer.status_code == 200
        assert "Une personne lit chaque proposition" in text(answer)
        assert "repartez de la question posée" in text(answer)
    assert answer.get_data(as_text=True).count("<dt>") == len(REASON_KEYS)


def test_every_reason_has_a_key_of_its_own_and_every_key_a_control(
    nora: Colleague, store: Store, opened: Consultation
) -> None:
    propose(store, opened, "chanter")
    page = nora.get(QUEUE).get_data(as_text=True)
    carried = set(re.findall(r'data-key="(.)"', page))
    assert set(REASON_KEYS) == set(RefusalReason)
    assert {letter for letters, _ in KEYS for letter in letters} - set("→←k") == carried


def test_the_manual_lists_the_keys_that_there_are() -> None:
    rows = re.findall(r"^\| (`.+`) \|", (DOCS / "moderating.md").read_text(), re.MULTILINE)
    told = ["".join(re.findall(r"`(.)`", row)) for row in rows]
    assert told == [letters for letters, _ in KEYS]
