"""Partners on a consultation's own page, and their logos as they are served."""

from dataclasses import replace

import pytest
from flask import Flask

from server.consultations import logos
from server.consultations.consultation import Consultation
from server.consultations.partners import Partner, Role
from server.store.store import Store
from tests.conftest import ORIGIN, consultation, proposals
from tests.drawing import drawn
from tests.web.conftest import Reader

PICTURE = logos.logo(drawn())
NAME = logos.name_of(PICTURE)
OTHER = logos.name_of(b"another")
PARTNERS = (
    Partner(Role.ASSOCIATION, "Les <Amis>"),
    Partner(Role.FOUNDER, "Une ONG", "https://ong.example/", NAME),
)


@pytest.fixture
def carried(app: Flask, store: Store) -> Consultation:
    """A consultation with two partners, one of whom has a logo."""
    asked = consultation("sante", partners=PARTNERS, theme="Santé", cause="Vivre mieux")
    return store.consultations.create(asked, proposals(), {NAME: PICTURE})


@pytest.fixture
def visitor(app: Flask, carried: Consultation) -> Reader:
    return Reader(app.test_client())


def test_a_logo_is_served_as_a_picture_that_never_changes(visitor: Reader) -> None:
    answer = visitor.client.get(f"/c/sante/logos/{NAME}")
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "image/webp", PICTURE)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_only_a_logo_that_the_consultation_has_is_served(
    visitor: Reader, app: Flask, store: Store, carried: Consultation
) -> None:
    for path in (f"/c/sante/logos/{OTHER}", "/c/sante/logos/x", f"/c/jamais-vu/logos/{NAME}"):
        assert visitor.client.get(path).status_code == 404
    store.consultations.replace(replace(carried, partners=PARTNERS[:1]))
    app.extensions["isoloir"].directory.forget()
    assert visitor.client.get(f"/c/sante/logos/{NAME}").status_code == 404


def test_its_own_page_shows_who_carries_it_founders_first(visitor: Reader) -> None:
    page = visitor.client.get("/c/sante").text
    assert page.index("Fondateurs") < page.index("Associations")
    assert f'<img src="/c/sante/logos/{NAME}" alt="Une ONG"' in page
    assert '<a href="https://ong.example/" target="_blank" rel="noopener">' in page
    assert "Les &lt;Amis&gt;" in page
    assert "Vivre mieux · Santé" in page


def test_in_an_article_the_booth_stays_light(visitor: Reader) -> None:
    frame = visitor.client.get("/e/sante?source=rmc").text
    assert "Une ONG" not in frame
    assert "/logos/" not in frame


def test_the_api_says_whom_a_consultation_comes_from(visitor: Reader) -> None:
    found = visitor.client.get("/api/v1/consultations/sante").get_json()
    told = (found["kind"], found["theme"], found["cause"], found["featured"])
    assert told == ("consultation", "Santé", "Vivre mieux", False)
    assert found["partners"] == [
        {"role": "association", "name": "Les <Amis>", "link": None, "logo": None},
        {
            "role": "founder",
            "name": "Une ONG",
            "link": "https://ong.example/",
            "logo": f"{ORIGIN}/c/sante/logos/{NAME}",
        },
    ]
