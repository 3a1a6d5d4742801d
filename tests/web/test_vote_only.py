"""Readers vote on, and propose no more."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from server.consultations.consultation import Consultation
from server.store.store import Store
from server.web.service import NAME
from tests.web.conftest import OWN, TEXT, Reader, code


@pytest.fixture
def vote_only(app: Flask, store: Store, proposing: Consultation) -> Consultation:
    """Readers could propose until a moment ago; they vote for weeks yet."""
    changed = replace(proposing, proposals_until=datetime.now(UTC) - timedelta(seconds=1))
    store.consultations.replace(changed)
    app.extensions[NAME].directory.forget()
    return changed


def test_in_the_vote_only_phase_votes_are_taken_and_proposals_are_not(
    author: Any, programme: Reader, store: Store, vote_only: Consultation
) -> None:
    refused = author()
    assert code(refused) == (409, "proposals-closed")
    assert programme.cast(1, credential=author.credential).status_code == 200
    assert store.proposing.waiting(vote_only) == ()


def test_the_store_s_clock_decides_and_the_reader_is_told_the_same(
    author: Any, app: Flask, store: Store, proposing: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This process takes it for early; the store knows that it is too late."""
    until = datetime.now(UTC) - timedelta(seconds=1)
    store.consultations.replace(replace(proposing, proposals_until=until))
    app.extensions[NAME].directory.forget()
    monkeypatch.setattr(Consultation, "demand_proposing", lambda *_: None)
    assert code(author()) == (409, "proposals-closed")
    assert store.proposing.waiting(proposing) == ()


def test_in_the_vote_only_phase_the_booth_does_not_invite(
    programme: Reader, vote_only: Consultation
) -> None:
    page = f"/e/{vote_only.slug}"
    frame = programme.client.get(f"{page}?source=rmc").text
    assert '"proposing"' not in frame
    assert 'class="propose' not in frame
    assert 'class="propose' not in programme.client.get(f"{page}/menu?source=rmc").text


def test_without_script_a_late_form_is_answered_kindly(
    programme: Reader, store: Store, vote_only: Consultation
) -> None:
    path = f"/e/{vote_only.slug}/propose"
    sent = programme.client.post(path, data={"source": "rmc", "text": TEXT}, headers=OWN)
    asked = programme.client.get(f"{path}?source=rmc")
    assert (sent.status_code, asked.status_code) == (409, 200)
    for answer in (sent, asked):
        assert '<div class="over">' in answer.text
        assert "Il n’est plus possible de proposer" in answer.text
        assert "novalidate hidden>" in answer.text, "the form itself is not shown"
    assert store.proposing.waiting(vote_only) == ()


def test_the_form_says_until_when_one_may_propose(
    app: Flask, programme: Reader, store: Store, proposing: Consultation
) -> None:
    path = f"/e/{proposing.slug}/propose?source=rmc"
    assert "On peut proposer jusqu’au" not in programme.client.get(path).text
    until = datetime(2048, 5, 3, 18, 30, tzinfo=UTC)
    closes = until + timedelta(days=9)
    store.consultations.replace(replace(proposing, proposals_until=until, closes=closes))
    app.extensions[NAME].directory.forget()
    said = programme.client.get(path).text
    assert "On peut proposer jusqu’au 3 mai 2048 à 18:30." in said
