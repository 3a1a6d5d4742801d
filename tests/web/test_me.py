"""Forget me, over HTTP: by body credential or by cookie, before and after the close."""

from dataclasses import replace
from datetime import UTC, datetime

from flask import Flask

from server.consultations.consultation import Consultation
from server.store.store import Store
from tests.web.conftest import API, Reader, ballots_in, code

ME = f"{API}/me"


def test_a_reader_who_is_forgotten_has_no_ballot_left(
    programme: Reader, store: Store, opened: Consultation
) -> None:
    credential = programme.credential()
    for proposal in (1, 2, 3):
        programme.cast(proposal, credential=credential)
    answer = programme.client.delete(ME, json={"credential": credential}, headers=programme.headers)
    assert answer.get_json() == {"withdrawn": 3, "counted": False, "durability": "fsync"}
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert ballots_in(store, opened) == 0
    assert store.tallies.voters(opened) == 0


def test_the_cookie_alone_is_enough_where_the_source_says_whose(
    reader: Reader, store: Store, opened: Consultation
) -> None:
    ticket = reader.ticket()["ticket"]
    reader.cast(1, credential=reader.credential(), ticket=ticket)
    answer = reader.client.delete(ME, json={"source": "rmc"}, headers=reader.headers)
    assert answer.get_json()["withdrawn"] == 1
    assert ballots_in(store, opened) == 0


def test_after_the_close_the_ballots_stay_counted_and_are_nobodys(
    programme: Reader, store: Store, opened: Consultation
) -> None:
    credential = programme.credential()
    programme.cast(1, credential=credential)
    store.consultations.replace(replace(opened, closes=datetime.now(UTC)))
    programme.client.application.extensions["isoloir"].directory.forget()
    asked = {"credential": credential}
    early = programme.client.delete(ME, json=asked, headers=programme.headers)
    assert code(early) == (503, "store-unavailable")  # the teller seals within the second
    store.ballots.seal(opened)
    answers = [
        programme.client.delete(ME, json=asked, headers=programme.headers).get_json()
        for _ in range(2)
    ]
    assert [(a["withdrawn"], a["counted"]) for a in answers] == [(0, True)] * 2
    assert ballots_in(store, opened) == 1
    assert store.tallies.voters(opened) == 1


def test_nobody_can_be_forgotten_by_somebody_else(app: Flask, programme: Reader) -> None:
    assert code(programme.client.delete(ME, json={}, headers=programme.headers)) == (
        401, "credential-missing",
    )  # fmt: skip
    forged = {"credential": programme.credential()[:-4] + "AAAA"}
    answer = programme.client.delete(ME, json=forged, headers=programme.headers)
    assert code(answer) == (401, "credential-invalid")
    elsewhere = {"Origin": "http://rmc.localhost:8100"}
    asked = {"credential": programme.credential()}
    answer = programme.client.delete(ME, json=asked, headers=elsewhere)
    assert code(answer) == (403, "origin-refused")
