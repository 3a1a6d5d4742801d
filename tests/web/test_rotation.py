"""Signing keys follow one another, and no reader becomes a stranger by it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from server.app import create_app
from server.consultations.consultation import Consultation
from server.settings import Settings
from server.store.store import Store
from server.web.service import NAME
from tests.conftest import SECRET
from tests.web.conftest import Reader, ballots_in, code

NEW = "another key of thirty-two characters or more, drawn later"


@pytest.fixture
def rotated(app: Flask, opened: Consultation, settings: Settings) -> Iterator[Reader]:
    """A reader of the same service, restarted with a second key that signs from now on."""
    later = create_app(replace(settings, secret_keys=(SECRET, NEW)))
    yield Reader(later.test_client(use_cookies=False))
    later.extensions[NAME].store.close()


def test_who_voted_before_is_the_same_voter_after(
    programme: Reader, rotated: Reader, store: Store, opened: Consultation
) -> None:
    credential = programme.credential()
    deck = programme.cast(1, credential=credential).get_json()["deck"]
    known = {"credential": credential, "ticket": deck["ticket"]}
    changed = rotated.cast(1, "disagree", **known)
    assert changed.status_code == 200
    assert ballots_in(store, opened) == 1


def test_the_ticket_of_a_frame_in_a_cache_is_worth_what_it_was(
    programme: Reader, rotated: Reader, store: Store, opened: Consultation
) -> None:
    deck = programme.ticket()
    first = deck["proposals"][0]["id"]
    answer = rotated.cast(first, credential=rotated.credential(), ticket=deck["ticket"])
    assert answer.status_code == 200
    (counted,) = store.recount.run(opened)[first].values()
    assert [(n, bits >> 5) for bits, n in counted.items()] == [(1, 2)]


def test_a_vote_after_the_rotation_brings_the_same_credential_signed_by_the_new_key(
    programme: Reader, rotated: Reader, settings: Settings, store: Store, opened: Consultation
) -> None:
    """So the old key can be taken away."""
    credential = programme.credential()
    programme.cast(1, credential=credential)
    renewed = rotated.cast(2, credential=credential).get_json()["credential"]
    assert renewed != credential
    assert rotated.cast(3, credential=renewed).get_json()["credential"] == renewed
    alone = create_app(replace(settings, secret_keys=(NEW,)))
    reader = Reader(alone.test_client(use_cookies=False))
    assert reader.cast(1, "disagree", credential=renewed).status_code == 200
    assert code(reader.cast(1, credential=credential)) == (401, "credential-invalid")
    assert ballots_in(store, opened) == 3
    alone.extensions[NAME].store.close()


def test_a_key_that_is_put_first_is_read_before_anything_is_signed_by_it(
    rotated: Reader, settings: Settings, opened: Consultation
) -> None:
    """The first step of a rotation, while other processes are at the second."""
    earlier = create_app(replace(settings, secret_keys=(NEW, SECRET)))
    reader = Reader(earlier.test_client(use_cookies=False))
    assert reader.cast(1, credential=rotated.credential()).status_code == 200
    earlier.extensions[NAME].store.close()
