"""Crashes of the store in between: nothing that was answered is lost, nothing counts twice."""

from pathlib import Path

import pytest
from hypothesis import settings as examples
from hypothesis.stateful import rule, run_state_machine_as_test

from server.store.claim import Interrupted
from server.store.store import Store, open_store
from server.supervisor.embedded import EmbeddedStore
from tests.store.crashing import crash
from tests.store.engine_machine import BRAKE
from tests.store.engine_recounts import RecountingMachine


class CrashingMachine(RecountingMachine):
    def __init__(self, store: Store, server: EmbeddedStore) -> None:
        super().__init__(store)
        self.server = server

    @rule()
    def crash(self) -> None:
        """Whatever a recount had counted before is not trusted."""
        crash(self.server)
        if self.under_way:
            with pytest.raises(Interrupted):
                self.under_way[0].confirm()
            self.under_way = None


def test_counters_equal_a_model_over_crashes_of_the_store(data: Path) -> None:
    with EmbeddedStore(data) as server:
        store = open_store(server.url, brake=BRAKE)
        run_state_machine_as_test(
            lambda: CrashingMachine(store, server),
            settings=examples(max_examples=8, stateful_step_count=25, deadline=None),
        )
        store.close()
