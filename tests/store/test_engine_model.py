"""Whatever is done in whatever order: the counters are what the ballots say."""

from collections.abc import Iterator

import pytest
from hypothesis import settings as examples
from hypothesis.stateful import run_state_machine_as_test

from server.store.store import Store, open_store
from server.supervisor.embedded import EmbeddedStore
from tests.cluster.nodes import LocalCluster
from tests.store.engine_machine import BRAKE
from tests.store.engine_recounts import RecountingMachine


@pytest.fixture
def braked(store: Store, store_server: EmbeddedStore | LocalCluster) -> Iterator[Store]:
    """The flushed store, opened by a service with a brake."""
    opened = open_store(store_server.url, brake=BRAKE)
    yield opened
    opened.close()


def test_counters_always_equal_a_model_and_a_recount(
    braked: Store, store_server: EmbeddedStore | LocalCluster
) -> None:
    """Votes, changes, retries, late arrivals, withdrawals, forgets, seals, recounts, tampering."""
    number = 14 if isinstance(store_server, EmbeddedStore) else 3
    run_state_machine_as_test(
        lambda: RecountingMachine(braked),
        settings=examples(max_examples=number, stateful_step_count=60, deadline=None),
    )
