"""Of what staff decided nothing is left by which a text could be guessed; the trail stays."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from server.consultations.consultation import Proposal, ProposalState
from server.consultations.moderation import accept, merge, refuse
from server.consultations.proposing import RefusalReason
from server.store import keys
from server.supervisor.embedded import EmbeddedStore
from server.teller.deciding import Deciding
from tests.purge.conftest import House, close, inhabited
from tests.purge.traces import Traces, raw
from tests.store.desk import NORA, PAUL, digests_of, propose, waiting


@pytest.fixture
def judged(server: EmbeddedStore) -> Iterator[tuple[House, Traces]]:
    """A house where proposals were decided in every way, and the digests of their texts."""
    with inhabited(server) as house:
        store, opened = house.store, house.consultation
        texts = ("dormir", "sommeiller", "rire", "courir", "lire", "nager")
        first, twin, refused, held, waits, down = propose(store, opened, *texts)
        stored = store.redis.hmget(keys.proposed(opened.id), first, twin, refused, held, waits)
        traces = Traces({"digest": frozenset(d.encode() for t in stored for d in digests_of(t))})
        decisions = store.moderation.decisions
        decisions.decide(opened, NORA, [accept(down)], hold=0)
        decisions.decide(opened, NORA, [merge(twin, first)], hold=0)
        decisions.decide(opened, NORA, [refuse(refused, RefusalReason.LEGAL)], hold=0)
        decisions.decide(opened, NORA, [accept(held), refuse(first, RefusalReason.LEGAL)])
        decisions.take_down(opened, NORA, down, RefusalReason.LEGAL)
        brought = Proposal(900, "Il faut attendre", "fr", state=ProposalState.PENDING)
        store.consultations.add_proposals(opened, [brought])
        assert {waits, 900} <= set(waiting(store, opened))
        assert store.moderation.queue.look(opened, PAUL, waits)
        close(house)
        yield house, traces


def test_no_digest_is_left_to_guess_a_text_by(judged: tuple[House, Traces]) -> None:
    house, traces = judged
    trail = house.store.moderation.trail
    before = [replace(one, version="") for one in trail.all(house.consultation)]
    with raw(house.server.url) as client:
        assert "digest" in traces.in_keys(client)
    house.store.purge.run(house.consultation, house.over())
    assert traces.on(house.server.url, house.server.data) == set()
    assert list(trail.all(house.consultation)) == before
    assert not any(one.version for one in before)


def test_nothing_waits_where_nothing_can_be_decided(judged: tuple[House, Traces]) -> None:
    house, _ = judged
    store, closed, c = house.store, house.consultation, house.consultation.id
    store.purge.run(closed, house.over())
    Deciding(store).turn()
    (figures,) = store.moderation.queue.figures([closed])
    assert (figures.waiting, figures.postponed, figures.oldest) == (0, 0, None)
    gone = [keys.queue(c), keys.due(c), keys.said(c), keys.twins(c), keys.lately(c)]
    gone += [keys.looking(c), keys.sampled(c), keys.second(c), keys.arrivals(c)]
    assert not [key for key in gone if store.redis.exists(key)]
    assert store.moderation.decisions.held(closed) == ()
