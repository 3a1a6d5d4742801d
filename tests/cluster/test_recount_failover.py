"""A recount over a failover: it begins again, and neither misses a voter nor sees one twice."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from server.consultations.consultation import Consultation
from server.store.keys import Box
from server.store.store import Store, open_store
from tests.cluster.nodes import LocalCluster, until
from tests.cluster.slots import owner_of
from tests.conftest import consultation, proposals
from tests.store.casting import cast_by_many

NODE_TIMEOUT = 1000  # milliseconds after which the others give a primary up


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    with LocalCluster(tmp_path_factory.mktemp("recount"), NODE_TIMEOUT) as cluster:
        yield cluster


@pytest.fixture
def distant(nodes: LocalCluster) -> Iterator[Store]:
    nodes.wait_whole()
    with closing(open_store(nodes.url)) as store:
        store.redis.flushall()
        yield store


@pytest.fixture
def voted(distant: Store) -> Consultation:
    made = distant.consultations.create(consultation(), proposals())
    cast_by_many(distant, made, voters=60)
    return made


def fail_over(nodes: LocalCluster, store: Store, box: Box) -> None:
    """Kill the primary of a box; return when its replica has taken over and it is back."""
    victim = owner_of(nodes, store, box)
    heir = nodes.replica_of(victim)
    victim.kill()
    until(heir.is_primary)
    victim.start()


@pytest.mark.parametrize("moment", ["voters", "differences"])
def test_a_failover_in_the_middle_means_another_start(
    nodes: LocalCluster, distant: Store, voted: Consultation, moment: str
) -> None:
    box, pending = Box(voted.id, 3), [moment]

    def disturb(what: str, number: int) -> None:
        if [what] == pending and distant.redis.exists(box.recount):
            pending.pop()
            fail_over(nodes, distant, box)

    assert distant.recount.compare(voted, disturb) == []
    assert not pending
    assert int(distant.redis.get(box.generation)) > 1
    assert distant.tallies.voters(voted) == 60


def test_a_fix_over_a_failover_makes_the_tallies_what_the_ballots_say(
    nodes: LocalCluster, distant: Store, voted: Consultation
) -> None:
    """Whatever the new primary does not have is not taken for what was counted."""
    truth, pending = distant.recount.run(voted), ["fixed"]
    for number in range(voted.boxes):
        distant.redis.unlink(Box(voted.id, number).tally(5))
    wrong = distant.recount.compare(voted)

    def disturb(what: str, number: int) -> None:
        if [what] == pending:
            pending.pop()
            fail_over(nodes, distant, Box(voted.id, 3))

    assert distant.recount.fix(voted, disturb) == wrong
    assert distant.recount.run(voted) == truth
    assert distant.recount.compare(voted) == []
