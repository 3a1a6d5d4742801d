"""The feed, as a reader's program reads it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as Xml

import feedparser
import pytest
from flask import Flask

from server.consultations.consultation import Consultation
from server.consultations.proposing import Draft, RefusalReason
from server.store.store import Store
from server.web.atom import ATOM
from server.web.service import NAME
from tests.conftest import ORIGIN
from tests.web.conftest import Reader, code
from tests.web.test_outcomes import closed, voted

PATH = "/c/reinventer-le-travail/feed.atom"
PAGE = f"{ORIGIN}/c/reinventer-le-travail"


def read(reader: Reader) -> Any:
    """Return the feed as an independent program understands it; it must be well-formed Atom."""
    answer = reader.client.get(PATH)
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    found = feedparser.parse(answer.get_data())
    assert found.bozo is False, found
    assert found.version == "atom10"
    demand_required(answer.get_data())
    return found


def demand_required(document: bytes) -> None:
    """Check what RFC 4287 (4.1.1, 4.1.2) demands of a feed and of each entry."""
    feed = Xml.fromstring(document)
    entries = feed.findall(f"{{{ATOM}}}entry")
    for part in (feed, *entries):
        for name in ("id", "title", "updated"):
            assert len(part.findall(f"{{{ATOM}}}{name}")) == 1, name
    assert feed.find(f"{{{ATOM}}}author/{{{ATOM}}}name") is not None
    ids = [entry.findtext(f"{{{ATOM}}}id") for entry in entries]
    assert len(set(ids)) == len(ids)


def accept(
    store: Store, opened: Consultation, text: str, by: str = "a", place: int = 1, **more: Any
) -> int:
    written = Draft(text, "fr", **more)
    number = store.proposing.propose(opened, by, written, 1, place).proposal.id
    store.proposing.accept(opened, [number])
    return number


def test_a_feed_begins_with_the_opening(reader: Reader, opened: Consultation) -> None:
    found = read(reader)
    assert found.feed.title == "Comment réinventer le travail ?"
    assert found.feed.language == "fr"
    assert [link.href for link in found.feed.links] == [f"{PAGE}/feed.atom", PAGE]
    (entry,) = found.entries
    assert (entry.id, entry.title, entry.link) == (f"{PAGE}#opened", "Le vote est ouvert", PAGE)
    assert entry.updated == f"{opened.opens.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def test_before_the_opening_nothing_has_happened(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    closed(app, store, opened, opens=datetime.now(UTC) + timedelta(days=1), closes=opened.closes)
    assert read(reader).entries == []


def test_proposals_that_staff_accepted_are_news_the_newest_first(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    accept(store, opened, "Il faut <dormir> & rêver", "a", author="Zoé", age="25-34")
    written = Draft("Il faut rester entre nous", "fr")
    for number, author in enumerate("bc"):
        store.proposing.propose(
            opened, author, replace(written, text=f"{written.text} {author}"), number, number
        )
    store.proposing.refuse(opened, [26], RefusalReason.OTHER)
    app.extensions[NAME].directory.forget()
    first, second = read(reader).entries
    assert (first.id, second.id) == (f"{PAGE}#proposal-25", f"{PAGE}#opened")
    assert first.title == "Nouvelle proposition\u202f: Il faut <dormir> & rêver"
    assert first.author == "Zoé, 25-34 ans"
    assert first.content[0].value == "<p>Il faut &lt;dormir&gt; &amp; rêver</p>"


def test_at_most_fifty_of_them(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    for n in range(52):
        accept(store, opened, f"Il faut essayer la voie {n}", f"author-{n}", place=n)
    app.extensions[NAME].directory.forget()
    assert len(read(reader).entries) == 51


def test_the_outcome_comes_once_the_count_is_final(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    voted(store, opened)
    closed(app, store, opened)
    assert [entry.id for entry in read(reader).entries] == [f"{PAGE}#opened"]
    assert store.minutes.append(opened, 1, b"{}")
    entry = read(reader).entries[0]
    assert (entry.id, entry.title) == (f"{PAGE}#closed", "Le vote est clos\u202f: les résultats")
    text = entry.content[0].value
    assert text.startswith("<p>25 participants</p>")
    assert "<li>Il faut essayer la mesure numéro 2 (80\u202f% d’accord, 25 votes)</li>" in text
    assert text.index("numéro 3") < text.index("numéro 2") < text.index("numéro 1")


def test_a_programs_second_visit_costs_nothing(reader: Reader) -> None:
    first = reader.client.get(PATH)
    assert first.headers["Cache-Control"] == "public, max-age=4"
    again = reader.client.get(PATH, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("question", ["<script>alert(1)</script>", "A & B ?", "]]>"])
def test_a_question_cannot_write_markup_of_its_own(
    app: Flask, reader: Reader, store: Store, opened: Consultation, question: str
) -> None:
    closed(app, store, opened, closes=opened.closes, question=question)
    raw = reader.client.get(PATH).get_data(as_text=True)
    assert "<script>" not in raw
    document = Xml.fromstring(raw.encode())
    assert document.findtext(f"{{{ATOM}}}title") == question


def test_an_unknown_consultation_is_a_problem(reader: Reader) -> None:
    assert code(reader.client.get("/c/jamais-vu/feed.atom")) == (404, "consultation-unknown")
