"""A reader's own record over HTTP: shown, or forgotten; before and after the close."""

from dataclasses import replace
from datetime import UTC, datetime

from flask import Flask
from werkzeug.test import TestResponse

from server.consultations.consultation import Consultation, ProposalState
from server.store.store import Store
from tests.conftest import consultation, proposals
from tests.store.casting import cast
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


def record(reader: Reader, credential: str | None = None, **headers: str) -> TestResponse:
    bearer = {"Authorization": f"Bearer {credential}"} if credential else {}
    return reader.client.get(f"{ME}?source={reader.source}", headers={**headers, **bearer})


def test_a_reader_is_shown_every_ballot_in_the_order_of_the_proposals(
    programme: Reader, opened: Consultation
) -> None:
    credential = programme.credential()
    programme.cast(9, "disagree", qualifications=["impossible", "noWay"], credential=credential)
    programme.cast(2, "neutral", credential=credential)
    programme.cast(2, "agree", qualifications=["likeIt"], credential=credential)
    answer = record(programme, credential)
    assert answer.headers["Cache-Control"] == "private, no-store"
    found = answer.get_json()
    assert (found["voted"], found["of"], found["withheld"]) == (2, 24, 0)
    assert [b["proposal"]["id"] for b in found["ballots"]] == [2, 9]
    assert found["ballots"][0] == {
        "proposal": {
            "id": 2, "text": "Il faut essayer la mesure numéro 2",
            "author": None, "age": None, "language": "fr",
        },
        "vote": "agree",
        "qualifications": ["likeIt"],
    }  # fmt: skip
    assert found["ballots"][1]["qualifications"] == ["noWay", "impossible"]


def test_the_cookie_says_who_is_asking_too(reader: Reader) -> None:
    reader.cast(3, ticket=reader.ticket()["ticket"], credential=reader.credential())
    assert [b["proposal"]["id"] for b in record(reader).get_json()["ballots"]] == [3]


def test_one_ticket_changes_any_ballot_and_keeps_source_and_trust(
    programme: Reader, store: Store, opened: Consultation
) -> None:
    deck, credential = programme.ticket(), programme.credential()
    first, second = (p["id"] for p in deck["proposals"][:2])
    for proposal in (first, second):
        programme.cast(proposal, ticket=deck["ticket"], credential=credential)
    before = store.tallies.histograms(opened, [first, second])
    ticket = record(programme, credential).get_json()["ticket"]
    for proposal in (first, second):
        answer = programme.cast(proposal, "disagree", ticket=ticket, credential=credential)
        assert answer.get_json()["deck"] is None  # it is no deck, so nobody leaves the list
    after = store.tallies.histograms(opened, [first, second])
    for proposal in (first, second):
        (was,), (now,) = before[proposal][2], after[proposal][2]  # through RMC, as before
        assert now - was == 1 << 3  # another vote, the same trust
    anew = next(n for n in range(1, 25) if n not in (first, second))
    programme.cast(anew, ticket=ticket, credential=credential)
    (code_,) = store.tallies.histograms(opened, [anew])[anew][2]
    assert code_ >> 5 == 1  # trusted: it proves no choice of ours


def test_a_ticket_for_changes_is_worth_nothing_to_another_reader(programme: Reader) -> None:
    credential = programme.credential()
    programme.cast(1, credential=credential)
    ticket = record(programme, credential).get_json()["ticket"]
    answer = programme.cast(1, ticket=ticket, credential=programme.credential())
    assert code(answer) == (403, "ticket-invalid")


def test_a_sandboxed_frame_on_any_page_gets_the_list_and_no_ticket(programme: Reader) -> None:
    credential = programme.credential()
    programme.cast(1, credential=credential)
    found = record(programme, credential, Origin="null").get_json()
    assert (found["voted"], found["ticket"]) == (1, None)


def test_a_stranger_has_no_record(programme: Reader) -> None:
    nobody = {"voted": 0, "of": 24, "ballots": [], "proposals": [], "withheld": 0, "ticket": None}
    assert record(programme).get_json() == nobody
    known = record(programme, programme.credential()).get_json()
    assert (known["voted"], known["ballots"]) == (0, [])
    assert code(record(programme, "forged")) == (401, "credential-invalid")
    assert code(programme.client.get(f"{ME}?source=tf9")) == (422, "source-unknown")


def test_a_proposal_that_is_no_longer_shown_is_counted_apart(
    app: Flask, programme: Reader, store: Store, opened: Consultation
) -> None:
    credential = programme.credential()
    for proposal in (1, 2):
        programme.cast(proposal, credential=credential)
    refused = replace(proposals()[0], state=ProposalState.REFUSED)
    store.consultations.add_proposals(opened, [refused])
    app.extensions["isoloir"].directory.forget()
    found = record(programme, credential).get_json()
    assert [b["proposal"]["id"] for b in found["ballots"]] == [2]
    assert (found["voted"], found["of"], found["withheld"]) == (1, 23, 1)


def test_an_avid_readers_record_is_whole(app: Flask, store: Store) -> None:
    """Beyond 480 ballots there is a second record."""
    opened = store.consultations.create(consultation("avide"), proposals(500))
    reader = Reader(app.test_client(use_cookies=False))
    credential = reader.credential("avide")
    service = app.extensions["isoloir"]
    key = store.consultations.voter_key(opened)
    known = service.credentials.read(credential)
    for proposal in range(500, 0, -1):
        cast(store, opened, known.voter(key), proposal, box=opened.box_of(known.place))
    bearer = {"Authorization": f"Bearer {credential}"}
    found = reader.client.get("/api/v1/consultations/avide/me", headers=bearer).get_json()
    assert [b["proposal"]["id"] for b in found["ballots"]] == list(range(1, 501))


def test_after_the_close_the_record_is_still_shown_but_cannot_be_changed(
    programme: Reader, store: Store, opened: Consultation
) -> None:
    credential = programme.credential()
    programme.cast(1, credential=credential)
    store.consultations.replace(replace(opened, closes=datetime.now(UTC)))
    programme.client.application.extensions["isoloir"].directory.forget()
    found = record(programme, credential).get_json()
    assert (found["voted"], found["ticket"]) == (1, None)
