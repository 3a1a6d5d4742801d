"""Near-duplicates are found among many, in several languages, and different ideas are not."""

import csv
from pathlib import Path

import pytest

from server.consultations.similar import Similar, groups

SEATTLE = Path(__file__).parents[1] / "replay" / "data" / "seattle" / "comments.csv"
# As two people write one idea; each pair is looked for among all the others.
PAIRS = [
    (
        "Il faut planter plus d’arbres en ville",
        "Il faut que l’on plante des arbres dans les villes",
    ),
    ("Il faut rendre les transports gratuits", "Il faut la gratuité des transports en commun"),
    ("Il faut interdire les écrans à l’école", "Il faut interdir les ecrans a l'ecole primaire"),
    ("Il faut des médecins à la campagne", "IL FAUT PLUS DE MEDECINS DANS LES CAMPAGNES !!"),
    ("Il faut isoler les logements anciens", "Il faut isoler tous les vieux logements"),
    ("Il faut créer des pistes cyclables sûres", "Il faut développer les pistes cyclables"),
    ("Il faut taxer les billets d’avion", "Il faut une taxe sur les billets d’avions"),
    ("Il faut servir du bio à la cantine", "Il faut plus de bio dans les cantines scolaires"),
    (
        "Il faut ouvrir les bibliothèques le dimanche",
        "Il faut des bibliothèques ouvertes le dimanche",
    ),
    ("Il faut une semaine de quatre jours", "Il faut passer à la semaine de 4 jours"),
    ("Il faut aider les aidants familiaux", "Il faut mieux aider les aidants"),
    ("Il faut supprimer les emballages plastiques", "Il faut moins d’emballages en plastique"),
    ("We should raise the minimum wage", "The minimum wage should be raised"),
    ("Wir sollten mehr Bäume pflanzen", "Mehr Bäume in der Stadt pflanzen"),
    ("Hay que plantar más árboles", "Debemos plantar árboles en la ciudad"),
    ("我覺得UBER提供了更便利及高品質的乘車環境", "Uber提供了更便利的乘車環境"),
    ("يجب زراعة المزيد من الأشجار", "يجب زراعة الأشجار في المدينة"),
]


@pytest.fixture(scope="module")
def index() -> Similar:
    made = Similar()
    made.change({number: first for number, (first, _) in enumerate(PAIRS)})
    return made


def test_most_that_say_the_same_are_found_first(index: Similar) -> None:
    """By words, not by meaning: « quatre » and « 4 », « gratuits » and « gratuité » are far apart."""
    found = [index.find(second)[:1] for _, second in PAIRS]
    right = [n for n, match in enumerate(found) if match and match[0].proposal == n]
    wrong = [n for n, match in enumerate(found) if match and match[0].proposal != n]
    assert wrong == []
    assert len(right) >= len(PAIRS) - 3, sorted(set(range(len(PAIRS))) - set(right))


def test_of_real_statements_hardly_any_two_look_alike() -> None:
    """None of these was moderated as another's duplicate."""
    with SEATTLE.open(encoding="utf-8") as file:
        texts = dict(enumerate(row["comment-body"] for row in csv.DictReader(file)))
    made = Similar()
    made.change(texts)
    pairs = {
        frozenset((texts[number].strip(), texts[match.proposal].strip()))
        for number, text in texts.items()
        for match in made.find(text)
    }
    two = [pair for pair in pairs if len(pair) == 2]
    assert len(two) <= 1, two


def test_it_answers_with_the_most_alike_and_at_most_so_many() -> None:
    made = Similar()
    made.change({n: f"Il faut planter {n} arbres fruitiers près des écoles" for n in range(9)})
    made.add(9, "Il faut planter des arbres fruitiers près des écoles")
    found = made.find("Il faut planter des arbres fruitiers près des écoles", most=3)
    assert found[0].proposal == 9
    assert found[0].likeness == pytest.approx(1.0)
    assert len(found) == 3


def test_it_follows_what_is_published() -> None:
    made = Similar()
    texts = {n: f"Il faut essayer la mesure numéro {n}" for n in range(50)}
    made.change(texts)
    assert len(made) == 50
    del texts[7]
    texts[8] = "Il faut dormir davantage"
    made.change(texts)
    assert len(made) == 49
    assert [match.proposal for match in made.find("Il faut dormir davantage")] == [8]
    assert 7 not in [m.proposal for m in made.find("Il faut essayer la mesure numéro 7", most=99)]


def test_it_can_be_filled_a_step_at_a_time() -> None:
    made = Similar()
    steps = made.changes({n: f"Il faut essayer la mesure numéro {n}" for n in range(450)})
    next(steps)
    assert len(made) == 200
    assert list(steps) == [None]
    assert len(made) == 450


def test_a_text_of_empty_words_is_like_itself_alone(index: Similar) -> None:
    assert index.find("Il faut") == []
    assert index.find("") == []
    assert index.find("?!…") == []


def test_what_waits_is_grouped_with_each_member_like_the_first() -> None:
    waiting = {
        4: "Il faut planter des arbres en ville",
        5: "Il faut dormir davantage",
        6: "Il faut planter plus d’arbres dans les villes",
        9: "Il faut que l’on plante des arbres en ville",
        12: "Il faut manger moins de sucre",
    }
    assert groups(waiting) == [[4, 6, 9]]
    assert groups({}) == []
