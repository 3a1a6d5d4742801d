"""Voting without JavaScript: real forms, and never counted twice."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.consultations.consultation import Consultation
from server.store.store import Store
from tests.web.conftest import OWN, ballots_in

VOTE = "/e/reinventer-le-travail/vote"
FORM = {"proposal": "3", "vote": "agree", "source": "rmc", "theme": "auto", "lang": "fr"}


@pytest.fixture
def client(app: Flask, opened: Consultation) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def forgetful(app: Flask, opened: Consultation) -> FlaskClient:
    """A browser that keeps no cookie of ours."""
    return app.test_client(use_cookies=False)


def send(client: FlaskClient, path: str = VOTE, **fields: object) -> TestResponse:
    return client.post(path, data={**FORM, **fields}, headers=OWN)


def credential_in(answer: TestResponse) -> str:
    found = re.search(r'name="?credential"? value="([^"]+)"', answer.get_data(as_text=True))
    assert found, answer.get_data(as_text=True)
    return found[1]


def test_the_first_pass_sets_the_cookie_and_the_second_counts(
    client: FlaskClient, store: Store, opened: Consultation
) -> None:
    first = send(client)
    assert (first.status_code, first.location) == (307, f"{VOTE}?pass=2")
    assert "__Host-isoloir-rmc-bfm=" in first.headers["Set-Cookie"]
    assert ballots_in(store, opened) == 0
    second = send(client, first.location)
    assert second.status_code == 303
    assert ballots_in(store, opened) == 1
    result = client.get(second.location)
    assert result.status_code == 200
    assert result.headers["Cache-Control"] == "private, no-store"
    assert "Il faut essayer la mesure numéro 3" in result.get_data(as_text=True)


def test_without_cookies_one_continue_button_counts_the_vote(
    forgetful: FlaskClient, store: Store, opened: Consultation
) -> None:
    first = send(forgetful)
    second = send(forgetful, first.location)
    assert (second.status_code, ballots_in(store, opened)) == (200, 0)
    credential = credential_in(second)
    third = send(forgetful, credential=credential)
    assert (third.status_code, ballots_in(store, opened)) == (200, 1)
    assert credential_in(third) == credential
    assert credential not in third.request.path
    again = forgetful.post(
        "/e/reinventer-le-travail/next", data={**FORM, "credential": credential}, headers=OWN
    )
    assert again.status_code == 200
    assert credential_in(again) == credential


def test_nuances_change_and_withdrawal_work_by_form(
    client: FlaskClient, store: Store, opened: Consultation
) -> None:
    send(client)
    send(client, qualifications=["likeIt", "doable"])
    assert ballots_in(store, opened) == 1
    send(client, vote="disagree")
    assert ballots_in(store, opened) == 1
    gone = send(client, vote="withdraw")
    assert gone.status_code == 303
    assert ballots_in(store, opened) == 0
    assert "Il faut" in client.get(gone.location).get_data(as_text=True)


@pytest.mark.parametrize(
    "fields",
    [
        {"vote": "maybe"},
        {"vote": ""},
        {"proposal": "x"},
        {"proposal": "999"},
        {"qualifications": ["noWay"]},
    ],
)
def test_a_form_that_makes_no_sense_counts_nothing_and_says_so(
    client: FlaskClient, store: Store, opened: Consultation, fields: dict[str, object]
) -> None:
    send(client)
    answer = send(client, f"{VOTE}?pass=2", **fields)
    assert (answer.status_code, answer.mimetype) == (422, "text/html")
    assert ballots_in(store, opened) == 0


@pytest.mark.parametrize("origin", ["http://rmc.localhost:8100", "null", None])
def test_a_form_on_another_page_cannot_vote(
    client: FlaskClient, store: Store, opened: Consultation, origin: str | None
) -> None:
    headers = {"Origin": origin} if origin else {}
    for path in (VOTE, f"{VOTE}?pass=2", "/e/reinventer-le-travail/next"):
        assert client.post(path, data=FORM, headers=headers).status_code == 403
    assert ballots_in(store, opened) == 0


def test_on_the_full_page_every_next_screen_is_a_full_page(client: FlaskClient) -> None:
    assert 'name="page"' in client.get("/c/reinventer-le-travail").get_data(as_text=True)
    send(client, page="1")
    answer = send(client, f"{VOTE}?pass=2", page="1")
    result = client.get(answer.location)
    assert "<main" in result.get_data(as_text=True)
    assert "frame-ancestors 'none'" in result.headers["Content-Security-Policy"]


def test_the_continue_page_keeps_the_nuances_of_the_form(forgetful: FlaskClient) -> None:
    page = send(forgetful, f"{VOTE}?pass=2", qualifications=["doable"]).get_data(as_text=True)
    assert 'name="qualifications" value="doable"' in page
