"""After a purge nothing tells who voted what: not the keys, not the logs, not a byte on a disk."""

import shutil
from pathlib import Path

import pytest

from server.consultations.ballots import Ballot, Trust, Vote
from server.store import keys
from server.store.ballots import Wish
from server.supervisor.embedded import EmbeddedStore
from tests.cluster.nodes import until
from tests.conftest import consultation, proposals
from tests.purge.conftest import KEPT, House
from tests.purge.traces import raw


def test_before_the_purge_the_search_finds_the_voters_in_every_place(house: House) -> None:
    """Else the tests below would prove nothing."""
    with raw(house.server.url) as client:
        assert house.traces.in_keys(client) == KEPT
        assert house.traces.in_logs(client) >= {"voter", "record"}
    assert house.traces.in_folder(house.server.data) == {"appendonly.aof.1.incr.aof": KEPT}


def test_after_it_nothing_is_left_anywhere(house: House) -> None:
    assert house.store.purge.run(house.consultation, house.over()) == 12
    assert house.left() == set()


def test_what_stays_is_every_count(house: House) -> None:
    """Tallies, voters, minutes and the definition are the same as before."""
    store, found = house.store, house.consultation
    ids = store.consultations.proposal_ids(found)
    before = (store.tallies.histograms(found, ids), store.tallies.voters_by_source(found))
    assert sum(before[1].values()) == 12
    store.purge.run(found, house.over())
    assert (store.tallies.histograms(found, ids), store.tallies.voters_by_source(found)) == before
    assert store.minutes.versions(found) == 1
    assert store.consultations.by_slug(found.slug) == found


def test_another_consultations_ballots_are_untouched(house: House) -> None:
    """Also those of one whose id begins like this one's: 1 and 10."""
    store = house.store
    store.redis.set(keys.CONSULTATION_COUNTER, 35)
    other = store.consultations.create(consultation("autre"), proposals())
    assert (house.consultation.id, other.id) == ("1", "10")
    store.ballots.cast(other, 0, "nora", Wish(1, Ballot(Vote.AGREE), Trust.SEQUENCE, 2))
    store.purge.run(house.consultation, house.over())
    assert store.ballots.voted(other, 0, "nora") == {1}
    assert store.consultations.voter_key(other)


def test_compressed_files_hold_nothing_either(house: House, tmp_path: Path) -> None:
    """They would hide words from a search, so a second server reads them and is searched."""
    house.store.redis.config_set("rdbcompression", "yes")
    house.store.redis.bgrewriteaof()
    until(lambda: not house.store.redis.info("persistence")["aof_rewrite_in_progress"])
    assert _seen_by_another(house, tmp_path / "before") == KEPT
    house.store.purge.run(house.consultation, house.over())
    assert _seen_by_another(house, tmp_path / "after") == set()


def test_an_rdb_file_that_lies_there_is_overwritten(house: House) -> None:
    """From a time as a replica, or from somebody's BGSAVE."""
    house.store.redis.bgsave()
    until(lambda: not house.store.redis.info("persistence")["rdb_bgsave_in_progress"])
    assert house.traces.in_folder(house.server.data)["dump.rdb"] == KEPT
    house.store.purge.run(house.consultation, house.over())
    assert house.left() == set()


def test_none_is_made_where_there_was_none(house: House) -> None:
    """It would keep, unread, what other consultations' readers want forgotten."""
    house.store.purge.run(house.consultation, house.over())
    assert not (house.server.data / "dump.rdb").exists()


def test_what_a_killed_server_was_writing_is_removed(house: House) -> None:
    data = house.server.data
    for name in ("temp-4711.rdb", "temp-rewriteaof-bg-4711.aof", "appendonlydir/temp-4711.aof"):
        shutil.copy(data / "appendonlydir" / "appendonly.aof.1.incr.aof", data / name)
    assert len(house.traces.in_folder(data)) == 4
    house.store.purge.run(house.consultation, house.over())
    assert house.left() == set()


@pytest.mark.parametrize("command", ["BGREWRITEAOF", "BGSAVE"])
def test_a_file_begun_while_the_ballots_were_there_does_not_outlive_them(
    house: House, command: str
) -> None:
    """The server is slowed to a key in 20 ms, so that it is still writing when the purge begins."""
    house.store.redis.config_set("rdb-key-save-delay", 20_000)
    house.store.redis.execute_command(command)
    house.store.purge.run(house.consultation, house.over())
    assert house.left() == set()


def _seen_by_another(house: House, copy: Path) -> set[str]:
    """Return what a server finds that is started on a copy of the files."""
    copy.mkdir()
    shutil.copytree(house.server.data / "appendonlydir", copy / "appendonlydir")
    with EmbeddedStore(copy) as other, raw(other.url) as client:
        assert client.dbsize() > 0
        return house.traces.in_keys(client)
