"""A consultation in the console: seen, changed by two at once, opened, closed and led on."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from werkzeug.test import TestResponse

from server.consultations.consultation import DIRECT_SOURCE, Consultation, Source
from server.consultations.files import parse
from server.consultations.phases import Phase
from server.staff.acts import by_operator
from server.staff.roles import Role
from server.store.store import Store
from tests.conftest import consultation, proposals
from tests.staff.conftest import Colleague, Team, text

SLUG = "reinventer-le-travail"
AT = f"/staff/consultations/{SLUG}"


def fields_in(answer: TestResponse) -> dict[str, str]:
    """Return what a browser would send of the form on a page, as it stands."""
    page = answer.get_data(as_text=True)
    page = page[page.index('class="long"') :]
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r' name="([^"]*)"', tag), re.search(r' value="([^"]*)"', tag)
        if not name or 'type="file"' in tag or ('type="checkbox"' in tag and "checked" not in tag):
            continue
        found[unescape(name[1])] = unescape(value[1]) if value else ""
    for name, body in re.findall(
        r'<textarea id="[^"]*" name="([^"]*)"[^>]*>\n(.*?)</t', page, re.S
    ):
        found[unescape(name)] = unescape(body)
    for name, body in re.findall(r'<select id="[^"]*" name="([^"]*)"[^>]*>(.*?)</sel', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', body)
        found[unescape(name)] = chosen[1] if chosen else ""
    return found


def now_of(store: Store, slug: str = SLUG) -> Consultation:
    return store.consultations.by_slug(slug)


def announced(store: Store, slug: str = "bientot", **fields: object) -> str:
    ahead = datetime.now(UTC) + timedelta(days=3)
    asked = consultation(slug, opens=ahead, closes=ahead + timedelta(days=9), **fields)
    store.consultations.create(asked, proposals())
    return f"/staff/consultations/{slug}"


def test_the_page_says_what_it_is_and_offers_deeds_to_who_may(admin: Colleague, team: Team) -> None:
    page = text(admin.get(AT))
    for part in (
        "http://rmc.localhost:8100",
        "rmc-bfm",
        "Conduire",
        "Clore maintenant",
        "90 jours",
    ):
        assert part in page
    seen = text(team.join(Role.ANALYST).get(AT))
    assert "http://rmc.localhost:8100" in seen
    assert "Conduire" not in seen
    assert "http://rmc.localhost:8100" not in text(team.join(Role.EDITOR).get(AT))


def test_a_form_that_is_sent_as_it_came_changes_nothing(
    admin: Colleague, store: Store, opened: Consultation
) -> None:
    form = fields_in(admin.get(f"{AT}/change"))
    assert admin.post(f"{AT}/change", **form).location == AT
    assert now_of(store) == opened
    assert not [one for one in store.acts.latest() if one.act.on == SLUG]


def test_what_is_changed_is_kept_and_told_before_and_after(
    admin: Colleague, store: Store, opened: Consultation
) -> None:
    form = fields_in(admin.get(f"{AT}/change"))
    assert "question" not in form  # the vote has opened
    later = (opened.closes + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M")
    form |= {"closes": later, "theme": "Travail", "proposing": "true", "deck.size": "10"}
    form |= {"sources[1].origins": "https://rmc.bfmtv.com", "sources[2].blocked": "true"}
    new = {"name": "elle", "title": "Elle", "publisher": "elle", "origins": "https://elle.fr"}
    form |= {f"sources[4].{key}": value for key, value in new.items()}
    answer = admin.post(f"{AT}/change", **form)
    assert answer.status_code == 303, text(answer)
    made = now_of(store)
    assert (made.theme, made.proposing, made.deck.size) == ("Travail", True, 10)
    assert [(s.number, s.name, s.blocked) for s in made.sources] == [
        (1, "direct", False), (2, "rmc", False), (3, "bfm", True),
        (4, "les-echos", False), (5, "elle", False),
    ]  # fmt: skip
    assert made.source("rmc").accent == "#c8102e"
    acts = [one.act for one in store.acts.latest() if one.act.on == SLUG]
    assert {one.detail.partition(":")[0] for one in acts} == {
        "closes", "theme", "proposing", "deck", "sources",
    }  # fmt: skip
    assert "theme: – → Travail" in {one.detail for one in acts}
    assert {one.what for one in acts} == {"consultation-changed"}


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"closes": "2020-01-01T09:00"}, 422, "après l’ouverture"),
        ({"retention": "100"}, 409, "on ne peut que raccourcir"),
        ({"sources[1].name": "autre"}, 409, "ne change plus"),
        ({"sources[1].origins": "nulle part"}, 422, "Au moins une adresse exacte"),
        ({"deck.new": "30"}, 422, "must be no more than"),
        ({"theme": "x" * 61}, 422, "60 caractères"),
    ],
)
def test_what_cannot_be_is_shown_again(
    admin: Colleague, store: Store, opened: Consultation,
    fields: dict[str, str], status: int, said: str,
) -> None:  # fmt: skip
    form = fields_in(admin.get(f"{AT}/change"))
    answer = admin.post(f"{AT}/change", **{**form, "cause": "Agir", **fields})
    assert (answer.status_code, said in text(answer)) == (status, True), text(answer)
    assert 'value="Agir"' in answer.get_data(as_text=True)
    assert now_of(store) == opened


def test_the_question_is_not_changed_by_a_form_that_is_forged(
    admin: Colleague, store: Store, opened: Consultation
) -> None:
    form = fields_in(admin.get(f"{AT}/change"))
    admin.post(f"{AT}/change", **{**form, "question": "Autre chose ?", "slug": "x", "boxes": "9"})
    assert now_of(store) == opened
    before = announced(store)
    form = fields_in(admin.get(f"{before}/change"))
    assert admin.post(f"{before}/change", **{**form, "question": "Autre ?"}).status_code == 303
    assert now_of(store, "bientot").question == "Autre\u202f?"


def test_of_two_at_once_the_second_is_shown_the_first_and_loses_nothing(
    admin: Colleague, team: Team, store: Store
) -> None:
    zoe = team.join(Role.ADMIN, "Zoé")
    mine, hers = fields_in(admin.get(f"{AT}/change")), fields_in(zoe.get(f"{AT}/change"))
    hers |= {"theme": "Emploi", "cause": "Agir ensemble"}
    assert zoe.post(f"{AT}/change", **hers).status_code == 303
    awa = team.join(Role.ADMIN, "Awa")
    awa.get(AT)
    assert awa.post(f"{AT}/feature", on="1").status_code == 303  # not what the form is about
    mine |= {"theme": "Travail", "afterwards": "Un atelier en mars."}
    answer = admin.post(f"{AT}/change", **mine)
    assert answer.status_code == 409
    page = text(answer)
    assert "Zoé vient de modifier" in page
    assert "Emploi Vous l’avez changé aussi" in page
    again = fields_in(answer)
    assert (again["theme"], again["afterwards"]) == ("Travail", "Un atelier en mars.")
    assert again["cause"] == "Agir ensemble"
    assert admin.post(f"{AT}/change", **again).status_code == 303
    made = now_of(store)
    assert (made.theme, made.cause, made.afterwards) == (
        "Travail", "Agir ensemble", "Un atelier en mars.",
    )  # fmt: skip


@pytest.mark.parametrize("read", ["[" * 200_000, "{", "[]", '{"theme": 1}'])
def test_what_no_form_would_send_is_refused_as_such(admin: Colleague, read: str) -> None:
    form = fields_in(admin.get(f"{AT}/change"))
    assert admin.post(f"{AT}/change", **{**form, "read": read}).status_code == 400


def test_it_is_opened_ended_closed_and_led_on(admin: Colleague, store: Store) -> None:
    at = announced(store, proposing=True)
    admin.get(at)
    assert admin.post(f"{at}/close", sure="1").status_code == 409
    unsure = admin.post(f"{at}/open")
    assert (unsure.status_code, "à l’annonce" in text(unsure)) == (422, True)
    assert now_of(store, "bientot").phase(datetime.now(UTC)) is Phase.ANNOUNCED
    assert admin.post(f"{at}/open", sure="1").location == at
    assert admin.post(f"{at}/open").status_code == 409
    assert admin.post(f"{at}/vote-only").status_code == 303
    assert now_of(store, "bientot").phase(datetime.now(UTC)) is Phase.VOTE_ONLY
    refused = admin.post(f"{at}/close")
    assert (refused.status_code, "Cochez la case" in text(refused)) == (422, True)
    assert admin.post(f"{at}/phase", phase="workshops").status_code == 409
    assert admin.post(f"{at}/close", sure="1").status_code == 303
    closed = now_of(store, "bientot")
    assert store.minutes.sealed_at(closed)
    assert admin.post(f"{at}/phase", phase="workshops").status_code == 422
    assert admin.post(f"{at}/phase", phase="workshops", sure="1").status_code == 303
    assert admin.post(f"{at}/phase", phase="selection").status_code == 409
    assert admin.post(f"{at}/phase", phase="open").status_code == 409
    assert admin.post(f"{at}/phase", phase="x").status_code == 400
    assert "ateliers" in text(admin.get(at))
    did = [one.act.what for one in store.acts.latest() if one.act.on == "bientot"][::-1]
    assert list(dict.fromkeys(did)) == [
        f"consultation-{deed}" for deed in ("opened", "vote-only", "closed", "phase")
    ]


def test_a_close_within_the_hour_is_confirmed_and_nothing_written_is_lost(
    admin: Colleague, store: Store, opened: Consultation
) -> None:
    soon = datetime.now(opened.opens.tzinfo) + timedelta(minutes=30)
    form = fields_in(admin.get(f"{AT}/change"))
    form |= {"closes": soon.strftime("%Y-%m-%dT%H:%M"), "theme": "Travail"}
    asked = admin.post(f"{AT}/change", **form)
    assert (asked.status_code, "il ne rouvre jamais" in text(asked)) == (422, True)
    assert now_of(store) == opened
    again = fields_in(asked)
    assert (again["closes"], again["theme"]) == (form["closes"], "Travail")
    assert admin.post(f"{AT}/change", **again, sure="1").status_code == 303
    assert now_of(store).closes == soon.replace(second=0, microsecond=0)


def test_a_title_that_features_another_one_loses_nothing_written(
    admin: Colleague, store: Store, opened: Consultation
) -> None:
    store.running.feature(opened.slug, True, datetime.now(UTC), by_operator)
    other = replace(opened, slug="autre", sources=(DIRECT_SOURCE, Source(2, "zzz", "Z", "z", ())))
    store.consultations.create(replace(other, featured=True), ())
    form = fields_in(admin.get(f"{AT}/change")) | {"theme": "Travail"}
    new = {"title": "Z", "name": "zzz", "publisher": "z", "origins": "https://z.example"}
    form |= {f"sources[{len(opened.sources)}].{key}": value for key, value in new.items()}
    answer = admin.post(f"{AT}/change", **form)
    assert (answer.status_code, "à la une" in text(answer)) == (409, True)
    again = fields_in(answer)
    assert again["theme"] == "Travail"
    assert "https://z.example" in again[f"sources[{len(opened.sources)}].origins"]


def test_the_mark_moves_a_rehearsal_is_made_and_the_file_given(
    admin: Colleague, store: Store, opened: Consultation
) -> None:
    admin.get(AT)
    assert admin.post(f"{AT}/feature", on="1").status_code == 303
    assert now_of(store).featured
    assert admin.post(f"{AT}/feature").status_code == 303
    assert not now_of(store).featured
    made = admin.post(f"{AT}/rehearse", slug="essai", opens="", closes="")
    assert made.location == "/staff/consultations/essai"
    assert now_of(store, "essai").rehearsal
    assert "déjà pris" in text(admin.post(f"{AT}/rehearse", slug="essai"))
    assert admin.post(f"{AT}/rehearse", slug="É").status_code == 422
    file = admin.get(f"{AT}/export")
    assert 'filename="reinventer-le-travail.yaml"' in file.headers["Content-Disposition"]
    again = parse(file.data, "export").consultation
    assert replace(again, id=opened.id) == opened
