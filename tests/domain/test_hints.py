"""Hints mark what a moderator looks at twice, and where; ordinary texts have none."""

import pytest

from server.consultations.hints import Kind, hints


def seen(text: str, language: str = "fr") -> list[tuple[str, str]]:
    found = hints(text, language)
    for hint in found:
        assert text[hint.start : hint.end] == hint.seen
    return [(hint.kind, hint.seen) for hint in found]


@pytest.mark.parametrize(
    ("text", "language", "kind", "expected"),
    [
        ("Il faut m’appeler au 06 12 34 56 78 le soir", "fr", Kind.PHONE, "06 12 34 56 78"),
        ("Il faut écrire au +33 1 42 68 53 00", "fr", Kind.PHONE, "+33 1 42 68 53 00"),
        ("Call me on 020 7946 0958 today", "en", Kind.PHONE, "020 7946 0958"),
        ("Il faut écrire à zoe@exemple.fr", "fr", Kind.EMAIL, "zoe@exemple.fr"),
        (
            "Il faut écrire à zoe [at] exemple point fr",
            "fr",
            Kind.EMAIL,
            "zoe [at] exemple point fr",
        ),
        ("Il faut réparer le 12 bis rue des Lilas", "fr", Kind.ADDRESS, "12 bis rue des Lilas"),
        ("Il faut un bus à 75011 Paris", "fr", Kind.ADDRESS, "75011 Paris"),
        ("Lampen in der Lindenstraße 14", "de", Kind.ADDRESS, "Lindenstraße 14"),
        ("Il faut que Mme Martin Durand parte", "fr", Kind.NAME, "Mme Martin Durand"),
        ("Il faut virer M. de Villedieu", "fr", Kind.NAME, "M. de Villedieu"),
        ("Herr Müller soll gehen", "de", Kind.NAME, "Herr Müller"),
        ("Il faut virer ces connards", "fr", Kind.INSULT, "connards"),
        ("Il faut virer ces C0NN@RDS !", "fr", Kind.INSULT, "C0NN@RDS"),
        ("Il faut dire que c’est de la merrrde", "fr", Kind.INSULT, "merrrde"),
        ("Il faut arrêter ce bullsh1t", "fr", Kind.INSULT, "bullsh1t"),
        ("Stop this sh!t now", "en", Kind.INSULT, "sh!t"),
        ("Il faut être un peu con", "fr", Kind.INSULT, "con"),
        ("Il faut chasser les enculés", "fr", Kind.INSULT, "enculés"),
    ],
)
def test_what_may_be_personal_or_insulting_is_marked(
    text: str, language: str, kind: Kind, expected: str
) -> None:
    assert seen(text, language) == [(kind, expected)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Il faut trier les ordures et le fumier", "fr"),
        ("Il faut des trains sans retard ni concession", "fr"),
        ("Il faut planter 30 000 arbres d’ici 2030", "fr"),
        ("Il faut des trottoirs dans chaque rue", "fr"),
        ("Il faut 2 places de crèche pour 3 familles", "fr"),
        ("Il faut baisser la TVA à 5,5 % avant 2027-01-31", "fr"),
        ("Il faut que monsieur le maire écoute madame la ministre", "fr"),
        ("Hay que vivir con menos ruido", "es"),
        ("Das Brett ist zu dick", "de"),
        ("We should class glass as waste", "en"),
    ],
)
def test_ordinary_texts_have_none(text: str, language: str) -> None:
    assert seen(text, language) == []


def test_several_come_in_the_order_they_stand_in() -> None:
    text = "Il faut que Mme Dupont, cette idiote, rappelle le 06 12 34 56 78"
    assert [kind for kind, _ in seen(text)] == ["name", "insult", "phone"]
