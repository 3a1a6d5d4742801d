"""New consultations in the console: from a form, a file, or a spreadsheet; and hostile ones."""

import io
import random
import re
from html import unescape
from typing import Any

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, stream_encode_multipart

from server.consultations import slugs
from server.consultations.kinds import Kind
from server.staff.form_pages import CARRIED, MOST
from server.staff.roles import Role
from server.store.store import Store
from tests.domain.test_operations import SHARED, TABLE
from tests.drawing import drawn
from tests.staff.conftest import OWN, Colleague, Team, text

FORM = {
    "question": "Comment mieux dormir ?",
    "slug": "",
    "language": "fr",
    "kind": "consultation",
    "timezone": "Europe/Paris",
    "opens": "2027-01-12T09:00",
    "closes": "2027-03-12T18:00",
    "results": "after-vote",
    "prefix": "Il faut",
    "proposals": "Il faut commencer les cours plus tard\n\nIl faut des siestes au travail\n",
    "sources[1].name": "rmc",
    "sources[1].title": "RMC",
    "sources[1].publisher": "rmc-bfm",
    "sources[1].origins": "https://rmc.bfmtv.com\nhttps://www.rmc.fr",
    "sources[4].name": "",
}
FILE = """slug: mieux-dormir
question: Comment mieux dormir ?
language: fr
timezone: Europe/Paris
opens: 2027-01-12 09:00
closes: 2027-03-12 18:00
prefix: Il faut
partners:
  - role: founder
    name: Une fondation
    link: https://www.example.fr/
    logo: logo.png
proposals:
  - text: Il faut commencer les cours plus tard le matin.
"""


def upload(content: str | bytes, name: str = "dormir.yaml") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content.encode() if isinstance(content, str) else content), name


def post_large(admin: Colleague, **fields: Any) -> TestResponse:
    """Post a form of megabytes; the client would leave the file open that it wrote it to."""
    stream, length, boundary = stream_encode_multipart({"form": admin.form, **fields})
    with stream:
        body = stream.read(length)
    kind = {"Content-Type": f'multipart/form-data; boundary="{boundary}"'}
    return admin.client.post("/staff/new/file", data=body, headers={**OWN, **kind})


def hidden(page: str, name: str) -> str:
    """Return what a hidden text of a page carries to the next one, as a browser sends it."""
    return unescape(page.split(f'<textarea name="{name}" hidden>\n')[1].split("</textarea>")[0])


def test_a_form_makes_what_a_file_would(admin: Colleague, store: Store) -> None:
    assert admin.get("/staff/new").status_code == 200
    answer = admin.post("/staff/new", **FORM)
    assert answer.status_code == 303, text(answer)
    assert answer.location == "/staff/consultations/comment-mieux-dormir"
    made = store.consultations.by_slug("comment-mieux-dormir")
    assert made.question == "Comment mieux dormir\u202f?"
    assert made.kind is Kind.CONSULTATION
    assert made.opens.isoformat() == "2027-01-12T09:00:00+01:00"
    assert [(s.number, s.name, s.origins) for s in made.sources[1:]] == [
        (2, "rmc", ("https://rmc.bfmtv.com", "https://www.rmc.fr"))
    ]
    assert len(store.consultations.proposals(made)) == 2
    (act,) = [one.act for one in store.acts.latest() if one.act.on == made.slug]
    assert (act.who, act.way, act.what) == ("The admin", "console", "consultation-created")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"question": ""}, "Une question sur une ligne"),
        ({"opens": "demain"}, "Un jour et une heure"),
        ({"closes": "2026-01-01T09:00"}, "après l’ouverture"),
        ({"timezone": "Europe/Pariss"}, "Un fuseau comme"),
        ({"proposals": "Il faut"}, "Au moins une"),
        ({"proposals": ""}, "Au moins une"),
        ({"kind": "x" * 3000}, "L’un de ces mots"),
        ({"sources[1].origins": "https://rmc.bfmtv.com/"}, "Au moins une adresse exacte"),
        ({"sources[1].name": "direct"}, "Un nom court"),
        ({"partners[1].name": "Sans rôle"}, "Choisissez un rôle"),
        ({"slug": "reinventer-le-travail"}, "déjà pris"),
        ({"question": "<b>{{7*7}}</b>"}, "Une question sur une ligne"),
        ({"deck.size": "99"}, "Un nombre entier de 1 à 30"),
    ],
)
def test_a_form_with_a_fault_is_shown_again_with_all_that_was_written(
    admin: Colleague, store: Store, fields: dict[str, str], said: str
) -> None:
    answer = admin.post("/staff/new", **{**FORM, **fields})
    assert answer.status_code in (409, 422)
    assert said in text(answer)
    assert "https://www.rmc.fr" in text(answer) or "origins" in str(fields)
    assert 'value="Il faut"' in answer.get_data(as_text=True)
    assert len(store.consultations.all()) == 1


def test_another_row_is_added_and_nothing_is_kept_yet(admin: Colleague, store: Store) -> None:
    page = admin.post("/staff/new", **FORM, more="sources").get_data(as_text=True)
    assert 'name="sources[2].title"' in page
    assert 'name="sources[3].title"' in page
    assert len(store.consultations.all()) == 1


def test_a_logo_comes_with_the_form(admin: Colleague, store: Store) -> None:
    partner = {"partners[1].role": "founder", "partners[1].name": "Une fondation"}
    logo = {"partners[1].logo": upload(drawn(), "logo.png")}
    assert admin.post("/staff/new", **FORM, **partner, **logo).status_code == 303
    made = store.consultations.by_slug("comment-mieux-dormir")
    assert made.partners[0].logo in store.consultations.logos(made)
    bad = {"partners[1].logo": upload(b"<svg onload=alert(1)>", "logo.png"), "slug": "autre"}
    answer = admin.post("/staff/new", **{**FORM, **partner, **bad})
    assert "Une image PNG" in text(answer)


def test_a_file_is_shown_before_it_is_taken(admin: Colleague, store: Store) -> None:
    files: dict[str, Any] = {"file": upload(FILE), "logos": upload(drawn(), "logo.png")}
    seen = admin.post("/staff/new/file", **files)
    assert seen.status_code == 200
    assert "Tout est juste" in text(seen)
    assert len(store.consultations.all()) == 1
    page = seen.get_data(as_text=True)
    content, logo = (
        hidden(page, "content"),
        re.findall(r'name="(logo:[^"]+)" value="([^"]+)"', page),
    )
    assert [name for name, _ in logo] == ["logo:logo.png"]
    # As a browser breaks the lines of what it sends.
    sent = {"content": content.replace("\n", "\r\n"), **dict(logo)}
    done = admin.post("/staff/new/file", **sent, create="1")
    assert done.location == "/staff/consultations/mieux-dormir"
    made = store.consultations.by_slug("mieux-dormir")
    assert made.partners[0].logo in store.consultations.logos(made)
    assert admin.post("/staff/new/file", **sent, create="1").status_code == 409
    assert "déjà pris" in text(admin.post("/staff/new/file", **sent))
    odd = {"logo:logo.png": "data:text/html;base64,PGI+"}
    assert admin.post("/staff/new/file", **{**sent, **odd}).status_code == 422


def test_every_fault_of_a_file_is_listed_with_its_line(admin: Colleague, store: Store) -> None:
    odd = FILE.replace("Europe/Paris", "Europe/Pariss").replace("language: fr", "langage: fr")
    answer = admin.post("/staff/new/file", file=upload(odd), create="1")
    assert answer.status_code == 422
    for part in ("ligne 3 · langage", "ligne 4 · timezone", "ligne 12 · partners[1].logo"):
        assert part in text(answer)
    unknown = "ligne 3 · langage Cette clé n’existe pas ici. Est-ce « language » ?"
    assert unknown in text(answer)
    assert "ligne 4 · timezone Un fuseau comme Europe/Paris." in text(answer)
    assert "ligne 1 · language Cette clé manque." in text(answer)
    assert 'lang="en">' not in answer.get_data(as_text=True)
    assert "Europe/Pariss" in text(answer)  # to be mended where it stands
    assert len(store.consultations.all()) == 1


BOMB = "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nslug: *c\n"


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (BOMB, 422, "Ni ancre (&), ni alias"),
        ("[" * 5000, 422, "trop imbriquées"),
        (b"\xff\xfe\x00s", 422, "texte en UTF-8"),
        (b"slug: a\x00b", 422, "ne peut pas être imprimé"),
        ("", 422, "Rien n’est écrit"),
        ("!!python/object:os.system x", 422, "ni étiquette"),
        ("#\n" * 3001, 422, "Plus de 3 000 lignes"),
        ("- <script>alert(1)</script>", 422, "Des clés et leurs valeurs"),
    ],
)
def test_a_hostile_file_is_refused(
    admin: Colleague, store: Store, content: str | bytes, status: int, said: str
) -> None:
    answer = admin.post("/staff/new/file", file=upload(content))
    assert answer.status_code == status
    assert said in text(answer)
    assert "<script>alert" not in answer.get_data(as_text=True)
    assert len(store.consultations.all()) == 1


def test_a_file_that_is_too_large_is_not_read(admin: Colleague) -> None:
    headers = {**OWN, "Content-Type": "multipart/form-data; boundary=b"}
    answer = admin.client.post("/staff/new/file", data=b"x" * (CARRIED + 1), headers=headers)
    assert answer.status_code == 413
    assert "trop gros" in text(answer)


def test_what_passes_the_check_can_be_created(admin: Colleague, store: Store) -> None:
    """The page carries pictures as text, a third longer; more than its limit is said before."""
    noise = random.Random(7).randbytes(150 * 80 * 3)
    picture = io.BytesIO()
    Image.frombytes("RGB", (150, 80), noise).save(picture, "PNG")
    names = [f"logo-{n}.png" for n in range(24)]
    rows = "".join(
        f"  - role: founder\n    name: Une fondation {n}\n    logo: {name}\n"
        for n, name in enumerate(names)
    )
    content = re.sub(r"  - role.*?logo.png\n", lambda _: rows, FILE, flags=re.S)
    given: dict[str, Any] = {
        "file": FileStorage(*upload(content)),
        "logos": [FileStorage(*upload(picture.getvalue(), name)) for name in names],
    }
    seen = post_large(admin, **given)
    assert seen.status_code == 200, text(seen)[:900]
    page = seen.get_data(as_text=True)
    carried = dict(re.findall(r'name="(logo:[^"]*)" value="([^"]*)"', page))
    assert sum(map(len, carried.values())) > MOST
    kept = {name: unescape(value) for name, value in carried.items()}
    made = post_large(admin, **kept, content=hidden(page, "content"), create="1")
    assert made.status_code == 303
    given = {"file": FileStorage(*upload(content))}
    given["logos"] = [FileStorage(*upload(picture.getvalue(), f"{n}.png")) for n in range(30)]
    assert post_large(admin, **given).status_code == 413


def test_only_who_may_is_heard_out_at_length(team: Team) -> None:
    analyst = team.join(Role.ANALYST)
    assert analyst.post("/staff/new/file", content="x" * 20_000).status_code in (403, 413)
    assert team.somebody().post("/staff/new/file", content="x" * 20_000).status_code in (401, 413)


def test_a_spreadsheet_is_shown_before_it_is_taken(admin: Colleague, store: Store) -> None:
    given = {"name": "debats", "table": TABLE, "like": SHARED}
    seen = admin.post("/staff/new/operation", **given)
    assert "Tout est juste" in text(seen)
    assert len(store.consultations.all()) == 1
    page = seen.get_data(as_text=True)
    carried = {name: hidden(page, name) for name in ("table", "like")}
    done = admin.post("/staff/new/operation", name="debats", create="1", **carried)
    assert done.location == "/staff?operation=debats"
    assert {"nord", "sud"} <= {one.slug for one in store.consultations.all()}
    again = admin.post("/staff/new/operation", **given)
    assert text(again).count("existe déjà") == 2
    odd = admin.post("/staff/new/operation", **{**given, "table": TABLE.replace("slug", "slog")})
    assert odd.status_code == 422
    assert "ligne 1 · slog" in text(odd)
    assert admin.post("/staff/new/operation", **{**given, "name": "É"}).status_code == 422


@pytest.mark.parametrize(
    ("question", "slug"),
    [
        ("Comment mieux dormir ?", "comment-mieux-dormir"),
        ("À l’école, où est le cœur ?", "a-l-ecole-ou-est-le-coeur"),
        ("x" * 90, ""),
        ("¿?", ""),
        ("mot " * 40, "-".join(["mot"] * 12)),
    ],
)
def test_a_slug_is_proposed_from_the_question(question: str, slug: str) -> None:
    assert slugs.proposed(question) == slug
