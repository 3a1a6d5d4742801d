"""Voting without JavaScript: real forms, and never counted twice."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.consultations.consultation import DIRECT_NUMBER, Consultation
from server.store.store import Store
from server.web.service import NAME
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
    ("fields", "status"),
    [
        ({"vote": "maybe"}, 422),
        ({"vote": ""}, 422),
        ({"qualifications": ["noWay"]}, 422),
        ({"proposal": "x"}, 404),
        ({"proposal": "²"}, 404),
        ({"proposal": "9" * 5000}, 404),
        ({"proposal": "999"}, 404),
        ({"ticket": "forged"}, 403),
        ({"source": "inconnue"}, 404),
    ],
)
def test_a_form_that_makes_no_sense_counts_nothing_and_says_so(
    client: FlaskClient,
    store: Store,
    opened: Consultation,
    fields: dict[str, object],
    status: int,
) -> None:
    send(client)
    answer = send(client, f"{VOTE}?pass=2", **fields)
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
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


def through(store: Store, opened: Consultation, proposal: int = 3) -> list[int]:
    """Return the numbers of the sources under which a proposal's ballots are counted."""
    return list(store.tallies.histograms(opened, [proposal])[proposal])


def ticket_on(client: FlaskClient, path: str) -> str:
    found = re.search(r'name="?ticket"? value="([^"]+)"', client.get(path).get_data(as_text=True))
    assert found
    return found[1]


def test_the_source_of_a_form_is_its_tickets_not_a_field_of_the_readers(
    client: FlaskClient, store: Store, opened: Consultation
) -> None:
    """Without a ticket a vote is of no media title, whatever the form says."""
    send(client)
    send(client, f"{VOTE}?pass=2")
    assert through(store, opened) == [DIRECT_NUMBER]
    send(client, ticket=ticket_on(client, "/e/reinventer-le-travail?source=rmc"))
    assert through(store, opened) == [2]


def test_a_ticket_of_before_the_cookies_were_cleared_still_says_the_source(
    app: Flask, client: FlaskClient, store: Store, opened: Consultation
) -> None:
    ticket = app.extensions[NAME].dealer.tickets.issue(opened.id, "rmc", [3], "somebody-of-old")
    send(client, ticket=ticket)
    send(client, f"{VOTE}?pass=2", ticket=ticket)
    assert store.tallies.histograms(opened, [3])[3] == {2: {1 << 5: 1}}  # trusted, no more


def test_withdrawing_and_voting_anew_earns_no_more_than_the_first_time(
    client: FlaskClient, store: Store, opened: Consultation
) -> None:
    send(client)
    result = send(client, f"{VOTE}?pass=2").location
    again = ticket_on(client, str(result))
    send(client, vote="withdraw", ticket=again)
    send(client, ticket=again)
    [histogram] = store.tallies.histograms(opened, [3])[3].values()
    assert histogram == {1 << 5: 1}


def test_a_blocked_source_takes_no_form_and_shows_no_card(
    app: Flask, client: FlaskClient, store: Store, opened: Consultation
) -> None:
    ticket = ticket_on(client, "/e/reinventer-le-travail?source=rmc")
    send(client)
    sources = tuple(replace(s, blocked=s.name == "rmc") for s in opened.sources)
    store.consultations.replace(replace(opened, sources=sources))
    app.extensions[NAME].directory.forget()
    answer = send(client, f"{VOTE}?pass=2", ticket=ticket)
    assert (answer.status_code, b"<form" in answer.data) == (403, False)
    assert b"<form" not in client.get("/e/reinventer-le-travail/next?source=rmc").data
    assert ballots_in(store, opened) == 0


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/e/jamais-vu/vote", 404),
        ("/e/jamais-vu/next", 404),
        ("/e/reinventer-le-travail/next", 401),
    ],
)
def test_whatever_goes_wrong_a_form_is_answered_by_a_page(
    forgetful: FlaskClient, path: str, status: int
) -> None:
    answer = send(forgetful, path)
    assert (answer.status_code, answer.mimetype) == (status, "text/html")


@pytest.mark.parametrize("after", ["²", "9" * 5000, "999", "x", "-1", ""])
def test_an_odd_after_shows_the_next_card(client: FlaskClient, after: str) -> None:
    send(client)
    query = {"source": "rmc", "after": after}
    answer = client.get("/e/reinventer-le-travail/next", query_string=query)
    assert (answer.status_code, b"<form" in answer.data) == (200, True)
