"""What anybody may read, what only a voter may read, and what the API says of itself."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.consultations.consultation import Consultation, ResultsRule
from server.consultations.errors import StoreUnavailable
from server.consultations.phases import Phase
from server.store.connection import primaries
from server.store.store import Store
from server.teller.counting import Counting
from server.web.service import NAME
from tests.conftest import consultation, proposals
from tests.web.conftest import API, Reader, code


def test_rehearsals_are_not_listed(reader: Reader, store: Store) -> None:
    store.consultations.create(consultation("essai", rehearsal=True), proposals())
    listed = reader.client.get("/api/v1/consultations").get_json()
    assert [c["slug"] for c in listed] == ["reinventer-le-travail"]


def test_a_returning_reader_gets_a_deck_without_what_they_voted_on(reader: Reader) -> None:
    credential = reader.credential()
    for proposal in range(1, 21):
        reader.cast(proposal, ticket=reader.ticket()["ticket"], credential=credential)
    bearer = {"Authorization": f"Bearer {credential}"}
    answer = reader.client.get(f"{API}/deck?source=rmc", headers=bearer)
    assert answer.headers["Cache-Control"] == "private, no-store"
    deck = answer.get_json()
    assert {p["id"] for p in deck["proposals"]} == {21, 22, 23, 24}
    assert deck["progress"] == {"voted": 20, "of": 24}


def test_results_are_shown_only_of_what_the_reader_voted_on(reader: Reader) -> None:
    assert code(reader.client.get(f"{API}/results?source=rmc")) == (403, "results-not-yet")
    credential = reader.credential()
    reader.cast(7, credential=credential)
    bearer = {"Authorization": f"Bearer {credential}"}
    answer = reader.client.get(f"{API}/results?source=rmc", headers=bearer)
    assert [p["proposal"] for p in answer.get_json()["proposals"]] == [7]


def test_hidden_results_stay_hidden_in_every_answer(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    store.consultations.replace(replace(opened, results=ResultsRule.AT_CLOSE))
    app.extensions[NAME].directory.forget()
    answer = reader.cast(7, credential=reader.credential())
    assert answer.get_json()["results"] is None
    assert code(reader.client.get(f"{API}/results?source=rmc")) == (403, "results-not-yet")


def test_the_tellers_count_reaches_the_reader(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    store.consultations.replace(replace(opened, results=ResultsRule.ALWAYS))
    reader.cast(7, "neutral", credential=reader.credential())
    assert Counting(store).count(opened) is True
    app.extensions[NAME].directory.forget()
    answer = reader.client.get(f"{API}/results").get_json()
    seventh = next(p for p in answer["proposals"] if p["proposal"] == 7)
    assert (answer["revision"], seventh["votes"]["neutral"]["count"]) == (1, 1)


def test_the_teller_counts_only_when_something_changed(
    reader: Reader, store: Store, opened: Consultation
) -> None:
    counting = Counting(store)
    assert [counting.count(opened), counting.count(opened)] == [True, False]
    reader.cast(7, credential=reader.credential())
    assert [counting.count(opened), counting.count(opened)] == [True, False]


def test_openapi_describes_every_route_it_names(app: Flask, reader: Reader) -> None:
    document = reader.client.get("/api/v1/openapi.json").get_json()
    assert document["openapi"] == "3.1.0"
    routes = {
        (rule.rule.replace("<int:", "<").replace("<", "{").replace(">", "}"), method.lower())
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
    }
    named = {(path, method) for path, item in document["paths"].items() for method in item}
    assert named <= routes
    assert "BallotRequest" in document["components"]["schemas"]


def test_ready_says_how_durable_votes_are(reader: Reader) -> None:
    answer: FlaskClient = reader.client
    assert answer.get("/health/ready").get_json() == {"status": "ok", "durability": "fsync"}


def test_a_sandboxed_frames_preflight_is_allowed_without_credentials(reader: Reader) -> None:
    asked = {
        "Origin": "null",
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "content-type",
    }
    answer = reader.client.options(f"{API}/proposals/1/ballot", headers=asked)
    assert answer.headers["Access-Control-Allow-Origin"] == "null"
    assert "PUT" in answer.headers["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Credentials" not in answer.headers
    asked["Origin"] = "http://rmc.localhost:8100"
    other = reader.client.options(f"{API}/proposals/1/ballot", headers=asked)
    assert "Access-Control-Allow-Origin" not in other.headers


def test_a_sandboxed_frame_on_any_page_gets_no_media_titles_ticket(
    app: Flask, store: Store, opened: Consultation
) -> None:
    """Any page can plant one; what binds a vote to a title is a frame shown in its pages."""
    reader = Reader(app.test_client(use_cookies=False), headers={"Origin": "null"})
    credential = reader.credential()
    bearer = {"Authorization": f"Bearer {credential}", "Origin": "null"}
    deck = reader.client.get(f"{API}/deck?source=rmc", headers=bearer).get_json()
    first = deck["proposals"][0]["id"]
    answer = reader.cast(first, ticket=deck["ticket"], credential=credential)
    assert answer.status_code == 200
    assert list(store.tallies.histograms(opened, [first])[first]) == [1]


def test_nobody_draws_decks_until_the_proposal_in_mind_comes_up(reader: Reader) -> None:
    """Whoever has not voted is dealt the shared deck; then the same deck until they vote."""
    shared = {p["id"] for p in reader.ticket()["proposals"]}
    credential = reader.credential()
    bearer = {"Authorization": f"Bearer {credential}"}

    def mine() -> list[int]:
        path = f"{API}/deck?source=rmc"
        deck = reader.client.get(path, headers=bearer).get_json()
        return [p["id"] for p in deck["proposals"]]

    assert len(mine()) == len(shared) == 4
    reader.headers = {"Origin": "null"}  # keeps no cookie: the bearer is who counts
    reader.cast(1, credential=credential)
    assert len(mine()) == 12
    assert mine() == mine()


def test_caches_keep_a_sandboxed_frames_copy_apart(reader: Reader) -> None:
    answer = reader.client.get(f"{API}/deck?source=rmc")
    assert {"cookie", "authorization", "origin"} <= {v.lower() for v in answer.vary}


def test_a_failed_publication_is_made_up_for(
    reader: Reader, store: Store, opened: Consultation
) -> None:
    """The store is full when the teller publishes; the next turn must not think all was said."""
    counting = Counting(store)
    reader.cast(7, credential=reader.credential())
    for node in primaries(store.redis):
        node.config_set("maxmemory", 1)
    try:
        with pytest.raises(StoreUnavailable):
            counting.count(opened)
    finally:
        for node in primaries(store.redis):
            node.config_set("maxmemory", 0)
    assert counting.count(opened) is True
    published = store.published.glance(opened).published
    assert published is not None
    assert published.of(7).total == 1


def test_a_consultation_says_its_phase_and_until_when_readers_propose(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    def told() -> tuple[str, str | None]:
        app.extensions[NAME].directory.forget()
        found = reader.client.get(API).get_json()
        return found["phase"], found["proposalsUntil"]

    assert told() == ("open", None)
    until = opened.opens
    store.consultations.replace(replace(opened, proposals_until=until))
    assert told() == ("vote-only", until.isoformat())
    over = replace(opened, closes=datetime.now(UTC))
    store.consultations.replace(over.reaching(Phase.WORKSHOPS, over.closes))
    assert told() == ("workshops", None)
