"""Readers are served the decks that the teller has dealt."""

import pytest
from flask import Flask

from server.consultations.consultation import Consultation
from server.store import keys
from server.store.store import Store
from server.web.directory import Directory
from server.web.service import NAME
from tests.web.conftest import API, Reader

DECKS = [[7, 3, 9, 2, 24, 8], [7, 11, 12]]


def served(reader: Reader, credential: str) -> list[int]:
    bearer = {"Authorization": f"Bearer {credential}"}
    deck = reader.client.get(f"{API}/deck?source=rmc", headers=bearer).get_json()
    return [one["id"] for one in deck["proposals"]]


def test_the_first_cards_come_from_a_deck_of_the_tellers(
    store: Store, opened: Consultation, reader: Reader
) -> None:
    store.published.publish_decks(opened, DECKS[:1])
    first = [one["id"] for one in reader.ticket()["proposals"]]
    assert len(first) == 4
    assert set(first) <= set(DECKS[0])


def test_who_has_voted_gets_the_decks_one_after_the_other_without_what_they_know(
    store: Store, opened: Consultation, reader: Reader
) -> None:
    store.published.publish_decks(opened, DECKS)
    credential = reader.credential()
    for proposal in (7, 24):
        reader.cast(proposal, credential=credential)
    found = served(reader, credential)
    assert {3, 9, 2, 8, 11, 12} <= set(found)
    assert len(found) == len(set(found)) == 12, "what was not dealt follows"
    assert not {7, 24} & set(found)
    assert served(reader, credential) == found, "and it is the same until they vote"


def test_without_decks_readers_are_served_all_the_same(
    store: Store, opened: Consultation, reader: Reader
) -> None:
    credential = reader.credential()
    reader.cast(7, credential=credential)
    assert len(served(reader, credential)) == 12


def test_a_deck_that_names_what_is_not_there_does_no_harm(
    store: Store, opened: Consultation, reader: Reader
) -> None:
    store.published.publish_decks(opened, [[900, 901, 5]])
    found = [one["id"] for one in reader.ticket()["proposals"]]
    assert 5 in found
    assert len(found) == 4


def test_nobody_draws_by_voting_and_withdrawing(
    store: Store, opened: Consultation, reader: Reader
) -> None:
    """A vote that is taken back brings no other deck: nobody fishes for what they mean to vote on."""
    store.published.publish_decks(opened, [[n] for n in range(1, 25)])
    credential = reader.credential()
    met = []
    for proposal in (1, 2, 3):
        reader.cast(proposal, credential=credential)
        met.append(set(served(reader, credential)) | {1, 2, 3})
        reader.withdraw(proposal, credential=credential)
    assert len(set.union(*met)) <= 12 + 3


def test_nobody_outside_can_tell_which_card_comes_first(
    store: Store, opened: Consultation, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the same consultation at the same instant only the key differs; each process has it."""
    monkeypatch.setattr("server.web.dealer.time.time", lambda: 1_700_000_000.0)

    def dealt() -> list[int]:
        directory, dealer = Directory(store), app.extensions[NAME].dealer
        snapshot = directory.find(opened.slug)
        deck = dealer.shared(snapshot, snapshot.consultation.sources[0])
        return [one.id for one in deck["proposals"]]

    assert dealt() == dealt()
    decks = set()
    for number in range(8):
        store.redis.set(keys.voter_key(opened.id), f"{number:064x}")
        decks.add(tuple(dealt()))
    assert len(decks) > 1
