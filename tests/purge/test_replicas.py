"""A purge reaches every copy, or says which one it did not reach."""

import os
import signal
from pathlib import Path

import pytest

from server.consultations.errors import PurgeIncomplete
from server.store.purge import Purge
from server.supervisor.embedded import EmbeddedStore
from tests.cluster.nodes import until
from tests.purge.conftest import KEPT, House
from tests.purge.slow_line import SlowLine
from tests.purge.traces import raw, tell


def test_replicas_are_wiped_too(house: House, tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path / "replica") as replica:
        _follow(replica, 17401, _listen(house, 17400))
        assert house.traces.on(replica.url, replica.data) == KEPT
        assert house.traces.in_folder(replica.data).keys() >= {"dump.rdb"}
        house.store.purge.run(house.consultation, house.over())
        assert house.traces.on(replica.url, replica.data) == set()
        assert house.left() == set()


def test_a_replicas_replica_is_wiped_too(house: House, tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path / "1") as replica, EmbeddedStore(tmp_path / "2") as second:
        _follow(replica, 17403, _listen(house, 17402))
        _follow(second, 17404, 17403)
        house.store.purge.run(house.consultation, house.over())
        assert house.traces.on(second.url, second.data) == set()


def test_a_replica_that_does_not_answer_is_named_and_wiped_the_next_time(
    house: House, tmp_path: Path
) -> None:
    with EmbeddedStore(tmp_path / "replica") as replica:
        _follow(replica, 17407, _listen(house, 17406))
        assert replica.pid
        os.kill(replica.pid, signal.SIGSTOP)
        with pytest.raises(PurgeIncomplete, match=r"disk: 127\.0\.0\.1:17407 does not answer"):
            house.store.purge.run(house.consultation, house.over())
        os.kill(replica.pid, signal.SIGCONT)
        found = house.store.purge.state(house.consultation)
        assert found
        assert not found.done
        house.store.purge.run(house.consultation, house.over())
        assert house.traces.on(replica.url, replica.data) | house.left() == set()
        found = house.store.purge.state(house.consultation)
        assert found
        assert found.done


def test_a_replica_that_lags_is_waited_for(house: House, tmp_path: Path) -> None:
    """Rewritten too early, its files would hold ballots that it is about to destroy."""
    with EmbeddedStore(tmp_path / "replica") as replica, SlowLine(17408) as line:
        _listen(house, 17409)
        _follow(replica, 17410, 17408)
        line.flows.clear()
        waits = []

        def pause(seconds: float) -> None:
            primary = house.store.redis.info("persistence")
            if seconds and primary["aof_rewrites"] and not primary["aof_rewrite_in_progress"]:
                waits.append(house.traces.on(replica.url, replica.data))
            if len(waits) == 3:
                line.flows.set()

        house.store.purge.run(house.consultation, house.over(), pause=pause)
        assert waits[:3] == [KEPT] * 3
        assert house.traces.on(replica.url, replica.data) | house.left() == set()


def test_one_that_does_not_catch_up_is_named(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.store.wiping.CATCH_UP", 0.5)
    with EmbeddedStore(tmp_path / "replica") as replica, SlowLine(17411) as line:
        _listen(house, 17412)
        _follow(replica, 17413, 17411)
        line.flows.clear()
        with pytest.raises(PurgeIncomplete, match="17413 has not caught up with its primary"):
            house.store.purge.run(house.consultation, house.over())


def test_a_replica_that_is_away_is_missed(house: House) -> None:
    """It may come back with every ballot on its disk."""
    purge = Purge(house.store.redis, replicas=1)
    with pytest.raises(PurgeIncomplete, match="fewer than 1 replicas"):
        purge.run(house.consultation, house.over())


def _listen(house: House, port: int) -> int:
    """Have the house's server, which lives on a socket, answer on a port as well."""
    house.store.redis.config_set("port", port)
    return port


def _follow(replica: EmbeddedStore, port: int, primary: int) -> None:
    """Make a server on `port` copy the one on `primary`, and keep an RDB file of it to boot."""
    with raw(replica.url) as client:
        tell(client)
        client.config_set("port", port)
        client.replicaof("127.0.0.1", primary)
        until(lambda: client.info("replication")["master_link_status"] == "up")
        client.bgsave()
        until(lambda: not client.info("persistence")["rdb_bgsave_in_progress"])
