"""What is proposed against the rules is refused with its field, and nothing of it is kept."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from server.consultations.ages import CHOICES
from server.consultations.consultation import Consultation
from server.store.store import Store
from server.web.service import NAME
from tests.web.conftest import OWN, TEXT, Reader, code
from tests.web.proposing import PATH, own


@pytest.mark.parametrize(
    ("body", "expected", "field"),
    [
        ({"text": ...}, (422, "body-invalid"), "text"),
        ({"text": None}, (422, "body-invalid"), "text"),
        ({"text": 7}, (422, "body-invalid"), "text"),
        ({"text": "x" * 1001}, (422, "body-invalid"), "text"),
        ({"number": ...}, (422, "body-invalid"), "number"),
        ({"number": "7"}, (422, "body-invalid"), "number"),
        ({"number": -1}, (422, "body-invalid"), "number"),
        ({"number": 2**53}, (422, "body-invalid"), "number"),
        ({"age": 31}, (422, "body-invalid"), "age"),
        ({"age": "x" * 11}, (422, "body-invalid"), "age"),
        ({"age": "31"}, (422, "wording-refused"), "age"),
        ({"age": True}, (422, "body-invalid"), "age"),
        ({"name": 7}, (422, "body-invalid"), "name"),
        ({"name": ["Zoé"]}, (422, "body-invalid"), "name"),
        ({"state": "accepted"}, (422, "body-invalid"), "state"),
        ({"id": 1}, (422, "body-invalid"), "id"),
        ({"author": "nora"}, (422, "body-invalid"), "author"),
        ({"text": "Il faut <b>oser</b>"}, (422, "wording-refused"), "text"),
        ({"text": "Oser enfin quelque chose"}, (422, "wording-refused"), "text"),
        ({"name": "R2D2"}, (422, "wording-refused"), "name"),
        ({"credential": ...}, (401, "credential-missing"), "credential"),
        ({"credential": "forged"}, (401, "credential-invalid"), "credential"),
        ({"ticket": "forged"}, (403, "ticket-invalid"), "ticket"),
    ],
)
def test_each_refusal_names_its_field_and_keeps_nothing(
    author: Any,
    store: Store,
    proposing: Consultation,
    body: dict[str, Any],
    expected: tuple[int, str],
    field: str,
) -> None:
    answer = author(**body)
    assert code(answer) == expected
    assert answer.get_json()["field"] == field
    assert store.proposing.waiting(proposing) == ()


def test_a_refused_wording_says_why_to_a_program_too(author: Any) -> None:
    told = author(text="Il faut lire www.exemple.test", name="R2D2").get_json()
    assert told["reason"] == "link"
    assert told["detail"] == (
        "text must not hold a link or an address. "
        "name must be a first name: letters, hyphens, apostrophes, single spaces."
    )
    assert [(e["field"], e["code"]) for e in told["errors"]] == [
        ("text", "link"), ("name", "odd-characters"),
    ]  # fmt: skip


def test_where_readers_do_not_propose_none_is_taken(
    author: Any, app: Flask, store: Store, proposing: Consultation
) -> None:
    store.consultations.replace(replace(proposing, proposing=False))
    app.extensions[NAME].directory.forget()
    assert code(author()) == (403, "proposals-not-taken")


def test_only_while_open_and_only_through_a_source_that_is_not_blocked(
    author: Any, app: Flask, store: Store, proposing: Consultation
) -> None:
    now, directory = datetime.now(UTC), app.extensions[NAME].directory
    blocked = tuple(replace(s, blocked=s.name == "rmc") for s in proposing.sources)
    for changed, expected in (
        (replace(proposing, opens=now + timedelta(hours=1)), (409, "consultation-not-open")),
        (replace(proposing, closes=now), (409, "consultation-closed")),
        (replace(proposing, sources=blocked), (403, "source-blocked")),
    ):
        store.consultations.replace(changed)
        directory.forget()
        assert code(author()) == expected


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "http://rmc.localhost:8100"}, {**OWN, "Sec-Fetch-Site": "cross-site"}],
)
def test_the_publishers_page_cannot_propose(
    author: Any, programme: Reader, headers: dict[str, str]
) -> None:
    ticket = programme.ticket()["ticket"]
    body = {"credential": author.credential, "ticket": ticket, "text": TEXT, "number": 1}
    answer = programme.client.post(PATH, json=body, headers=headers)
    assert code(answer) == (403, "origin-refused")
    get = programme.client.get(f"{PATH}?text={TEXT}&number=1", headers=OWN)
    assert code(get) == (405, "method-not-allowed")


def test_who_proposes_more_than_people_do_is_told_when_to_come_back(author: Any) -> None:
    for n in range(5):
        assert author(text=f"Il faut essayer la voie {n}").status_code == 201
    refused = author(text="Il faut essayer encore une voie")
    assert code(refused) == (429, "slow-down")
    assert 4 * 3600 < int(refused.headers["Retry-After"]) <= 4.8 * 3600


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
anything = st.recursive(scalars, lambda v: st.lists(v, max_size=2) | st.dictionaries(st.text(), v))
texts = st.text(max_size=160).map("Il faut {}".format)
wishes = st.fixed_dictionaries(
    {"text": texts | anything, "number": st.integers(0, 2**53 - 1) | anything},
    optional={"name": st.text(max_size=50) | anything, "age": st.sampled_from(CHOICES) | anything},
)


@pytest.mark.one_server  # what odd input does has nothing to do with who keeps it
@given(wishes)
@examples(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_sent_it_is_kept_well_or_refused_with_its_field(
    programme: Reader, proposing: Consultation, wish: dict[str, Any]
) -> None:
    credential = programme.credential()
    sent = json.dumps({**wish, "credential": credential}).encode()
    headers = {**OWN, "Content-Type": "application/json"}
    answer = programme.client.post(PATH, data=sent, headers=headers)
    found = answer.get_json()
    if answer.status_code == 201:
        assert found["text"].startswith("Il faut")
        assert 12 <= len(found["text"]) <= 140
        assert own(programme, credential) == [
            {key: found[key] for key in ("id", "text", "state", "reason", "into", "down", "votes")}
        ]
    else:
        assert (answer.status_code, found["code"]) in {
            (400, "json-malformed"), (422, "body-invalid"), (422, "wording-refused"),
        }  # fmt: skip
        assert found["field"].split(".")[0] in {"body", "text", "number", "name", "age"}
        assert own(programme, credential) == []


def test_through_a_blocked_title_nothing_is_proposed_and_no_ad_frames_a_reader_s_own_pages(
    programme: Reader, proposing: Consultation, app: Flask, store: Store
) -> None:
    sources = tuple(replace(s, blocked=s.name == "rmc") for s in proposing.sources)
    store.consultations.replace(replace(proposing, sources=sources))
    app.extensions[NAME].directory.forget()
    page = f"/e/{proposing.slug}"
    fields = {"source": "rmc", "text": TEXT}
    sent = programme.client.post(f"{page}/propose", data=fields, headers=OWN)
    assert sent.status_code == 403
    assert store.proposing.waiting(proposing) == ()
    policy = programme.client.get(f"{page}/menu?source=rmc").headers["Content-Security-Policy"]
    assert "frame-ancestors *" not in policy
    assert "<form" not in programme.client.get(f"{page}/propose?source=rmc").text


@pytest.mark.parametrize("age", ["9" * 5000, "quarante", "31", "25-35"])
def test_by_form_an_age_is_one_of_the_bands(
    age: str, programme: Reader, proposing: Consultation, store: Store
) -> None:
    fields = {"source": "rmc", "text": TEXT, "age": age}
    sent = programme.client.post(f"/e/{proposing.slug}/propose", data=fields, headers=OWN)
    assert "Choisissez une tranche d’âge, ou rien." in sent.text
    assert sent.text.count('id="f-age" data-code="age">') == 1
    assert store.proposing.waiting(proposing) == ()


def test_one_token_has_one_spelling(author: Callable[..., TestResponse]) -> None:
    """The signature is decoded leniently: each other spelling would be remembered anew."""
    credential = author.credential  # type: ignore[attr-defined]
    for other in (f"{credential}!", f"{credential}\u00e9", "a" * 1025):
        assert code(author(credential=other))[0] in {401, 422}
