"""Calling scripts: an empty script cache, cut connections and many at once are no faults."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from server.consultations.ballots import Ballot, Trust, Vote
from server.consultations.consultation import Consultation
from server.consultations.errors import TooLate
from server.store import keys
from server.store.ballots import Wish
from server.store.caller import Script
from server.store.connection import node_of, primaries
from server.store.store import Store

COUNT = "#!lua\nreturn redis.call('INCR', KEYS[1])"


def cast(store: Store, opened: Consultation, voter: str, proposal: int = 1) -> None:
    wish = Wish(proposal, Ballot(Vote.AGREE), Trust.SEQUENCE, 2)
    store.ballots.cast(opened, 0, voter, wish)


def test_a_server_that_has_forgotten_the_script_is_told_it_again(
    store: Store, opened: Consultation
) -> None:
    """As after a restart, or on a primary that was a replica a moment ago."""
    cast(store, opened, "nora")
    for node in primaries(store.redis):
        node.script_flush()
    cast(store, opened, "adam")
    assert store.tallies.voters(opened) == 2


def test_two_versions_of_a_script_work_side_by_side(store: Store) -> None:
    """A rolling deploy: each process sends its own text, known by its own digest."""
    versions = [Script.of(COUNT), Script.of(f"{COUNT} -- a later version")]
    replies = [store.caller.run(version, ["iso:{x}:n"], ()) for version in versions * 3]
    assert replies == [1, 2, 3, 4, 5, 6]


def test_connections_that_the_server_has_cut_are_made_again_unnoticed(
    store: Store, opened: Consultation
) -> None:
    node = node_of(store.redis, keys.Box(opened.id, 0).revision)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: cast(store, opened, f"voter{i}"), range(8)))
    node.client_kill_filter(_type="normal", skipme=True)
    cast(store, opened, "nora")
    assert store.tallies.voters(opened) == 9


def test_many_callers_share_one_connection_to_each_node(store: Store, opened: Consultation) -> None:
    def cast_until_taken(i: int) -> None:
        try:
            cast(store, opened, f"voter{i}", 1 + i % 24)
        except TooLate:  # on a busy machine; it changed nothing
            cast_until_taken(i)

    with ThreadPoolExecutor(200) as pool:
        list(pool.map(cast_until_taken, range(1000)))
    assert store.tallies.voters(opened) == 1000
    node = node_of(store.redis, keys.Box(opened.id, 0).revision)
    assert node.info("clients")["connected_clients"] < 10


def test_what_a_script_refuses_is_raised_and_the_connection_goes_on(store: Store) -> None:
    refusing = Script.of("#!lua\nreturn redis.error_reply('closed for today')")
    for _ in range(3):
        with pytest.raises(redis.ResponseError, match="closed for today"):
            store.caller.run(refusing, ["iso:{x}:n"], ())
    assert store.caller.run(Script.of(COUNT), ["iso:{x}:n"], ()) == 1
