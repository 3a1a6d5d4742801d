"""Every input is hostile until it is shown to be well: clear refusals, and nothing lost."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from server.consultations import errors
from server.consultations.consultation import Consultation
from server.consultations.errors import Refusal
from server.staff import tokens
from server.store.store import Store
from server.web import refusals
from server.web.problems import STATUS
from server.web.service import NAME
from tests.conftest import ORIGIN, consultation, proposals
from tests.web.conftest import API, OWN, Reader, ballots_in, code

DOCS = Path(__file__).parents[2] / "docs" / "developers" / "problems.md"


def tampered(token: str) -> str:
    return token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB")


def test_an_unknown_consultation_or_proposal_is_404(reader: Reader) -> None:
    credential = reader.credential()
    elsewhere = API.replace("travail", "sommeil") + "/proposals/1/ballot"
    body = {"vote": "agree", "credential": credential}
    assert code(reader.client.put(elsewhere, json=body, headers=OWN)) == (
        404,
        "consultation-unknown",
    )
    assert code(reader.cast(999, credential=credential)) == (404, "proposal-unknown")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "vote"),
        ({"vote": "maybe"}, "vote"),
        ({"vote": "agree", "qualifications": "likeIt"}, "qualifications"),
        ({"vote": "agree", "qualifications": ["loveIt"]}, "qualifications.0"),
        ({"vote": "agree", "qualifications": ["likeIt"] * 4}, "qualifications"),
        ({"vote": "agree", "number": "7"}, "number"),
        ({"vote": "agree", "number": -1}, "number"),
        ({"vote": "agree", "number": 2**60}, "number"),
        ({"vote": "agree", "credential": "x" * 5000}, "credential"),
        ({"vote": "agree", "voter": "me"}, "voter"),
        ({"vote": "agree", "source": "bfm"}, "source"),
        (["agree"], "body"),
        ("agree", "body"),
    ],
)
def test_a_body_of_the_wrong_shape_names_the_field(reader: Reader, body: Any, field: str) -> None:
    answer = reader.client.put(reader.at(1), json=body, headers=OWN)
    assert code(answer) == (422, "body-invalid")
    assert answer.get_json()["field"] == field
    assert answer.get_json()["errors"][0]["field"] == field


def test_a_nuance_of_another_vote_is_refused(reader: Reader) -> None:
    answer = reader.cast(1, "agree", qualifications=["noWay"], credential=reader.credential())
    assert code(answer) == (422, "qualification-mismatch")
    assert answer.get_json()["field"] == "qualifications"


@pytest.mark.parametrize(
    ("data", "kind", "expected"),
    [
        (b'{"vote":', "application/json", (400, "json-malformed")),
        (b"\xff\xfe", "application/json", (400, "json-malformed")),
        (b"[" * 8000, "application/json", (400, "json-malformed")),
        (rb'{"vote":"agree","\ud800":1}', "application/json", (400, "json-malformed")),
        (rb'{"vote":"agree","credential":"\ud800"}', "application/json", (400, "json-malformed")),
        (b"vote=agree", "application/x-www-form-urlencoded", (415, "content-type-refused")),
        (b'{"vote":"agree"}', "text/plain", (415, "content-type-refused")),
        (b'{"vote":"' + b"a" * 20_000 + b'"}', "application/json", (413, "body-too-large")),
    ],
)
def test_what_is_not_a_small_json_body_is_refused(
    reader: Reader, data: bytes, kind: str, expected: tuple[int, str]
) -> None:
    answer = reader.client.put(reader.at(1), data=data, content_type=kind, headers=OWN)
    assert code(answer) == expected


def test_a_body_in_chunks_is_refused_before_it_is_read(reader: Reader) -> None:
    headers = {**OWN, "Transfer-Encoding": "chunked", "Content-Type": "application/json"}
    answer = reader.client.put(reader.at(1), headers=headers)
    assert code(answer) == (411, "length-required")


def test_a_forged_credential_counts_nothing_and_says_so(
    reader: Reader, store: Store, opened: Consultation
) -> None:
    good = reader.credential()
    for bad in (tampered(good), "nonsense", "a.b.c", good + "x", ".", "é" * 9):
        assert code(reader.cast(1, credential=bad)) == (401, "credential-invalid")
    assert code(reader.cast(1)) == (401, "credential-missing")
    assert ballots_in(store, opened) == 0
    assert reader.cast(1, credential=good).status_code == 200


def test_a_forged_cookie_gives_way_to_a_good_body_credential(reader: Reader) -> None:
    name = "__Host-isoloir-rmc-bfm"
    reader.client.set_cookie(name, "forged", secure=True)
    assert code(reader.cast(1, ticket=reader.ticket()["ticket"])) == (401, "credential-invalid")
    credential = reader.credential()
    answer = reader.cast(1, ticket=reader.ticket()["ticket"], credential=credential)
    assert answer.get_json()["credential"] == credential


def test_a_forged_ticket_is_refused_and_counts_nothing(
    reader: Reader, store: Store, opened: Consultation
) -> None:
    credential = reader.credential()
    ticket = reader.ticket()["ticket"]
    for bad in (tampered(ticket), "nonsense", credential):
        assert code(reader.cast(1, ticket=bad, credential=credential)) == (403, "ticket-invalid")
    assert ballots_in(store, opened) == 0


def test_a_ticket_of_another_consultation_publisher_or_reader_is_refused(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    other = store.consultations.create(consultation("autre-question"), proposals())
    issue = app.extensions[NAME].dealer.tickets.issue
    credential = reader.credential()
    for ticket in (
        issue(other.id, "rmc", [1]),
        issue(opened.id, "les-echos", [1]),
        issue(opened.id, "rmc", [1], "somebody-else-ab"),
    ):
        assert code(reader.cast(1, ticket=ticket, credential=credential)) == (
            403,
            "ticket-invalid",
        )
    assert ballots_in(store, opened) == 0


def test_an_expired_ticket_lowers_the_trust_and_keeps_the_source(
    reader: Reader, store: Store, opened: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    deck = reader.ticket()
    credential = reader.credential()
    then = datetime.now(UTC).timestamp()
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: then + 31 * 60)
    first = deck["proposals"][0]["id"]
    assert reader.cast(first, ticket=deck["ticket"], credential=credential).status_code == 200
    monkeypatch.undo()
    assert list(store.tallies.histograms(opened, [first])[first]) == [2]
    [code_] = store.tallies.histograms(opened, [first])[first][2]
    assert code_ >> 5 == 1  # trusted


def test_before_the_opening_and_after_the_close_no_vote_is_taken(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    credential, now = reader.credential(), datetime.now(UTC)
    directory = app.extensions[NAME].directory
    for opens, closes, expected in (
        (now + timedelta(hours=1), now + timedelta(days=1), "consultation-not-open"),
        (now - timedelta(days=2), now - timedelta(seconds=1), "consultation-closed"),
    ):
        store.consultations.replace(replace(opened, opens=opens, closes=closes))
        directory.forget()
        assert code(reader.cast(1, credential=credential)) == (409, expected)
        assert code(reader.withdraw(1, credential=credential)) == (409, expected)
    assert ballots_in(store, opened) == 0


def test_a_blocked_source_takes_no_vote(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    ticket, credential = reader.ticket()["ticket"], reader.credential()
    sources = tuple(replace(s, blocked=s.name == "rmc") for s in opened.sources)
    store.consultations.replace(replace(opened, sources=sources))
    app.extensions[NAME].directory.forget()
    assert code(reader.cast(1, ticket=ticket, credential=credential)) == (403, "source-blocked")


def test_a_get_never_votes(reader: Reader, store: Store, opened: Consultation) -> None:
    query = f"?vote=agree&credential={reader.credential()}&proposal=1&source=rmc"
    assert code(reader.client.get(reader.at(1) + query)) == (405, "method-not-allowed")
    assert reader.client.get(f"/e/{opened.slug}/vote{query}").status_code == 405
    assert reader.client.get(f"/e/{opened.slug}/next{query}").status_code == 200
    assert ballots_in(store, opened) == 0


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://rmc.localhost:8100"},
        {"Origin": "https://evil.example"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "same-site"},
        {"Origin": ORIGIN + ".evil.example"},
    ],
)
def test_the_publishers_page_can_neither_vote_nor_get_a_credential(
    reader: Reader, headers: dict[str, str], store: Store, opened: Consultation
) -> None:
    credential = reader.credential()
    reader.headers = headers
    assert code(reader.cast(1, credential=credential)) == (403, "origin-refused")
    assert code(reader.withdraw(1, credential=credential)) == (403, "origin-refused")
    asked = {"source": "rmc", "consultation": opened.slug}
    answer = reader.post("/api/v1/credential", asked)
    assert code(answer) == (403, "origin-refused")
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert ballots_in(store, opened) == 0


def test_a_replay_token_states_the_trust_in_its_rehearsal_only(
    app: Flask, store: Store, opened: Consultation
) -> None:
    settings = app.extensions[NAME].settings
    store.consultations.create(consultation("essai", rehearsal=True), proposals())
    reader = Reader(app.test_client())
    body = {"vote": "agree", "trust": "sequence", "credential": reader.credential()}

    def put(slug: str, token: str | None) -> Any:
        path = f"/api/v1/consultations/{slug}/proposals/1/ballot"
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        return app.test_client().put(path, json=body, headers={**OWN, **bearer})

    real = tokens.issue(settings, tokens.REPLAY, opened.slug)
    essai = tokens.issue(settings, tokens.REPLAY, "essai")
    assert code(put(opened.slug, None)) == (401, "token-invalid")
    assert code(put(opened.slug, essai)) == (401, "token-invalid")
    assert code(put(opened.slug, real)) == (403, "not-a-rehearsal")
    assert code(put("essai", tampered(essai))) == (401, "token-invalid")
    assert code(put("essai", tokens.issue(settings, "staff", "essai"))) == (401, "token-invalid")
    assert put("essai", essai).status_code == 200
    assert ballots_in(store, opened) == 0


def test_an_older_number_is_answered_with_the_newest(reader: Reader) -> None:
    credential = reader.credential()
    reader.cast(1, "agree", credential=credential, number=12)
    answer = reader.cast(1, "disagree", credential=credential, number=11)
    assert code(answer) == (409, "superseded")
    assert answer.get_json()["number"] == 12


def test_unknown_paths_and_methods_are_problems_too(reader: Reader) -> None:
    assert code(reader.client.get("/api/v1/nothing")) == (404, "not-found")
    answer = reader.client.post(f"{API}/deck", headers=OWN)
    assert code(answer) == (405, "method-not-allowed")
    assert "GET" in answer.headers["Allow"]


def every_refusal() -> set[str]:
    kinds = itertools.chain(vars(errors).values(), vars(refusals).values())
    return {
        kind.code
        for kind in kinds
        if isinstance(kind, type) and issubclass(kind, Refusal) and kind is not Refusal
    }


def test_every_code_has_a_status_and_an_entry_in_the_docs() -> None:
    assert every_refusal() <= set(STATUS)
    documented = {line.split("`")[1] for line in DOCS.read_text().splitlines() if line[:3] == "| `"}
    assert documented == set(STATUS)
