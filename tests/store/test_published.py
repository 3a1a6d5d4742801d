"""Results that cannot be read count as none: a page without numbers is better than no page."""

import json

import pytest
from flask import Flask

from server.consultations.consultation import Consultation
from server.consultations.results import Counts
from server.store import keys
from server.store.published import Published
from server.store.store import Store
from server.teller.counting import Counting
from tests.store.casting import cast

GOOD = {"asOf": 1, "revisions": [1], "voters": 1, "counts": {"1": "7 7" + " 0" * 11}}
UNREADABLE = {
    "no JSON": "votes",
    "a list": "[]",
    "a field less": json.dumps({"asOf": 1}),
    "numbers as lists": json.dumps({**GOOD, "counts": {"1": [1] * 12}}),
    "a number less": json.dumps({**GOOD, "counts": {"1": "7 7" + " 0" * 10}}),
    "no number": json.dumps({**GOOD, "counts": {"1": "one" + " 0" * 12}}),
    "no proposal": json.dumps({**GOOD, "counts": {"one": "7 7" + " 0" * 11}}),
    "counts in a list": json.dumps({**GOOD, "counts": []}),
    "no revisions": json.dumps({**GOOD, "revisions": None}),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_cannot_be_read_counts_as_not_published(
    store: Store, opened: Consultation, kind: str
) -> None:
    store.redis.set(keys.results(opened.id), json.dumps(GOOD))
    published = store.published.glance(opened).published
    assert published
    assert published.of(1).total == 7
    store.redis.set(keys.results(opened.id), UNREADABLE[kind])
    assert store.published.glance(opened).published is None


@pytest.mark.parametrize("text", ["decks", "{}", "[1]", '[["one"]]', "null", '{"top": [[1, 2]]}'])
def test_decks_and_lists_that_cannot_be_read_are_none(
    store: Store, opened: Consultation, text: str
) -> None:
    store.redis.set(keys.decks(opened.id), text)
    store.redis.set(keys.lists(opened.id), text)
    found = store.published.glance(opened)
    assert not found.decks
    assert not found.lists


def test_asked_votes_are_published_where_links_brought_more(
    store: Store, opened: Consultation
) -> None:
    asked, came = (12, *[0] * 11), (40, 2, *[0] * 10)
    counts = {1: Counts(came, asked), 2: Counts(asked, asked)}
    store.published.publish(opened, Published(1, (1,), 40, counts))
    published = store.published.glance(opened).published
    assert published
    assert (published.of(1), published.of(2)) == (counts[1], counts[2])
    assert [published.of(n).led_by_links for n in (1, 2, 3)] == [True, False, False]


def test_readers_get_their_pages_and_the_teller_puts_the_results_right(
    app: Flask, store: Store, opened: Consultation
) -> None:
    cast(store, opened, "nora")
    store.redis.set(keys.results(opened.id), UNREADABLE["numbers as lists"])
    client, name = app.test_client(), opened.slug
    for path in (f"/c/{name}", f"/api/v1/consultations/{name}/deck"):
        assert client.get(path).status_code == 200, path
    Counting(store).turn()
    published = store.published.glance(opened).published
    assert published
    assert published.totals() == {5: 1}
