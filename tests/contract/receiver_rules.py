"""What a receiver must do, whatever its database. Run on SQLite here and on PostgreSQL in `hosts`."""

import gzip
import itertools
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.central import document, signing
from server.central.receiver import votes
from server.consultations.ballots import Ballot, Trust, Vote, encode
from server.consultations.consultation import Proposal
from tests.contract import sending
from tests.contract.link import Link, steps
from tests.contract.sending import PROPOSALS, SECRET, Deployment, body_of, post

AGREE = encode(Ballot.of(Vote.AGREE, ["likeIt"]), Trust.SEQUENCE)
DISAGREE = encode(Ballot(Vote.DISAGREE), Trust.TRUSTED)
RMC, BFM = 2, 3
SLUGS = (f"consultation-{i}" for i in itertools.count())

histograms = st.dictionaries(st.sampled_from([AGREE, DISAGREE]), st.integers(0, 9), max_size=2)
changes = st.lists(
    st.tuples(st.sampled_from(sorted(PROPOSALS)), st.sampled_from([RMC, BFM]), histograms),
    max_size=4,
)
quickly = settings(
    max_examples=40,
    deadline=None,
    # The database stays from one example to the next; each has a consultation of its own. And the
    # rules are run by one class for each kind of database.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)


def voted() -> Deployment:
    deployment = Deployment()
    deployment.vote(1, RMC, {AGREE: 3, DISAGREE: 1})
    deployment.vote(2, BFM, {DISAGREE: 2})
    return deployment


class ReceiverRules:
    """Needs the fixtures `receiver` (the app) and `client`."""

    def test_it_gives_back_what_it_took(self, client: FlaskClient) -> None:
        """Rows, totals and position come back as they were sent."""
        deployment = voted()
        made = deployment.compose()
        answer = post(client, body_of(made))
        assert answer.status_code == 200
        assert answer.json["want"] is None
        assert answer.json["acknowledged"]["digest"] == sending.digest_of(made)
        received = deployment.received(client)
        assert received["rows"] == made["rows"]
        assert received["totals"] == made["totals"]
        assert received["totals"]["agree"] == {
            "count": 3,
            "countVerified": 3,
            "countSequence": 3,
        }
        position = {name: made[name] for name in ("epoch", "revision", "revisions", "sequence")}
        assert position.items() <= received["acknowledged"].items()

    def test_it_takes_gzip(self, client: FlaskClient) -> None:
        """The signature is of what is sent, the digest of the text that was compressed."""
        deployment = voted()
        made = deployment.compose()
        answer = post(client, gzip.compress(body_of(made)), content_encoding="gzip")
        assert answer.status_code == 200
        assert answer.json["acknowledged"]["digest"] == sending.digest_of(made)
        assert deployment.received(client)["rows"] == deployment.rows()

    def test_a_consultation_it_never_heard_of_is_empty(self, client: FlaskClient) -> None:
        """Asking is how a deployment begins, so it is no error."""
        answer = sending.get(client, "nowhere", "nothing")
        assert answer["acknowledged"] is None
        assert answer["want"] == "complete"
        assert answer["rows"] == []

    def test_rows_can_be_left_out_of_the_answer(self, client: FlaskClient) -> None:
        """A deployment that only wants to know where it stands need not fetch every row."""
        deployment = voted()
        taken = deployment.deliver(client)
        assert sending.get(client, "essai", deployment.slug, "rows=no") == taken

    def test_a_document_sent_twice_changes_nothing(self, client: FlaskClient) -> None:
        deployment = voted()
        body = body_of(deployment.compose())
        first, second = post(client, body), post(client, body)
        assert first.json == second.json
        assert deployment.received(client)["rows"] == deployment.rows()

    def test_a_tally_that_fell_to_zero_arrives(self, client: FlaskClient) -> None:
        """Withdrawn ballots are sent as zeros, and nothing late brings them back."""
        deployment = voted()
        deployment.deliver(client)
        late = deployment.compose(complete=False, rows=deployment.rows())
        deployment.vote(1, RMC, {})
        answer = deployment.deliver(client, complete=False)
        assert answer["want"] is None
        post(client, body_of(late))
        assert deployment.received(client)["rows"] == deployment.rows()
        assert {row["proposal"] for row in deployment.rows()} == {"essai:2"}

    def test_a_complete_document_removes_what_it_lacks(self, client: FlaskClient) -> None:
        deployment = voted()
        deployment.deliver(client)
        del deployment.votes[2, BFM]
        deployment.deliver(client)
        assert [row["proposal"] for row in deployment.received(client)["rows"]] == ["essai:1"]

    def test_a_late_complete_document_leaves_newer_rows(self, client: FlaskClient) -> None:
        """It removes only what is older than itself."""
        deployment = voted()
        deployment.deliver(client)
        late = deployment.compose()
        deployment.vote(3, BFM, {AGREE: 7})
        deployment.deliver(client, complete=False)
        assert post(client, body_of(late)).status_code == 200
        assert deployment.received(client)["rows"] == deployment.rows()

    def test_a_gap_is_taken_and_asks_for_a_complete_document(self, client: FlaskClient) -> None:
        """Newer rows never wait for older ones."""
        deployment = voted()
        deployment.deliver(client)
        deployment.vote(1, RMC, {AGREE: 4})
        answer = deployment.deliver(client, complete=False, previous="0" * 64)
        assert answer["want"] == "complete"
        assert deployment.received(client)["rows"] == deployment.rows()
        assert deployment.deliver(client)["want"] is None

    def test_a_lower_fence_is_refused(self, client: FlaskClient) -> None:
        """A sender that lost its lease is told so, and changes nothing."""
        deployment = voted()
        deployment.fence = 7
        taken = deployment.deliver(client)
        rows = deployment.rows()
        deployment.vote(1, RMC, {AGREE: 9})
        answer = post(client, body_of(deployment.compose(fence=6)))
        assert (answer.status_code, answer.json["code"]) == (409, "fence-lower")
        assert answer.json["acknowledged"] == taken["acknowledged"]
        assert deployment.received(client)["rows"] == rows

    def test_a_new_epoch_is_heard_whatever_its_fence(self, client: FlaskClient) -> None:
        """A store that lost its data lost its fence with it."""
        deployment = voted()
        deployment.fence = 7
        deployment.deliver(client)
        deployment.lose_everything()
        deployment.epoch += 1
        deployment.vote(1, BFM, {DISAGREE: 1})
        assert deployment.deliver(client)["want"] is None
        assert deployment.received(client)["rows"] == deployment.rows()

    @pytest.mark.parametrize("name", ["totals", "checksum"])
    def test_what_does_not_add_up_is_asked_for_again(self, client: FlaskClient, name: str) -> None:
        """Nothing of it is kept, and the answer says what to send."""
        deployment = voted()
        taken = deployment.deliver(client)
        other = Deployment()
        other.vote(1, RMC, {AGREE: 8})
        wrong = {"totals": document.totals(other.rows()), "checksum": "0" * 64}[name]
        answer = post(client, body_of(deployment.compose(**{name: wrong})))
        assert (answer.status_code, answer.json["code"]) == (409, "checksum-mismatch")
        assert answer.json["field"] == name
        assert answer.json["want"] == "complete"
        assert answer.json["acknowledged"] == taken["acknowledged"]

    def test_deployments_and_consultations_do_not_touch_each_other(
        self, client: FlaskClient
    ) -> None:
        first, second, rehearsal = voted(), voted(), voted()
        second.slug, rehearsal.rehearsal = "autre-question", True
        for deployment in (first, second, rehearsal):
            deployment.deliver(client)
        first.votes.clear()
        first.deliver(client)
        assert first.received(client)["rows"] == []
        assert second.received(client)["rows"] == second.rows()
        assert rehearsal.received(client)["rows"] == rehearsal.rows()

    def test_the_largest_counts_can_still_be_added_up(self, client: FlaskClient) -> None:
        """The page adds in 64 bits; no row may make it overflow."""
        many = [Proposal(i, "Il faut essayer", "fr") for i in range(1, 2_001)]
        largest = {proposal.id: {RMC: {AGREE: votes.LARGEST}} for proposal in many}
        deployment = Deployment()
        rows = document.rows(deployment.consultation, "essai", many, largest, complete=True)
        deployment.deliver(client, complete=False, rows=rows)
        assert deployment.received(client)["rows"] == rows
        assert client.get("/").status_code == 200

    def test_documents_that_arrive_at_once_leave_the_newest(self, receiver: Flask) -> None:
        """Twenty senders' threads, one consultation: as if they had come one after another."""
        deployment = voted()
        bodies = []
        for number in range(20):
            deployment.vote(1 + number % 5, RMC, {AGREE: number})
            bodies.append(body_of(deployment.compose(complete=number % 3 == 0)))
        last = body_of(deployment.compose())
        with ThreadPoolExecutor(20) as pool:
            statuses = pool.map(
                lambda body: post(receiver.test_client(), body).status_code, [*bodies, last]
            )
        assert set(statuses) == {200}
        assert deployment.received(receiver.test_client())["rows"] == deployment.rows()

    def test_the_page_shows_each_source_and_keeps_rehearsals_apart(
        self, client: FlaskClient
    ) -> None:
        deployment, rehearsal = voted(), voted()
        rehearsal.rehearsal = True
        rehearsal.vote(3, BFM, {AGREE: 5000})
        deployment.deliver(client)
        rehearsal.deliver(client)
        national, _, rehearsals = client.get("/").text.partition('class="rehearsals"')
        assert "<strong>6</strong> voix" in national
        assert "5\u202f000" not in national
        assert '<th scope="row">rmc</th>' in national
        assert "<strong>5\u202f006</strong> voix" in rehearsals
        assert "ne comptent dans aucun total national" in rehearsals

    def test_it_says_that_it_is_alive_and_ready(self, client: FlaskClient) -> None:
        assert client.get("/health/live").status_code == 200
        assert client.get("/health/ready").status_code == 200

    @quickly
    @given(st.lists(changes, min_size=1, max_size=6), st.data())
    def test_any_order_loss_and_doubling_ends_in_the_last_state(
        self, client: FlaskClient, history: list[Any], data: st.DataObject
    ) -> None:
        """Whatever arrived, however often and in whichever order: the last document heals all."""
        deployment = Deployment(slug=next(SLUGS))
        documents = []
        for moves in history:
            for move in moves:
                deployment.vote(*move)
            documents.append(deployment.compose(complete=data.draw(st.booleans())))
        last = deployment.compose()
        for number in data.draw(st.lists(st.integers(0, len(documents) - 1), max_size=12)):
            assert post(client, body_of(documents[number])).status_code == 200
        assert post(client, body_of(last)).json["want"] is None
        for number in data.draw(st.lists(st.integers(0, len(documents) - 1), max_size=3)):
            assert post(client, body_of(documents[number])).json["want"] is None
        assert deployment.received(client)["rows"] == deployment.rows()

    @quickly
    @given(st.lists(st.tuples(changes, steps), min_size=1, max_size=8), st.randoms())
    def test_a_sender_that_is_told_nothing_is_wanted_is_equal(
        self, client: FlaskClient, history: list[Any], chance: Any
    ) -> None:
        """Documents and answers get lost or come late, stores are emptied, leases change hands."""
        link = Link(Deployment(slug=next(SLUGS)), client)
        for moves, step in history:
            for move in moves:
                link.deployment.vote(*move)
            link.take(step)
        link.settle()
        link.deliver_late(chance)
        assert link.deployment.received(client)["rows"] == link.deployment.rows()

    def test_a_rotated_secret_is_taken_while_both_are_known(self, client: FlaskClient) -> None:
        """The receiver knows the old and the new one; the sender signs with either or both."""
        deployment, fresh = voted(), signing.new_secret()
        body = body_of(deployment.compose())
        assert post(client, body, (fresh, SECRET)).status_code == 200
        assert post(client, body, (fresh,)).json["code"] == "signature-invalid"
        assert post(client, body, (sending.NEXT_SECRET,)).status_code == 200

    def test_a_document_of_six_minutes_ago_is_refused(self, client: FlaskClient) -> None:
        body = body_of(voted().compose())
        answer = post(client, body, age=timedelta(minutes=6))
        assert (answer.status_code, answer.json["code"]) == (401, "signature-invalid")
        assert post(client, body, age=timedelta(minutes=4)).status_code == 200
