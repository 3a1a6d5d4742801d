"""Proposals that say nearly the same are judged together, or merged."""

import pytest

from server.consultations import moderation
from server.consultations.consultation import Consultation
from server.consultations.moderation import Act
from server.store.store import Store
from tests.staff.conftest import Colleague, text
from tests.staff.moderators import QUEUE, SLUG, at, decided, html, shown, undoing
from tests.store.desk import propose, version, waiting


def test_near_duplicates_are_judged_in_one_act_but_for_those_left_out(
    nora: Colleague, store: Store, opened: Consultation
) -> None:
    one, two, three = propose(
        store,
        opened,
        "planter des arbres dans les villes",
        "planter des arbres dans chaque ville",
        "planter des arbres dans nos villes",
    )
    assert sorted(shown(nora.get(QUEUE))) == [str(one), str(two), str(three)]
    also = f"{two}:{version(store, opened, two)}"
    nora.post(at(one), act="accept", version=version(store, opened, one), also=also)
    found = store.moderation.decisions.of(opened, [one, two, three])
    assert {n: (d.act, d.into) for n, d in found.items()} == {
        one: (Act.ACCEPT, None),
        two: (Act.MERGE, one),
    }
    assert shown(nora.get(QUEUE)) == [str(three)]
    form = undoing(nora)
    assert form["number"] == [str(one), str(two)]
    nora.post(f"{QUEUE}/{SLUG}/undo", **form)
    assert waiting(store, opened) == [one, two, three]


def test_what_a_colleague_looks_at_is_shown_but_not_judged_with_it(
    nora: Colleague, paul: Colleague, store: Store, opened: Consultation
) -> None:
    one, two = propose(
        store, opened, "planter des arbres dans les villes", "planter des arbres dans chaque ville"
    )
    store.moderation.queue.look(opened, "Paul", two)
    page = nora.get(QUEUE)
    assert shown(page) == [str(one)]
    assert "en attente, regardée par Paul" in text(page)
    paul.get(QUEUE)


def test_a_similar_published_one_is_offered_to_merge_into(
    nora: Colleague, store: Store, opened: Consultation
) -> None:
    known, new = propose(
        store, opened, "planter des arbres dans les villes", "planter des arbres dans chaque ville"
    )
    store.moderation.decisions.decide(opened, "Paul", [moderation.accept(known)], hold=0)
    page = nora.get(QUEUE).get_data(as_text=True)
    assert f'name="merge" value="{known}"' in page
    nora.post(at(new), merge=str(known), version=version(store, opened, new))
    assert store.moderation.decisions.of(opened, [new])[new].into == known


@pytest.mark.parametrize("into", ["", "abc", "999"])
def test_merging_into_nothing_is_refused_in_words(
    nora: Colleague, store: Store, opened: Consultation, into: str
) -> None:
    (first,) = propose(store, opened, "chanter")
    nora.get(QUEUE)
    answer = nora.post(at(first), act="merge", into=into)
    assert answer.status_code == 409
    assert "donnez le numéro" in text(answer)


def test_what_was_accepted_seconds_ago_is_shown_beside_its_like(
    nora: Colleague, paul: Colleague, store: Store, opened: Consultation
) -> None:
    """Neither waiting nor published, it would be met by nobody for ten seconds."""
    first, same = propose(store, opened, "planter des arbres", "Planter des arbres")
    store.moderation.decisions.decide(opened, "Nora", [moderation.accept(first)])
    page = paul.get(QUEUE)
    assert shown(page) == [str(same)]
    assert f'name="merge" value="{first}"' in html(page)
    answer = paul.post(at(same), act="accept", version=version(store, opened, same))
    assert answer.status_code == 409
    assert f"La n°\u202f{first}, acceptée, dit la même chose au mot près" in html(answer)
    assert paul.post(at(same), merge=str(first)).status_code == 303
    assert decided(store, opened, same) is Act.MERGE
