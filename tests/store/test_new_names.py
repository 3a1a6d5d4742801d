"""Forgotten after the seal, a record goes on under a name that nobody else has."""

from collections.abc import Iterator

import pytest

from server.consultations.ballots import Ballot, Trust, Vote
from server.consultations.consultation import Consultation
from server.store import record, voters
from server.store.ballots import Wish
from server.store.keys import Box
from server.store.store import Store


def test_a_name_that_is_taken_is_drawn_again(
    store: Store, opened: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else one voter's ballots would replace another's, and no recount would ever agree."""
    for voter, proposal in (("nora", 1), ("adam", 2)):
        wish = Wish(proposal, Ballot(Vote.AGREE), Trust.SEQUENCE, 2)
        store.ballots.cast(opened, 0, voter, wish)
    store.ballots.seal(opened)
    drawn: Iterator[str] = iter(["adam", "fresh"])
    monkeypatch.setattr(voters.secrets, "token_urlsafe", lambda _: next(drawn))
    store.voters.forget(opened, 0, "nora")
    box = Box(opened.id, 0)
    held = [record.proposals(store.redis.smembers(box.voter(v))) for v in ("adam", "fresh")]
    assert list(map(list, held)) == [[2], [1]]
    assert store.recount.compare(opened) == []
