"""What a consultation came to: told to all once the rule allows, and not before."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask

from server.consultations.ballots import Ballot, Trust, Vote
from server.consultations.consultation import (
    Consultation,
    Proposal,
    ProposalState,
    ResultsRule,
)
from server.store.ballots import Wish
from server.store.store import Store
from server.web import outcomes
from server.web.service import NAME
from tests.store.casting import RMC, cast, publish
from tests.web.conftest import API, Reader, code

OUTCOME = f"{API}/outcome"


def voted(store: Store, opened: Consultation) -> None:
    """25 voters: all agree to the third, 20 to the second, 10 to the first, none to the fourth."""
    for n in range(25):
        for proposal, agree in ((1, n < 10), (2, n < 20), (3, True), (4, False)):
            vote = Vote.AGREE if agree else Vote.DISAGREE
            cast(store, opened, f"voter{n}", proposal, vote, box=opened.box_of(n))
    publish(store, opened)


def closed(app: Flask, store: Store, opened: Consultation, **fields: object) -> None:
    store.consultations.replace(replace(opened, **({"closes": datetime.now(UTC)} | fields)))  # type: ignore[arg-type]
    app.extensions[NAME].directory.forget()


def test_after_the_close_everybody_sees_the_best_supported_in_their_order(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    voted(store, opened)
    closed(app, store, opened)
    answer = reader.client.get(OUTCOME)
    assert answer.headers["Cache-Control"] == "public, max-age=5, s-maxage=5"
    found = answer.get_json()
    assert (found["participants"], found["revision"]) == (25, 100)
    assert [one["proposal"]["id"] for one in found["proposals"]] == [3, 2, 1]
    first = found["proposals"][0]
    assert (first["score"], first["confidence"]) == (
        pytest.approx((25.33 - 2 * 0.01) / 26, abs=1e-4), pytest.approx(0.2546, abs=1e-4)
    )  # fmt: skip
    second = found["proposals"][1]
    assert second["proposal"]["text"] == "Il faut essayer la mesure numéro 2"
    assert second["results"]["votes"]["agree"]["share"] == 80
    assert second["results"]["early"] is False


@pytest.mark.parametrize("rule", [ResultsRule.AFTER_VOTE, ResultsRule.AT_CLOSE])
def test_before_the_close_nobody_sees_it_not_even_who_voted(
    app: Flask, reader: Reader, store: Store, opened: Consultation, rule: ResultsRule
) -> None:
    closed(app, store, opened, closes=opened.closes, results=rule)
    credential = reader.credential()
    reader.cast(1, credential=credential)
    bearer = {"Authorization": f"Bearer {credential}"}
    assert code(reader.client.get(OUTCOME, headers=bearer)) == (403, "results-not-yet")


def test_where_results_are_always_shown_the_outcome_is_too(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    voted(store, opened)
    closed(app, store, opened, closes=opened.closes, results=ResultsRule.ALWAYS)
    assert len(reader.client.get(OUTCOME).get_json()["proposals"]) == 3


def test_of_few_votes_plain_numbers_are_shown(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    reader.cast(1, credential=reader.credential())
    publish(store, opened)
    closed(app, store, opened)
    (only,) = reader.client.get(OUTCOME).get_json()["proposals"]
    assert only["results"]["early"] is True
    assert only["results"]["votes"]["agree"] | {"qualifications": None} == {
        "count": 1, "share": None, "qualifications": None,
    }  # fmt: skip


def test_without_a_vote_the_list_is_empty(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    closed(app, store, opened)
    found = reader.client.get(OUTCOME).get_json()
    assert (found["participants"], found["proposals"]) == (0, [])


def test_our_own_pages_get_the_same_list_as_soon_as_it_is_published(
    app: Flask, store: Store, opened: Consultation
) -> None:
    directory = app.extensions[NAME].directory
    assert outcomes.best_supported(directory.find(opened.slug)) == ()
    voted(store, opened)
    directory.forget()
    best = outcomes.best_supported(directory.find(opened.slug))
    assert [(one.proposal.id, one.counts.total) for one in best] == [(3, 25), (2, 25), (1, 25)]


def test_who_came_by_a_link_lifts_nothing_in_the_list(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    voted(store, opened)
    for n in range(60):
        wish = Wish(1, Ballot(Vote.AGREE), Trust.TRUSTED, RMC, braked=False)
        store.ballots.cast(opened, opened.box_of(n), f"sent{n}", wish)
    publish(store, opened)
    closed(app, store, opened)
    found = reader.client.get(OUTCOME).get_json()["proposals"]
    assert [one["proposal"]["id"] for one in found] == [3, 2, 1]
    first = found[2]["results"]
    assert (first["total"], first["votes"]["agree"]["share"]) == (25, 40), "of those asked"
    link = first["byLink"]
    assert (link["total"], link["votes"]["agree"]["share"]) == (60, 100)


def test_what_is_no_longer_shown_is_not_among_them(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    voted(store, opened)
    gone = Proposal(3, "Il faut injurier le maire", "fr", state=ProposalState.REFUSED)
    store.consultations.add_proposals(opened, [gone])
    closed(app, store, opened)
    found = reader.client.get(OUTCOME).get_json()["proposals"]
    assert [one["proposal"]["id"] for one in found] == [2, 1]
