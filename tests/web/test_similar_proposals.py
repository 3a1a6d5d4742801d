"""What is nearly the same is shown to an author before sending."""

from flask import Flask

from server.consultations.brakes import NETWORK_LOOKS_AT_ONCE
from server.consultations.consultation import Consultation, Proposal
from server.store.store import Store
from server.web.service import NAME
from tests.conftest import all_keys
from tests.web.conftest import TEXT, Reader, code
from tests.web.proposing import PATH, content


def test_what_is_published_and_nearly_the_same_is_told_before_sending(
    programme: Reader, proposing: Consultation, store: Store, app: Flask
) -> None:
    store.consultations.add_proposals(proposing, [Proposal(3, f"{TEXT} du village", "fr")])
    app.extensions[NAME].directory.forget()
    credential = programme.credential()
    sent = {"credential": credential, "text": TEXT}
    answer = programme.post(f"{PATH}/similar", sent)
    found = answer.get_json()
    assert [one["id"] for one in found["proposals"]] == [3]
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Set-Cookie" not in answer.headers
    vote = programme.cast(3, credential=credential, ticket=found["ticket"])
    assert vote.status_code == 200
    assert programme.post(f"{PATH}/similar", {**sent, "text": "Il"}).get_json()["proposals"] == []
    assert not any("village" in str(content(store.redis, key)) for key in all_keys(store)
                   if "asking" in key)  # fmt: skip


def test_looking_for_what_is_similar_is_no_way_to_keep_the_service_busy(
    programme: Reader, proposing: Consultation
) -> None:
    sent = {"credential": programme.credential(), "text": TEXT}
    answers = [programme.post(f"{PATH}/similar", sent) for _ in range(NETWORK_LOOKS_AT_ONCE + 5)]
    assert [a.status_code for a in answers[:NETWORK_LOOKS_AT_ONCE]] == [200] * NETWORK_LOOKS_AT_ONCE
    assert code(answers[-1]) == (429, "slow-down")
    proposed = programme.post(PATH, {**sent, "number": 1})
    assert proposed.status_code == 201
