"""The frame: cacheable, without any reader's data, and never broken in an article."""

import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.consultations.consultation import Consultation
from server.store.store import Store
from server.web.service import NAME
from tests.conftest import ORIGIN
from tests.web.conftest import Reader


@pytest.fixture
def client(app: Flask, opened: Consultation) -> FlaskClient:
    return app.test_client()


def policy(client: FlaskClient, path: str) -> dict[str, list[str]]:
    header = client.get(path).headers["Content-Security-Policy"]
    return {rule.split()[0]: rule.split()[1:] for rule in header.split(";")}


def test_only_the_sources_own_origins_may_frame_it(client: FlaskClient) -> None:
    rules = policy(client, "/e/reinventer-le-travail?source=rmc")
    assert rules["frame-ancestors"] == ["'self'", "http://rmc.localhost:8100"]
    assert rules["default-src"] == ["'none'"]
    assert "'unsafe-inline'" not in str(rules)


def test_the_full_page_is_framed_by_nobody(client: FlaskClient) -> None:
    assert policy(client, "/c/reinventer-le-travail")["frame-ancestors"] == ["'none'"]


def test_it_is_cacheable_and_holds_nothing_of_the_reader(reader: Reader) -> None:
    """The same bytes for a stranger and for somebody who voted; no cookie before a vote."""
    path = "/e/reinventer-le-travail?source=rmc"
    before = reader.client.get(path)
    assert before.headers["Cache-Control"] == "public, max-age=0, s-maxage=5"
    assert "Set-Cookie" not in before.headers
    reader.cast(1, credential=reader.credential(), ticket=reader.ticket()["ticket"])
    assert reader.client.get(path).data == before.data


def test_its_headers_let_strict_hosts_show_it(client: FlaskClient) -> None:
    headers = client.get("/e/reinventer-le-travail?source=rmc").headers
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_it_names_the_first_proposal_and_its_language(
    app: Flask, client: FlaskClient, opened: Consultation
) -> None:
    html = client.get("/e/reinventer-le-travail?source=rmc").get_data(as_text=True)
    assert '<html lang="fr"' in html
    assert "Il faut essayer la mesure numéro" in html


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/e/jamais-vu?source=rmc", 404),
        ("/e/reinventer-le-travail?source=inconnue", 404),
        ("/e/reinventer-le-travail?source=rmc&lang=xx&theme=odd", 200),
        ("/e/reinventer-le-travail?source=%3Cscript%3E", 404),
    ],
)
def test_what_is_unknown_has_a_friendly_screen(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert b"<script>" not in answer.data
    if status == 404:
        assert b"<form" not in answer.data
        assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]


def test_upcoming_closed_and_blocked_have_screens_of_their_own(
    app: Flask, client: FlaskClient, store: Store, opened: Consultation
) -> None:
    now = datetime.now(UTC)
    blocked = tuple(replace(s, blocked=s.name == "rmc") for s in opened.sources)
    for changed in (
        replace(opened, opens=now + timedelta(days=1)),
        replace(opened, closes=now - timedelta(days=1)),
        replace(opened, sources=blocked),
    ):
        store.consultations.replace(changed)
        app.extensions[NAME].directory.forget()
        app.extensions.pop("isoloir-kept-frames", None)
        answer = client.get("/e/reinventer-le-travail?source=rmc")
        assert answer.status_code == 200
        assert b"<form" not in answer.data


def test_oembed_answers_a_pasted_address_with_the_booths_markup(client: FlaskClient) -> None:
    url = f"{ORIGIN}/c/reinventer-le-travail?source=les-echos"
    answer = client.get("/oembed", query_string={"url": url}).get_json()
    assert (answer["type"], answer["version"]) == ("rich", "1.0")
    assert f"{ORIGIN}/e/reinventer-le-travail?source=les-echos" in answer["html"]
    page = client.get("/c/reinventer-le-travail?source=les-echos").get_data(as_text=True)
    assert "application/json+oembed" in page


def test_oembed_refuses_an_address_that_is_not_ours(client: FlaskClient) -> None:
    for url in ("https://evil.example/c/reinventer-le-travail", f"{ORIGIN}/c/x", "", "http://["):
        assert client.get("/oembed", query_string={"url": url}).status_code == 404


def test_the_loader_and_the_assets_are_served_for_long(app: Flask, client: FlaskClient) -> None:
    assert "max-age=3600" in client.get("/embed/v1.js").headers["Cache-Control"]
    url = app.extensions[NAME].assets.url("booth.css")
    answer = client.get(url, headers={"Accept-Encoding": "gzip"})
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "gzip"
    etag = answer.headers["ETag"]
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 304
    assert client.get("/assets/../settings.py").status_code == 404


def test_a_width_that_no_booth_has_is_brought_into_bounds(client: FlaskClient) -> None:
    query = {"url": f"{ORIGIN}/c/reinventer-le-travail", "maxwidth": "-5"}
    assert client.get("/oembed", query_string=query).get_json()["width"] == 256


def test_the_first_screen_travels_compressed(client: FlaskClient) -> None:
    path = "/e/reinventer-le-travail?source=rmc"
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.data) == client.get(path).data


def test_odd_languages_share_one_kept_screen(app: Flask, client: FlaskClient) -> None:
    """Else a thousand made-up languages would push out what readers ask for."""
    for lang in ("", "xx", "zz", "\u0661", "fr-FR"):
        client.get("/e/reinventer-le-travail", query_string={"source": "rmc", "lang": lang})
    assert len(app.extensions["isoloir-kept-frames"]._screens) == 1


def test_instants_are_said_in_words_with_their_clock(
    app: Flask, client: FlaskClient, store: Store, opened: Consultation
) -> None:
    paris = ZoneInfo("Europe/Paris")
    opens = datetime(2031, 3, 12, 18, tzinfo=paris)
    later = replace(opened, opens=opens, closes=opens + timedelta(days=9))
    store.consultations.replace(later)
    app.extensions[NAME].directory.forget()
    french = client.get("/e/reinventer-le-travail?source=rmc").get_data(as_text=True)
    assert "12 mars 2031 à 18:00 (heure d’Europe centrale)" in french
    english = client.get("/e/reinventer-le-travail?source=rmc&lang=en").get_data(as_text=True)
    assert "12 March 2031 at 18:00" in english
    assert 'class="question" lang="fr"' in english


@pytest.mark.parametrize("packed", ["gzip", "identity"])
def test_one_answer_is_shared_and_nobody_changes_it_for_the_next(
    client: FlaskClient, packed: str
) -> None:
    path, asked = "/e/reinventer-le-travail?source=rmc", {"Accept-Encoding": packed}
    first = client.get(path, headers=asked)
    other = {**asked, "Origin": "null", "Cookie": "a=b", "Range": "bytes=0-9"}
    client.get(path, headers=other)
    assert client.head(path, headers=other).data == b""
    again = client.get(path, headers=asked)
    assert again.data == first.data
    assert [*again.headers] == [*first.headers]
    assert ("gzip" in first.headers.get("Content-Encoding", "")) is (packed == "gzip")


@pytest.mark.parametrize("host", ["elsewhere.example", "a" * 70 + ".fr", ""])
def test_a_redirect_leads_to_our_own_address(client: FlaskClient, host: str) -> None:
    answer = client.get("/e//reinventer-le-travail", headers={"Host": host})
    assert answer.status_code == 308
    assert answer.headers["Location"] == f"{ORIGIN}/e/reinventer-le-travail"
