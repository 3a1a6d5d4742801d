"""What is not a tallies document is refused by name, and nothing of it is kept."""

import gzip
import tracemalloc
import zlib
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.central import signing
from server.central.receiver import requests, votes
from server.consultations.ballots import Ballot, Trust, Vote, encode
from tests.contract.sending import SECRET, TALLIES, Deployment, body_of, post

AGREE = encode(Ballot(Vote.AGREE), Trust.SEQUENCE)
MISSING = type("Missing", (), {"__repr__": lambda _: "missing"})()


@pytest.fixture
def made() -> dict[str, Any]:
    deployment = Deployment()
    deployment.vote(1, 2, {AGREE: 3})
    return deployment.compose()


def altered(made: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """Return the document with the value at `path` replaced, or left out."""
    copy = deepcopy(made)
    *steps, last = path.split(".")
    place: Any = copy
    for step in steps:
        place = place[int(step) if step.isdigit() else step]
    if value is MISSING:
        del place[last]
    else:
        place[int(last) if last.isdigit() else last] = value
    return copy


FIELDS = [
    ("deployment", MISSING),
    ("deployment", ""),
    ("deployment", "Essai"),
    ("deployment", "a~b"),
    ("deployment", "a" * 101),
    ("deployment", "essai\n"),
    ("consultation", "../etc"),
    ("consultation", 7),
    ("epoch", 0),
    ("epoch", "1800000000000"),
    ("epoch", 2**53),
    ("epoch", 1.5),
    ("epoch", True),
    ("revisions", []),
    ("revisions", 1),
    ("revisions.0", -1),
    ("revision", 2),
    ("sequence", 0),
    ("sequence", None),
    ("previous", "abc"),
    ("previous", MISSING),
    ("fence", -1),
    ("fence", MISSING),
    ("asOf", "yesterday"),
    ("asOf", "2027-01-12T10:00:00"),
    ("asOf", "0001-01-01T00:00:00+14:00"),
    ("asOf", "9999-12-31T23:59:59-14:00"),
    ("complete", "yes"),
    ("complete", MISSING),
    ("rows", MISSING),
    ("rows", {}),
    ("rows.0", 1),
    ("rows.0.proposal", "é\x00"),
    ("rows.0.proposal", "a" * 201),
    ("rows.0.source", ""),
    ("rows.0.votes", MISSING),
    ("rows.0.votes", []),
    ("rows.0.votes.agree", MISSING),
    ("rows.0.votes.agree.count", -1),
    ("rows.0.votes.agree.count", 3.0),
    ("rows.0.votes.agree.count", True),
    ("rows.0.votes.agree.count", votes.LARGEST + 1),
    ("rows.0.votes.neutral.countVerified", "0"),
    ("rows.0.votes.neutral.qualifications", MISSING),
    ("rows.0.votes.disagree.qualifications.noWay", MISSING),
    ("rows.0.votes.disagree.qualifications.noWay.countSequence", None),
    ("totals", None),
    ("totals.agree", MISSING),
    ("totals.agree.count", "3"),
    ("checksum", MISSING),
    ("checksum", "abc"),
]


@pytest.mark.parametrize(("path", "value"), FIELDS, ids=lambda value: repr(value)[:30])
def test_a_field_that_is_wrong_is_named(
    client: FlaskClient, made: dict[str, Any], path: str, value: object
) -> None:
    answer = post(client, body_of(altered(made, path, value)))
    assert (answer.status_code, answer.json["code"]) == (422, "document-invalid")
    assert answer.mimetype == "application/problem+json"
    assert answer.json["field"] == path
    assert {"field", "message"} == set(answer.json["errors"][0])
    assert "Rien n’a encore été reçu" in client.get("/").text


def test_a_part_is_never_greater_than_its_whole(client: FlaskClient, made: dict[str, Any]) -> None:
    answer = post(client, body_of(altered(made, "rows.0.votes.agree.countSequence", 4)))
    assert answer.json["field"] == "rows.0.votes.agree"


def test_two_rows_for_one_proposal_and_source_are_refused(
    client: FlaskClient, made: dict[str, Any]
) -> None:
    answer = post(client, body_of({**made, "rows": made["rows"] * 2}))
    assert (answer.status_code, answer.json["field"]) == (422, "rows")


def test_fields_of_a_later_version_are_let_be(client: FlaskClient, made: dict[str, Any]) -> None:
    made["colour"] = "blue"
    made["totals"]["countSegment"] = {}
    assert post(client, body_of(made)).status_code == 200


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[NaN]", b'{"epoch":Infinity}', b"[" * 100_000, b'{"a":' + b"9" * 5000]
)
def test_what_is_no_json_is_refused(client: FlaskClient, body: bytes) -> None:
    answer = post(client, body)
    assert (answer.status_code, answer.json["code"]) == (400, "json-malformed")


@pytest.mark.parametrize("body", [b"[]", b"null", b"7", b'"text"'])
def test_json_that_is_no_object_is_refused(client: FlaskClient, body: bytes) -> None:
    answer = post(client, body)
    assert (answer.status_code, answer.json["code"]) == (422, "document-invalid")
    assert answer.json["field"] == "body"


PACKED = gzip.compress(b"{}")


@pytest.mark.parametrize(
    "body", [b"plain", PACKED[:-4], b"", PACKED + PACKED, PACKED + b"more"], ids=len
)
def test_what_claims_to_be_gzip_must_be(client: FlaskClient, body: bytes) -> None:
    """One text, whole, and nothing behind it."""
    answer = post(client, body, content_encoding="gzip")
    assert (answer.status_code, answer.json["code"]) == (400, "encoding-malformed")


def test_a_small_body_that_unpacks_to_a_huge_one_is_refused(client: FlaskClient) -> None:
    answer = post(client, bomb(), content_encoding="gzip")
    assert (answer.status_code, answer.json["code"]) == (413, "body-too-large")


@pytest.mark.parametrize("secrets", [(), (signing.new_secret(),)], ids=["none", "another"])
def test_nothing_is_unpacked_for_those_who_share_no_secret(
    client: FlaskClient, secrets: tuple[str, ...]
) -> None:
    """A small body that hides a huge one costs the receiver no more than its own size."""
    packed = bomb()
    tracemalloc.start()
    answer = post(client, packed, secrets, content_encoding="gzip")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (answer.status_code, answer.json["code"]) == (401, "signature-invalid")
    assert peak < requests.BODY_LIMIT / 10


def bomb() -> bytes:
    """Return a body of some 130 kB that unpacks to more than the limit."""
    packing = zlib.compressobj(9, wbits=requests.GZIP)
    million, times = b" " * 1_000_000, requests.BODY_LIMIT // 1_000_000 + 1
    return b"".join([*(packing.compress(million) for _ in range(times)), packing.flush()])


def test_a_body_that_no_signature_could_fit_is_not_even_read(client: FlaskClient) -> None:
    """Without the headers, or with ones of yesterday: how it ends is never looked at."""
    yesterday = signing.sign((SECRET,), b"", datetime.now(UTC) - timedelta(days=1))
    for headers in ({}, yesterday):
        answer = post_cut(client, headers)
        assert (answer.status_code, answer.json["code"]) == (401, "signature-invalid")


def test_a_request_that_breaks_off_is_a_problem_too(client: FlaskClient) -> None:
    answer = post_cut(client, signing.sign((SECRET,), b"", datetime.now(UTC)))
    assert (answer.status_code, answer.json["code"]) == (400, "request-malformed")
    assert answer.mimetype == "application/problem+json"


def post_cut(client: FlaskClient, headers: dict[str, str]) -> TestResponse:
    """Post as when the sender's line is cut: shorter than the headers say."""
    cut = {"CONTENT_LENGTH": "100"}
    sent = {"content-type": "application/json", **headers}
    return client.post(TALLIES, data=b"{", headers=sent, environ_overrides=cut)


def test_a_body_over_the_limit_is_refused(client: FlaskClient) -> None:
    answer = post(client, b" " * (requests.SENT_LIMIT + 1))
    assert (answer.status_code, answer.json["code"]) == (413, "body-too-large")


@pytest.mark.parametrize("headers", [{"content_type": "text/plain"}, {"content_encoding": "br"}])
def test_other_types_and_encodings_are_refused(
    client: FlaskClient, made: dict[str, Any], headers: dict[str, str]
) -> None:
    answer = post(client, body_of(made), **headers)
    assert (answer.status_code, answer.json["code"]) == (415, "content-type-refused")
    assert answer.json["field"] == next(iter(headers)).replace("_", "-")


def test_nothing_is_told_or_taken_without_a_signature(
    client: FlaskClient, made: dict[str, Any]
) -> None:
    unsigned = client.post(TALLIES, json=made)
    assert (unsigned.status_code, unsigned.json["code"]) == (401, "signature-invalid")
    asked = client.get(f"{TALLIES}/essai/reinventer-le-travail")
    assert (asked.status_code, asked.json["code"]) == (401, "signature-invalid")


def test_a_signed_question_answers_no_other(client: FlaskClient) -> None:
    """What is signed is what is asked: the deployment, the consultation, with or without rows."""
    headers = signing.sign((SECRET,), signing.asked("essai", "question"), datetime.now(UTC))
    assert client.get(f"{TALLIES}/essai/question", headers=headers).status_code == 200
    for other in ("essai/autre", "autre/question", "essai/question?rows=no"):
        answer = client.get(f"{TALLIES}/{other}", headers=headers)
        assert (answer.status_code, answer.json["code"]) == (401, "signature-invalid")


def test_unknown_addresses_and_methods_are_problems_too(client: FlaskClient) -> None:
    assert client.get("/nowhere").json["code"] == "not-found"
    answer = client.delete(TALLIES)
    assert answer.json["code"] == "method-not-allowed"
    assert "POST" in answer.headers["Allow"]


def test_a_database_that_is_away_is_a_503_that_can_be_sent_again(
    receiver: Flask, client: FlaskClient, made: dict[str, Any], tmp_path: Any
) -> None:
    """The sender treats it as no answer: it asks, then sends again."""
    for path in tmp_path.glob("receiver.sqlite*"):
        path.unlink()
    answer = post(client, body_of(made))
    assert (answer.status_code, answer.json["code"]) == (503, "database-unavailable")
    assert answer.headers["Retry-After"]
