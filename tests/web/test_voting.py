"""A vote over HTTP: what it answers, and what it earns."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from server.consultations.ballots import Trust, decode
from server.consultations.consultation import Consultation
from server.store.store import Store
from server.teller.counting import Counting
from tests.web.conftest import Reader, ballots_in


def stored_trusts(store: Store, opened: Consultation, proposal: int) -> list[tuple[int, Trust]]:
    """Return (source number, trust) of each ballot on a proposal."""
    sources = store.tallies.histograms(opened, [proposal])[proposal]
    return [(s, decode(code).trust) for s, histogram in sources.items() for code in histogram]


def test_a_first_vote_brings_result_deck_and_progress(
    reader: Reader, store: Store, opened: Consultation
) -> None:
    deck = reader.ticket()
    first = deck["proposals"][0]["id"]
    answer = reader.cast(
        first, "agree", qualifications=["doable"], ticket=deck["ticket"],
        credential=reader.credential(),
    )  # fmt: skip
    assert answer.status_code == 200
    body = answer.get_json()
    assert body["ballot"] == {"vote": "agree", "qualifications": ["doable"]}
    assert body["progress"] == {"voted": 1, "of": 24}
    assert body["durability"] == "fsync"
    assert body["results"]["total"] == 1
    assert body["results"]["early"] is True
    assert body["results"]["votes"]["agree"]["qualifications"]["doable"]["count"] == 1
    assert len(body["deck"]["proposals"]) == 12
    assert first not in [p["id"] for p in body["deck"]["proposals"]]
    assert stored_trusts(store, opened, first) == [(2, Trust.SEQUENCE)]


def test_a_shared_ticket_earns_sequence_on_the_first_card_only(
    reader: Reader, store: Store, opened: Consultation
) -> None:
    deck = reader.ticket()
    second = deck["proposals"][1]["id"]
    reader.cast(second, ticket=deck["ticket"], credential=reader.credential())
    assert stored_trusts(store, opened, second) == [(2, Trust.TRUSTED)]


def test_a_personal_deck_earns_sequence_and_its_last_card_brings_the_next(
    reader: Reader, store: Store, opened: Consultation
) -> None:
    deck = reader.ticket()
    body = reader.cast(
        deck["proposals"][0]["id"], ticket=deck["ticket"], credential=reader.credential()
    ).get_json()
    mine = body["deck"]
    for proposal in mine["proposals"]:
        body = reader.cast(proposal["id"], "neutral", ticket=mine["ticket"]).get_json()
        assert stored_trusts(store, opened, proposal["id"]) == [(2, Trust.SEQUENCE)]
        assert (body["deck"] is not None) == (proposal == mine["proposals"][-1])
    assert len(body["deck"]["proposals"]) == 11
    assert body["progress"]["voted"] == 13


def test_without_a_ticket_a_vote_is_trusted_and_of_no_media(
    reader: Reader, store: Store, opened: Consultation
) -> None:
    reader.source = "direct"
    assert reader.cast(3, credential=reader.credential()).status_code == 200
    assert stored_trusts(store, opened, 3) == [(1, Trust.TRUSTED)]


def test_a_reader_of_two_titles_of_one_publisher_is_one_voter(
    reader: Reader, store: Store, opened: Consultation
) -> None:
    credential = reader.credential()
    reader.cast(5, "agree", ticket=reader.ticket()["ticket"], credential=credential)
    reader.source = "bfm"
    reader.cast(5, "disagree", ticket=reader.ticket()["ticket"], credential=credential)
    assert ballots_in(store, opened) == 1
    assert [source for source, _ in stored_trusts(store, opened, 5)] == [3]


def test_changing_and_withdrawing_work_and_count_exactly(
    reader: Reader, store: Store, opened: Consultation
) -> None:
    credential = reader.credential()
    reader.cast(1, "agree", credential=credential)
    changed = reader.cast(1, "disagree", credential=credential).get_json()
    votes = changed["results"]["votes"]
    assert (votes["agree"]["count"], votes["disagree"]["count"]) == (0, 1)
    gone = reader.withdraw(1, credential=credential)
    assert gone.get_json()["ballot"] is None
    assert gone.get_json()["progress"] == {"voted": 0, "of": 24}
    assert ballots_in(store, opened) == 0


def test_the_first_answer_lost_and_the_vote_sent_again_is_one_ballot(
    programme: Reader, store: Store, opened: Consultation
) -> None:
    """The credential is in the first request already, so the retry is the same voter."""
    credential = programme.credential()
    for _ in range(2):
        answer = programme.cast(1, credential=credential, number=1)
        assert answer.get_json()["results"]["total"] == 1
    assert (ballots_in(store, opened), store.tallies.voters(opened)) == (1, 1)


def test_percentages_appear_with_twenty_votes_and_count_the_reader(
    app: Flask, opened: Consultation, store: Store
) -> None:
    bodies = []
    for voter in range(20):
        one = Reader(app.test_client())
        vote = "agree" if voter % 4 else "disagree"
        bodies.append(one.cast(1, vote, credential=one.credential()).get_json())
        Counting(store).count(opened)
        # The process looks again within a second; here it must look now.
        app.extensions["isoloir"].directory.forget()
    assert [b["results"]["total"] for b in bodies] == list(range(1, 21))
    assert [b["results"]["early"] for b in bodies] == [True] * 19 + [False]
    votes = bodies[-1]["results"]["votes"]
    assert [votes[v]["share"] for v in ("agree", "disagree", "neutral")] == [75, 25, 0]


def test_the_credential_that_counts_is_the_cookies(
    reader: Reader, store: Store, opened: Consultation
) -> None:
    """A tab that lost its memory brings a new credential; the cookie knows better."""
    first = reader.credential()
    answer = reader.cast(1, ticket=reader.ticket()["ticket"], credential=first)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-isoloir-rmc-bfm=")
    for attribute in ("Secure", "HttpOnly", "SameSite=None", "Partitioned", "Path=/"):
        assert attribute in cookie
    again = reader.cast(2, ticket=reader.ticket()["ticket"], credential=reader.credential())
    assert again.get_json()["credential"] == first
    assert "Set-Cookie" not in again.headers
    assert store.tallies.voters(opened) == 1


def test_in_a_sandboxed_frame_only_the_body_credential_counts(
    reader: Reader, store: Store, opened: Consultation
) -> None:
    """Any ad on the page can plant such a frame: cookies must not vote there."""
    reader.cast(1, credential=reader.credential(), ticket=reader.ticket()["ticket"])
    stranger = Reader(reader.client.application.test_client(), headers={"Origin": "null"})
    reader.headers = {"Origin": "null"}
    ticket = stranger.ticket()["ticket"]
    answer = reader.cast(2, credential=reader.credential(), ticket=ticket)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Access-Control-Allow-Origin"] == "null"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert store.tallies.voters(opened) == 2


def test_a_ticket_copied_into_anybodys_page_has_no_crowd_asked(
    app: Flask, store: Store, opened: Consultation
) -> None:
    """A page can plant a sandboxed frame that votes for each visitor, with one ticket for all.

    The votes are counted through the same source, as those who come by a link; the deck that the
    first one brings is dealt to its voter, and asks.
    """
    copied = Reader(app.test_client()).ticket()
    first = copied["proposals"][0]["id"]
    for _ in range(3):
        visitor = Reader(app.test_client(use_cookies=False), headers={"Origin": "null"})
        credential = visitor.credential()
        answer = visitor.cast(first, ticket=copied["ticket"], credential=credential)
        assert answer.status_code == 200
    assert stored_trusts(store, opened, first) == [(2, Trust.TRUSTED)]
    assert ballots_in(store, opened) == 3
    deck = answer.get_json()["deck"]
    mine = deck["proposals"][0]["id"]
    assert visitor.cast(mine, ticket=deck["ticket"], credential=credential).status_code == 200
    assert (2, Trust.SEQUENCE) in stored_trusts(store, opened, mine)


def test_readers_of_one_cached_page_are_all_asked(
    app: Flask, store: Store, opened: Consultation
) -> None:
    """A page is kept for seconds, and a broadcast brings thousands: its ticket has no number."""
    shared = Reader(app.test_client()).ticket()
    first = shared["proposals"][0]["id"]
    for _ in range(5):
        one = Reader(app.test_client(use_cookies=False))
        one.cast(first, ticket=shared["ticket"], credential=one.credential())
    assert stored_trusts(store, opened, first) == [(2, Trust.SEQUENCE)]
    assert ballots_in(store, opened) == 5


@pytest.mark.parametrize("same", [True, False])
def test_a_hundred_requests_at_once_count_exactly(
    app: Flask, opened: Consultation, store: Store, same: bool
) -> None:
    """A hundred requests of one voter are one ballot; of a hundred voters, a hundred."""
    readers = [Reader(app.test_client(use_cookies=False)) for _ in range(100)]
    credentials = [r.credential() for r in readers]

    def vote(i: int) -> int:
        credential = credentials[0 if same else i]
        return readers[i].cast(1, ("agree", "disagree")[i % 2], credential=credential).status_code

    with ThreadPoolExecutor(100) as pool:
        assert list(pool.map(vote, range(100))) == [200] * 100
    assert ballots_in(store, opened) == (1 if same else 100)
    assert store.recount.compare(opened) == []
