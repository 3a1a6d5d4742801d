"""Readers propose over HTTP; staff decide; everybody sees what they should."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from server.consultations.consultation import Consultation, ProposalState
from server.consultations.moderation import merge
from server.consultations.proposing import RefusalReason
from server.store.connection import primaries
from server.store.store import Store
from server.web.service import NAME
from tests.conftest import ORIGIN, all_keys
from tests.web.conftest import API, OWN, TEXT, Reader, code
from tests.web.proposing import content, own


def test_a_proposal_is_kept_for_staff_and_shown_to_its_author_alone(
    author: Any, programme: Reader, store: Store, proposing: Consultation
) -> None:
    answer = author(text=f"  {TEXT} ", name="Zoé", age="25-34")
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "private, no-store"
    told = {
        "id": 25, "text": TEXT, "state": "pending", "reason": None, "into": None, "down": False,
        "votes": None,
    }  # fmt: skip
    document = answer.get_json()
    link = document.pop("link")
    assert document == {**told, "credential": author.credential, "durability": "fsync"}
    assert link.startswith(f"{ORIGIN}/c/{proposing.slug}/mine/25.")
    assert own(programme, author.credential) == [told]
    assert own(programme, programme.credential()) == []
    (waiting,) = store.proposing.waiting(proposing)
    assert (waiting.proposal.author, waiting.proposal.age) == ("Zoé", "25-34")


def test_what_waits_is_served_nowhere(author: Any, programme: Reader, app: Flask) -> None:
    author()
    app.extensions[NAME].directory.forget()
    credential = programme.credential()
    assert code(programme.cast(25, credential=credential)) == (404, "proposal-unknown")
    for path in (f"{API}/deck?source=rmc", "/e/reinventer-le-travail?source=rmc", API):
        assert "planter des arbres" not in programme.client.get(path).get_data(as_text=True)


def test_an_accepted_one_is_voted_on_and_a_refused_one_has_a_reason(
    author: Any, programme: Reader, app: Flask, store: Store, proposing: Consultation
) -> None:
    author(name="Zoé", age="25-34")
    author(text="Il faut que chacun pense comme moi")
    store.proposing.accept(proposing, [25])
    store.proposing.refuse(proposing, [26], RefusalReason.UNCLEAR)
    app.extensions[NAME].directory.forget()
    assert programme.cast(25, credential=programme.credential()).status_code == 200
    assert code(programme.cast(26, credential=author.credential)) == (404, "proposal-unknown")
    told = [(one["id"], one["state"], one["reason"]) for one in own(programme, author.credential)]
    assert told == [(25, "accepted", None), (26, "refused", "unclear")]


def test_every_process_serves_an_accepted_one_within_a_second(
    author: Any, app: Flask, store: Store, proposing: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    author()
    directory = app.extensions[NAME].directory
    before = directory.find(proposing.slug)
    store.proposing.accept(proposing, [25])
    monkeypatch.setattr("server.web.directory.time.monotonic", lambda: before.seen + 1.1)
    assert directory.find(proposing.slug).accepted[25].state is ProposalState.ACCEPTED


def test_a_repeat_is_answered_alike_and_kept_once(
    author: Any, store: Store, proposing: Consultation
) -> None:
    first = author(number=7)
    for again in (
        author(number=7),
        author(number=8),
        author(number=9, text=TEXT.replace("arbres", "ARBRES")),
    ):
        assert again.status_code == 201
        assert again.get_json()["id"] == first.get_json()["id"]
    assert len(store.proposing.waiting(proposing)) == 1


def test_the_author_of_a_duplicate_is_told_into_which(
    author: Any, programme: Reader, store: Store, opened: Consultation
) -> None:
    author()
    store.moderation.decisions.decide(opened, "nora", [merge(25, 3)], hold=0)
    (told,) = own(programme, author.credential)
    assert (told["state"], told["reason"]) == ("refused", "duplicate")
    assert (told["into"]["id"], told["into"]["text"]) == (3, "Il faut essayer la mesure numéro 3")
    bearer = {"Authorization": f"Bearer {author.credential}"}
    menu = programme.client.get(f"/e/{opened.slug}/menu?source=rmc", headers=bearer)
    page = unescape(menu.get_data(as_text=True))
    assert "Réunie à celle-ci, qui dit presque la même chose" in page
    assert re.search(r'href="[^"]*&after=3"[^>]*>Il faut essayer la mesure numéro 3<', page)


def test_without_a_ticket_it_is_taken_as_a_vote_is(author: Any) -> None:
    assert author(ticket=...).status_code == 201


def test_the_consultation_says_whether_readers_may_propose(
    programme: Reader, proposing: Consultation
) -> None:
    found = programme.client.get(API).get_json()
    assert (found["proposing"], found["prefix"]) == (True, "Il faut")


def test_forgotten_readers_take_their_proposals_along(
    author: Any, programme: Reader, app: Flask, store: Store, proposing: Consultation
) -> None:
    author(name="Zoé", age="25-34")
    author(text="Il faut dormir plus longtemps", name="Zoé", age="25-34")
    store.proposing.accept(proposing, [26])
    asked = {"credential": author.credential, "number": 50}
    answer = programme.client.delete(f"{API}/me", json=asked, headers=OWN)
    assert answer.status_code == 200
    assert store.proposing.waiting(proposing) == ()
    assert own(programme, author.credential) == []
    app.extensions[NAME].directory.forget()
    left = app.extensions[NAME].directory.find(proposing.slug).accepted[26]
    assert (left.text, left.author, left.age) == ("Il faut dormir plus longtemps", None, None)
    assert code(author(number=49)) == (409, "superseded")


def test_no_key_and_no_value_leads_from_an_author_to_a_voter(
    author: Any, programme: Reader, app: Flask, store: Store, proposing: Consultation
) -> None:
    """Nor does the proposal name its author: only the author's own list names the proposal."""
    programme.cast(1, credential=author.credential)
    author(name="Zoé", age="25-34")
    service = app.extensions[NAME]
    credential = service.credentials.read(author.credential)
    key = service.directory.find(proposing.slug).voter_key
    voter, writer = key.voter(credential), key.author(credential)
    assert voter != writer
    holding = {
        name
        for node in primaries(store.redis)
        for name in node.keys("*")
        if writer in name or writer in str(content(node, name))
    }
    assert holding == {f"iso:c:{{{proposing.id}}}:author:{writer}"}
    together = [k for k in all_keys(store) if voter in k and writer in k]
    assert together == []
    assert voter not in str(content(store.redis, holding.pop()))


def test_what_is_one_reader_s_cannot_be_loaded_as_something_else(
    author: Callable[..., TestResponse], programme: Reader
) -> None:
    own = programme.client.get(f"{API}/me?source=rmc")
    for answer in (author(), own):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
