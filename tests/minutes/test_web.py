"""Anybody may download minutes, and the keys that verify them."""

import gzip
import tracemalloc
from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask

from server.app import create_app
from server.consultations.consultation import Consultation, ResultsRule
from server.consultations.minutes_files import faults, parse, signed_by
from server.keyring import KeyUnfit, PublicKey
from server.settings import Settings
from server.store.store import Store
from server.web.openapi import document
from server.web.problems import STATUS
from server.web.schemas.minutes import MinutesAnswer
from server.web.service import NAME
from tests.minutes.conftest import KEY, OTHER_KEY, closing, content, public
from tests.web.conftest import code

MINUTES = "/api/v1/consultations/reinventer-le-travail/minutes"
KEYS = "/.well-known/isoloir/keys.json"


def test_before_the_close_there_are_none(app: Flask, voted: Consultation) -> None:
    client = app.test_client()
    assert code(client.get(MINUTES)) == (404, "minutes-not-yet")
    unknown = client.get("/api/v1/consultations/jamais-vu/minutes")
    assert code(unknown) == (404, "consultation-unknown")


def test_what_is_downloaded_is_byte_for_byte_what_was_signed(
    app: Flask, store: Store, voted: Consultation, settings: Settings
) -> None:
    closing(store, settings).turn()
    answer = app.test_client().get(MINUTES)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.data == content(store, voted)
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=minutes-reinventer-le-travail-1.json"
    )
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert signed_by(parse(answer.data), public())


def test_it_travels_packed_to_those_who_can_unpack(
    app: Flask, store: Store, voted: Consultation, settings: Settings
) -> None:
    closing(store, settings).turn()
    answer = app.test_client().get(MINUTES, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data) == content(store, voted)
    assert len(answer.data) < len(content(store, voted)) / 2
    assert "accept-encoding" in {name.lower() for name in answer.vary}
    plain = app.test_client().get(MINUTES, headers={"Accept-Encoding": "gzip;q=0"})
    assert plain.data == content(store, voted)
    assert plain.headers["ETag"] != answer.headers["ETag"]


def test_large_minutes_are_never_whole_in_memory(
    app: Flask, store: Store, voted: Consultation
) -> None:
    """Anybody may ask for them, as often as they like, and unpacked."""
    size = 50_000_000
    store.minutes.append(voted, 1, bytes(size))
    client = app.test_client()
    tracemalloc.start()
    answer = client.get(MINUTES, headers={"Accept-Encoding": "identity"}, buffered=False)
    sent = sum(map(len, answer.iter_encoded()))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    answer.close()
    assert (sent, answer.content_length) == (size, size)
    assert peak < size / 10


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_whoever_has_it_already_is_told_so(
    app: Flask, store: Store, voted: Consultation, settings: Settings, encoding: str
) -> None:
    closing(store, settings).turn()
    client = app.test_client()
    asked = {"Accept-Encoding": encoding}
    known = {"If-None-Match": client.get(MINUTES, headers=asked).headers["ETag"]}
    again = client.get(MINUTES, headers=asked | known)
    head = client.head(MINUTES, headers=asked)
    assert (head.status_code, head.data) == (200, b"")
    assert (again.status_code, again.data) == (304, b"")


def test_every_version_stays_at_its_address(
    app: Flask, store: Store, voted: Consultation, settings: Settings
) -> None:
    closing(store, settings).turn()
    store.minutes.append(voted, 2, b'{"version":2}')
    client = app.test_client()
    assert client.get(MINUTES).get_json()["version"] == 2
    first = client.get(f"{MINUTES}?version=1")
    assert first.get_json()["version"] == 1
    assert "immutable" in first.headers["Cache-Control"]
    assert client.get(f"{MINUTES}?version=2").get_json()["version"] == 2


@pytest.mark.parametrize("version", ["0", "-1", "3", "9" * 400, "²", "٣", "x", "1 ", "", "1.0"])
def test_a_version_that_is_not_there_is_no_fault_of_ours(
    app: Flask, store: Store, voted: Consultation, settings: Settings, version: str
) -> None:
    closing(store, settings).turn()
    answer = app.test_client().get(MINUTES, query_string={"version": version})
    assert code(answer) == (404, "minutes-not-yet")


@pytest.mark.parametrize("rule", list(ResultsRule))
def test_after_the_close_everything_is_public_whatever_the_rule_was(
    app: Flask, store: Store, voted: Consultation, settings: Settings, rule: ResultsRule
) -> None:
    store.consultations.replace(replace(voted, results=rule))
    closing(store, settings).turn()
    assert app.test_client().get(MINUTES).status_code == 200


def test_the_service_publishes_its_keys_and_since_when_they_sign(
    app: Flask, store: Store, voted: Consultation, settings: Settings
) -> None:
    closing(store, settings).turn()
    answer = app.test_client().get(KEYS)
    (key,) = answer.get_json()["keys"]
    assert (key["id"], key["algorithm"]) == (public().id, "Ed25519")
    assert datetime.fromisoformat(key["since"]).tzinfo
    document = parse(app.test_client().get(MINUTES).data)
    assert signed_by(document, PublicKey.parse(key["publicKey"]))
    assert "whsk_" not in answer.text


def test_a_rotated_key_stays_published_and_nothing_private_is(
    store: Store, voted: Consultation, settings: Settings
) -> None:
    closing(store, settings).turn()
    rotated = replace(settings, signing_key=f"{KEY},{OTHER_KEY}")
    app = create_app(rotated)
    keys = app.test_client().get(KEYS).get_json()["keys"]
    app.extensions[NAME].store.close()
    assert [key["id"] for key in keys] == [public().id, public(OTHER_KEY).id]
    assert keys[1]["since"] is None, "it has signed nothing yet"


def test_web_runs_without_a_key_and_says_that_it_has_none(store: Store, settings: Settings) -> None:
    """The private key belongs to the teller alone; web may have the public one, or nothing."""
    app = create_app(replace(settings, signing_key=None))
    answer = app.test_client().get(KEYS).get_json()
    app.extensions[NAME].store.close()
    assert answer == {"keys": []}


def test_a_key_that_is_none_is_told_at_the_start(settings: Settings) -> None:
    with pytest.raises(KeyUnfit):
        create_app(replace(settings, signing_key="whsk_x"))


def test_the_api_describes_minutes_as_they_are(
    store: Store, voted: Consultation, settings: Settings
) -> None:
    closing(store, settings).turn()
    made = parse(content(store, voted))
    assert list(faults(made)) == []
    assert MinutesAnswer().validate(made) == {}
    assert set(MinutesAnswer().fields) == set(made)
    operation = document()["paths"]["/api/v1/consultations/{slug}/minutes"]["get"]
    assert {p["name"] for p in operation["parameters"]} == {"slug", "version"}
    assert "minutes-not-yet" in STATUS
