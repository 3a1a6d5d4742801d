"""One process syncs at a time; one that only believes it does is fenced off."""

from concurrent.futures import ThreadPoolExecutor

from server.central.acknowledged import Acknowledged
from server.consultations.consultation import Consultation
from server.store import keys
from server.store.store import Store
from server.store.sync_state import Lease, Offer, SyncState, SyncStates
from tests.contract.test_reconcile import NOW

KNOWN = Acknowledged(100, (4, 2), 9, 1, "d" * 64, NOW.isoformat())
OFFER = Offer("e" * 64, final=6)


def test_only_one_of_many_takes_the_lease(store: Store) -> None:
    leases = [Lease(store.redis) for _ in range(20)]
    with ThreadPoolExecutor(20) as pool:
        fences = list(pool.map(Lease.hold, leases))
    assert [fence for fence in fences if fence] == [1]


def test_holding_it_again_renews_it_with_the_same_fence(store: Store) -> None:
    lease = Lease(store.redis)
    assert lease.hold() == 1
    store.redis.pexpire(keys.SYNC_LEASE, 50)
    assert lease.hold() == 1
    assert store.redis.pttl(keys.SYNC_LEASE) > 1000


def test_the_next_owner_has_a_higher_fence(store: Store) -> None:
    first, second = Lease(store.redis), Lease(store.redis)
    assert (first.hold(), second.hold()) == (1, None)
    first.release()
    assert (second.hold(), first.hold()) == (2, None)


def test_a_lease_that_ran_out_is_taken_anew(store: Store) -> None:
    """Another may have held it meanwhile, so the fence is a new one."""
    lease = Lease(store.redis)
    lease.hold()
    store.redis.delete(keys.SYNC_LEASE)
    assert lease.hold() == 2


def test_nobody_releases_the_lease_of_another(store: Store) -> None:
    first, second = Lease(store.redis), Lease(store.redis)
    first.hold()
    second.release()
    assert second.hold() is None


def test_what_was_acknowledged_is_remembered(store: Store, opened: Consultation) -> None:
    states = SyncStates(store.redis)
    assert states.read(opened) == SyncState()
    states.draw_epoch(opened, 100)
    assert [states.draw_sequence(opened) for _ in range(2)] == [1, 2]
    states.failed(opened, "No answer.", NOW)
    assert states.read(opened).last_error == "No answer."
    states.acknowledge(opened, KNOWN, want_complete=False, now=NOW)
    states.offer(opened, OFFER)
    assert states.read(opened).offered == OFFER
    states.completed(opened, OFFER, NOW)
    assert states.read(opened) == SyncState(
        epoch=100,
        sequence=2,
        acknowledged=KNOWN,
        want_complete=False,
        acknowledged_at=NOW,
        complete_at=NOW,
        final=6,
    )


def test_a_new_epoch_forgets_what_an_earlier_one_had(store: Store, opened: Consultation) -> None:
    states = SyncStates(store.redis)
    states.acknowledge(opened, KNOWN, want_complete=False, now=NOW)
    states.completed(opened, OFFER, NOW)
    states.offer(opened, OFFER)
    states.data_lost(opened, NOW)
    states.draw_epoch(opened, 101)
    expected = SyncState(epoch=101, acknowledged_at=NOW, data_lost_at=NOW)
    assert states.read(opened) == expected
