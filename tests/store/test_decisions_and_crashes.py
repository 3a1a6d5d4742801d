"""Whatever is killed between a decision and its effect, it takes effect, and once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from server.consultations.moderation import Act, accept, merge, refuse
from server.consultations.proposing import RefusalReason
from server.store import keys
from server.store.store import Store, open_store
from server.supervisor.embedded import EmbeddedStore
from server.teller.deciding import Deciding
from tests.conftest import consultation, proposals
from tests.store.crashing import crash
from tests.store.desk import NORA, PAUL, let_pass, own, propose, published, undo

pytestmark = pytest.mark.one_server  # which is killed


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedStore]:
    with EmbeddedStore(tmp_path / "own") as started:
        yield started


def reopened(server: EmbeddedStore, before: Store) -> Store:
    crash(server)
    before.close()
    return open_store(server.url)


def test_a_store_that_is_killed_at_every_step_loses_none_and_applies_none_twice(
    server: EmbeddedStore,
) -> None:
    store = open_store(server.url)
    opened = store.consultations.create(consultation(), proposals())
    first, second, third = propose(store, opened, "dormir", "manger", "rire")
    verdicts = [accept(first), refuse(second, RefusalReason.LEGAL), merge(third, first)]
    store.moderation.decisions.decide(opened, NORA, verdicts)
    store = reopened(server, store)
    assert [one.proposal for one in store.moderation.decisions.held(opened)] == [
        first,
        second,
        third,
    ]
    undo(store, opened, NORA, second)
    store = reopened(server, store)
    for number in (first, third):
        let_pass(store, opened, number)
    Deciding(store).turn()
    store = reopened(server, store)
    Deciding(store).turn()
    assert first in published(store, opened)
    assert own(store, opened, "rire").into == published(store, opened)[first]
    assert own(store, opened, "manger").reason is None
    acts = [(entry.by, entry.act, entry.proposal) for entry in store.moderation.trail.all(opened)]
    assert acts == [
        (NORA, Act.ACCEPT, first),
        (NORA, Act.REFUSE, second),
        (NORA, Act.MERGE, third),
        (NORA, Act.UNDO, second),
    ]
    assert store.moderation.decisions.held(opened) == ()
    store.close()


def test_when_the_reply_to_a_decision_is_lost_it_was_made_once(
    server: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client sends it again by itself; somebody else's comes in between."""
    store = open_store(server.url)
    opened = store.consultations.create(consultation(), proposals())
    (number,) = propose(store, opened, "dormir")
    line = store.caller._lines.to(keys.queue(opened.id))
    exchange, lost = type(line).exchange, []

    def losing(self: object, command: bytes) -> object:
        answer = exchange(self, command)  # type: ignore[arg-type]
        if not lost and b"accept" in command:
            lost.append(answer)
            raise redis.ConnectionError("The reply is lost.")
        return answer

    monkeypatch.setattr(type(line), "exchange", losing)
    store.moderation.decisions.decide(opened, PAUL, [accept(number)])
    assert lost
    assert len(store.moderation.trail.of(opened, number)) == 1
    assert [one.by for one in store.moderation.decisions.held(opened)] == [PAUL]
    store.close()
