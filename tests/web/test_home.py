"""The home page and its feeds: for anybody, about nobody, in the language that is asked for."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as Xml

import feedparser
import pytest
from flask import Flask

from server.consultations.consultation import Consultation
from server.consultations.errors import StoreUnavailable
from server.consultations.kinds import Kind
from server.consultations.phases import Phase
from server.consultations.rehearsals import rehearsal_of
from server.store.store import Store
from server.web import shelf
from server.web.crawlers import SITEMAP
from server.web.service import NAME
from tests.conftest import ORIGIN, consultation, proposals
from tests.web.conftest import Reader
from tests.web.test_feeds import demand_required
from tests.web.test_outcomes import closed, voted

DAY = timedelta(days=1)
EVERYWHERE = ("/", "/feed.atom", "/feed.json", "/sitemap.xml", "/api/v1/consultations")


def create(store: Store, slug: str, **fields: object) -> Consultation:
    return store.consultations.create(consultation(slug, **fields), proposals(3))


def forget(app: Flask) -> None:
    """Have the next page made afresh, as it is two seconds later."""
    app.extensions[NAME].directory.forget()
    app.extensions.pop(shelf.KEPT_NAME, None)


def test_each_consultation_says_in_words_when_one_can_vote(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    when = datetime(2048, 5, 3, 18, 30, tzinfo=UTC)
    now = datetime.now(UTC)
    store.consultations.replace(replace(opened, closes=when, theme="Travail"))
    create(store, "plus-tard", question="Et après ?", opens=when, closes=when + DAY)
    past = create(store, "passe", question="Et avant ?", closes=now - DAY, opens=now - 9 * DAY)
    store.consultations.replace(past.reaching(Phase.WORKSHOPS, now))
    voted(store, opened)
    page = reader.client.get("/").text
    assert '<a href="/c/reinventer-le-travail?lang=fr">Comment réinventer le travail ?</a>' in page
    assert "25 participants, ouvert jusqu’au 3 mai" in page
    assert "ouverture le 3 mai 2048" in page
    assert "vote clos le" in page
    assert "Ateliers en cours" in page
    assert "Autres sujets" not in page, "what stands alone needs no heading"
    assert page.index('id="open"') < page.index('id="upcoming"') < page.index('id="past"')


def test_what_is_featured_comes_first_and_groups_have_their_names(
    reader: Reader, store: Store, opened: Consultation
) -> None:
    create(store, "b", theme="Santé", featured=True, question="Première ?")
    create(store, "c", cause="Vivre <mieux>", kind=Kind.CITIZENS_QUESTION)
    page = reader.client.get("/").text
    assert page.index('id="featured"') < page.index("Première ?") < page.index('id="open"')
    assert "Vivre &lt;mieux&gt;" in page
    assert "Grande cause" in page
    assert page.index("Autres sujets") < page.index('"/c/reinventer-le-travail')
    assert "Question citoyenne" in page


@pytest.mark.parametrize("path", EVERYWHERE)
def test_a_rehearsal_is_nowhere(
    reader: Reader, store: Store, opened: Consultation, path: str
) -> None:
    create(store, "secret-essai", question="Un secret ?", rehearsal=True, featured=True)
    copy = rehearsal_of(opened, "copie-secret", opened.opens)
    store.consultations.create(replace(copy, question="Une copie secrète ?"), proposals(3))
    shown = reader.client.get(path).text
    assert "secr" not in shown.lower()
    assert "reinventer-le-travail" in shown, "the others are there"


@pytest.mark.parametrize(
    ("query", "accepted", "expected"),
    [
        ("", "", "fr"),
        ("", "en-GB,en;q=0.9,fr;q=0.5", "en"),
        ("", "xx, fr;q=0.1", "fr"),
        ("", "de", "fr"),  # a draft, which nobody has signed
        ("?lang=en", "fr", "en"),
        ("?lang=de", "en", "en"),
        ("?lang=<x>", "", "fr"),
    ],
)
def test_the_language_is_the_one_asked_for_or_preferred(
    reader: Reader, opened: Consultation, query: str, accepted: str, expected: str
) -> None:
    answer = reader.client.get(f"/{query}", headers={"Accept-Language": accepted})
    assert f'<html lang="{expected}" dir="ltr">' in answer.text
    assert answer.headers["Content-Language"] == expected
    assert "Accept-Language" in answer.headers["Vary"]


def test_it_is_the_same_for_everybody_and_kept_for_seconds(
    reader: Reader, opened: Consultation
) -> None:
    answer = reader.client.get("/", headers={"Cookie": "x=y"})
    assert answer.headers["Cache-Control"] == "public, max-age=0, s-maxage=5"
    assert "Set-Cookie" not in answer.headers
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "<script" not in answer.text
    assert "style=" not in answer.text


def test_it_tells_programs_where_everything_is(reader: Reader, opened: Consultation) -> None:
    page = reader.client.get("/?lang=en").text
    for line in (
        "<title>Consultations</title>",
        '<meta name="description" content="Open questions',
        f'<link rel="canonical" href="{ORIGIN}/?lang=en">',
        f'<link rel="alternate" hreflang="fr" href="{ORIGIN}/?lang=fr">',
        '<meta property="og:title" content="Consultations">',
        f'<meta property="og:url" content="{ORIGIN}/?lang=en">',
        '<link rel="alternate" type="application/atom+xml" title="Consultations" href="/feed.atom?',
        '<link rel="alternate" type="application/feed+json" title="Consultations" href="/feed.json',
    ):
        assert line in page


def test_without_any_consultation_it_says_so(app: Flask) -> None:
    page = Reader(app.test_client()).client.get("/")
    assert (page.status_code, "Aucune consultation" in page.text) == (200, True)


def test_while_the_store_is_away_the_last_page_is_shown_and_then_a_kind_one(
    app: Flask, reader: Reader, opened: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise StoreUnavailable("gone")

    before = reader.client.get("/").text
    monkeypatch.setattr(type(app.extensions[NAME].store.consultations), "all", away)
    monkeypatch.setattr(shelf, "KEPT", 0.0)
    assert reader.client.get("/").text == before
    monkeypatch.setattr(shelf, "STALE", 0.0)
    answer = reader.client.get("/")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (503, "private, no-store")
    assert "La liste fait une courte pause." in answer.text
    assert reader.client.get("/feed.json").status_code == 503


def test_changes_are_shown_within_seconds(
    app: Flask, reader: Reader, store: Store, opened: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.client.get("/")
    create(store, "nouvelle", question="Une nouvelle ?")
    later = shelf.time.monotonic() + shelf.KEPT
    monkeypatch.setattr("server.web.shelf.time.monotonic", lambda: later)
    assert "Une nouvelle ?" in reader.client.get("/").text


def read(reader: Reader, path: str = "/feed.atom") -> Any:
    answer = reader.client.get(path)
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    found = feedparser.parse(answer.get_data())
    assert found.bozo is False
    demand_required(answer.get_data())
    return found


def test_both_feeds_tell_of_openings_and_outcomes_under_the_same_ids(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    create(store, "plus-tard", opens=datetime.now(UTC) + DAY)
    voted(store, opened)
    closed(app, store, opened)
    store.minutes.append(opened, 1, b"{}")
    found = read(reader)
    page = f"{ORIGIN}/c/reinventer-le-travail"
    assert [entry.id for entry in found.entries] == [f"{page}#closed", f"{page}#opened"]
    assert "25 participants" in found.entries[0].content[0].value
    answer = reader.client.get("/feed.json?lang=en")
    assert answer.headers["Content-Type"] == "application/feed+json; charset=utf-8"
    told = json.loads(answer.data)
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert (told["feed_url"], told["language"]) == (f"{ORIGIN}/feed.json?lang=en", "en")
    assert told["home_page_url"] == f"{ORIGIN}/?lang=en"
    assert [item["id"] for item in told["items"]] == [f"{page}#closed", f"{page}#opened"]
    assert told["items"][1]["title"] == opened.question


def test_a_feed_in_which_nothing_has_happened_is_still_one(app: Flask) -> None:
    reader = Reader(app.test_client())
    assert read(reader).entries == []
    assert json.loads(reader.client.get("/feed.json").data)["items"] == []


@pytest.mark.parametrize("path", ["/feed.atom", "/feed.json"])
def test_a_feed_is_made_once_in_two_seconds(
    reader: Reader, store: Store, opened: Consultation, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many programs ask, and at once in every language that is asked for."""
    first = reader.client.get(path)
    assert first.headers["Cache-Control"] == "public, max-age=1"
    create(store, "nouvelle", question="Une nouvelle ?")
    assert reader.client.get(path).data == first.data
    assert "Une nouvelle" not in reader.client.get(f"{path}?lang=fr").text
    assert "Une nouvelle" in reader.client.get(f"{path}?lang=en").text, "each language is its own"
    later = shelf.time.monotonic() + shelf.KEPT
    monkeypatch.setattr("server.web.shelf.time.monotonic", lambda: later)
    renewed = reader.client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (renewed.status_code, "Une nouvelle" in renewed.text) == (200, True)


def test_a_programs_second_visit_costs_nothing(reader: Reader) -> None:
    for path in ("/feed.atom", "/feed.json"):
        first = reader.client.get(path)
        again = reader.client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_crawlers_are_led_to_pages_and_not_into_articles_frames(
    reader: Reader, opened: Consultation
) -> None:
    robots = reader.client.get("/robots.txt").text
    assert f"Sitemap: {ORIGIN}/sitemap.xml" in robots
    assert "Disallow: /e/" in robots
    assert "Disallow: /c/*/results?*page=" in robots
    found = Xml.fromstring(reader.client.get("/sitemap.xml").data)
    pages = [one.text for one in found.iter(f"{{{SITEMAP}}}loc")]
    assert pages == [
        f"{ORIGIN}/?lang=fr",
        f"{ORIGIN}/?lang=en",
        f"{ORIGIN}/c/reinventer-le-travail",
    ]
