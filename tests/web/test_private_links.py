"""A private link tells one proposal's decision, on any device, and nothing else to anybody."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from server.consultations.ballots import Vote
from server.consultations.consultation import Consultation, ResultsRule
from server.consultations.moderation import merge
from server.consultations.proposing import RefusalReason
from server.store.store import Store
from server.web.service import NAME
from tests.conftest import ORIGIN
from tests.store.casting import cast, publish
from tests.web.conftest import API, OWN, TEXT, Reader


@pytest.fixture
def stranger(app: Flask) -> Callable[[str], TestResponse]:
    """Follow a link on another device: no cookie, no credential."""
    other = app.test_client(use_cookies=False)

    def follow(link: str, query: str = "") -> TestResponse:
        app.extensions[NAME].directory.forget()
        return other.get(urlsplit(link).path + query)

    return follow


def link_of(answer: TestResponse) -> str:
    return str(answer.get_json()["link"])


def votes(store: Store, opened: Consultation, proposal: int, number: int) -> None:
    for voter in range(number):
        cast(store, opened, f"voter{voter}", proposal, Vote.AGREE, box=opened.box_of(voter))
    publish(store, opened)


def test_what_waits_is_promised_within_a_day(author: Any, stranger: Any) -> None:
    page = stranger(link_of(author()))
    assert page.status_code == 200
    assert "Reçue le " in page.text
    assert "En cours de relecture." in page.text
    assert "La décision sera ici au plus tard le" in page.text


def test_a_broken_promise_is_owned_up_to(
    author: Any,
    stranger: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    link = link_of(author())
    monkeypatch.setattr("server.web.decision_page.PROMISE", timedelta(0))
    assert "plus de temps que promis" in stranger(link).text


def test_the_page_is_private_listed_nowhere_and_carries_no_credential(
    author: Any,
    stranger: Any,
    proposing: Consultation,
) -> None:
    link = link_of(author())
    page = stranger(link)
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in page.headers
    assert '<meta name="robots" content="noindex, nofollow">' in page.text
    for secret in (author.credential, author.credential.split(".")[0]):
        assert secret not in link + page.text
    assert "<form" not in page.text
    assert "<script" not in page.text


def test_a_published_one_tells_how_many_voted_and_leads_to_it(
    author: Any,
    stranger: Any,
    store: Store,
    proposing: Consultation,
) -> None:
    link = link_of(author())
    store.proposing.accept(proposing, [25])
    votes(store, proposing, 25, 3)
    page = stranger(link)
    assert "Publiée\u202f: 3 lecteurs ont voté sur la vôtre." in page.text
    assert f"/c/{proposing.slug}?proposal=25" in page.text
    assert "3 readers have voted on it." in stranger(link, "?lang=en").text


def test_where_results_wait_for_the_close_no_number_is_told_before(
    author: Any,
    programme: Reader,
    stranger: Any,
    store: Store,
    proposing: Consultation,
) -> None:
    """Neither by the link nor in the menu nor in the record."""
    link = link_of(author())
    store.proposing.accept(proposing, [25])
    store.consultations.replace(replace(proposing, results=ResultsRule.AT_CLOSE))
    votes(store, proposing, 25, 3)
    page = stranger(link)
    bearer = {"Authorization": f"Bearer {author.credential}"}
    record = programme.client.get(f"{API}/me?source=rmc", headers=bearer).get_json()
    menu = programme.client.get(f"/e/{proposing.slug}/menu?source=rmc", headers=bearer)
    for text in (page.text, menu.text):
        assert "soumise au vote. " in re.sub(r"</?h1>|</?p>|\s+", " ", text).replace("  ", " ")
        assert "Les résultats seront publiés à la clôture." in text
        assert "lecteurs ont voté" not in text
    assert record["proposals"][0]["votes"] is None
    store.consultations.replace(
        replace(proposing, results=ResultsRule.AT_CLOSE, closes=proposing.opens + timedelta(days=1))
    )
    assert "3 lecteurs ont voté" in stranger(link).text


def test_a_booth_that_keeps_results_back_keeps_them_back_in_its_menu(
    author: Any,
    programme: Reader,
    store: Store,
    proposing: Consultation,
    app: Flask,
) -> None:
    author()
    store.proposing.accept(proposing, [25])
    votes(store, proposing, 25, 3)
    app.extensions[NAME].directory.forget()
    bearer = {"Authorization": f"Bearer {author.credential}"}
    at = f"/e/{proposing.slug}/menu?source=rmc"
    assert "3 lecteurs ont voté" in programme.client.get(at, headers=bearer).text
    veiled = programme.client.get(f"{at}&results=at-close", headers=bearer).text
    assert "lecteurs ont voté" not in veiled


def test_a_refused_one_tells_why_and_what_to_change(
    author: Any,
    stranger: Any,
    store: Store,
    proposing: Consultation,
) -> None:
    link = link_of(author())
    store.proposing.refuse(proposing, [25], RefusalReason.UNCLEAR)
    page = stranger(link)
    assert "Non retenue." in page.text
    assert "dites qui devrait faire quoi" in page.text
    assert 'href="/charter?lang=fr"' in page.text


def test_a_merged_one_leads_to_the_one_that_stands_for_it(
    author: Any,
    stranger: Any,
    store: Store,
    proposing: Consultation,
) -> None:
    link = link_of(author())
    store.moderation.decisions.decide(proposing, "nora", [merge(25, 3)], hold=0)
    page = stranger(link)
    assert "Réunie à celle-ci" in page.text
    assert f"/c/{proposing.slug}?proposal=3&" in page.text.replace("&amp;", "&")


def test_of_one_that_was_taken_down_no_vote_is_told_but_what_happened(
    author: Any,
    programme: Reader,
    stranger: Any,
    store: Store,
    proposing: Consultation,
) -> None:
    link = link_of(author())
    store.proposing.accept(proposing, [25])
    votes(store, proposing, 25, 3)
    store.moderation.decisions.take_down(proposing, "nora", 25, RefusalReason.PERSONAL)
    bearer = {"Authorization": f"Bearer {author.credential}"}
    page = stranger(link)
    menu = programme.client.get(f"/e/{proposing.slug}/menu?source=rmc", headers=bearer)
    for text in (page.text, menu.text):
        assert "Publiée d’abord, puis retirée par l’équipe." in text
        assert "retirez son nom" in text
        assert "3 lecteurs" not in text
        assert "3 votes" not in text


def test_what_nobody_accepted_is_published_by_no_link(
    author: Any, stranger: Any, store: Store, proposing: Consultation
) -> None:
    """Whoever likes could hand the link around: only what staff accepted is shown to others."""
    link = link_of(author())
    assert TEXT not in stranger(link).text
    store.proposing.accept(proposing, [25])
    assert TEXT in stranger(link).text
    store.moderation.decisions.take_down(proposing, "nora", 25, RefusalReason.LEGAL)
    assert TEXT not in stranger(link).text


def test_a_forged_or_foreign_link_leads_nowhere(
    author: Any,
    stranger: Any,
    proposing: Consultation,
) -> None:
    """Nor does another proposal's signature: what it signs is the number too."""
    first, second = link_of(author()), link_of(author(text="Il faut dormir plus longtemps"))
    signed = first.rpartition(".")[2]
    forged = [
        first.replace("/25.", "/26."),
        second.replace("/26.", "/25."),
        first.replace("/25.", "/1."),
        first[:-1],
        f"{first}A",
        first.replace(signed, "A" * 43),
        first.replace(proposing.slug, "nowhere"),
        f"{ORIGIN}/c/{proposing.slug}/mine/x",
    ]
    for link in forged:
        page = stranger(link)
        assert page.status_code == 404
        assert "Ce lien ne mène plus à rien" in page.text
        assert "planter" not in page.text


def test_the_same_proposal_sent_again_has_the_same_link(author: Any) -> None:
    assert link_of(author()) == link_of(author())


def test_forgetting_ends_the_link_of_a_published_one_too(
    author: Any,
    programme: Reader,
    stranger: Any,
    store: Store,
    proposing: Consultation,
) -> None:
    link, waiting = link_of(author()), link_of(author(text="Il faut dormir plus longtemps"))
    store.proposing.accept(proposing, [25])
    assert stranger(link).status_code == 200
    body = {"credential": author.credential, "source": "rmc"}
    gone = programme.client.delete(f"{API}/me", json=body, headers=OWN)
    assert gone.status_code == 200
    assert [stranger(one).status_code for one in (link, waiting)] == [404, 404]


def test_by_form_the_link_is_plain_text_in_the_page(
    programme: Reader,
    stranger: Any,
    proposing: Consultation,
) -> None:
    fields = {"source": "rmc", "text": TEXT, "page": "1"}
    sent = programme.client.post(f"/e/{proposing.slug}/propose", data=fields, headers=OWN)
    (link,) = re.findall(rf'value="({ORIGIN}/c/{proposing.slug}/mine/[^"]+)"', sent.text)
    assert "En cours de relecture." in stranger(link).text
