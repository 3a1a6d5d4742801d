"""A store that another release wrote is refused, never misread."""

from contextlib import closing

import pytest
from flask import Flask

from server.consultations.consultation import Consultation
from server.store import keys
from server.store.connection import StoreUnfit
from server.store.fitness import check
from server.store.store import Store, open_store
from server.supervisor.embedded import EmbeddedStore
from tests.cluster.nodes import LocalCluster
from tests.conftest import consultation


def test_a_store_in_which_nothing_has_happened_is_fit(store: Store) -> None:
    """Also one in which web and teller have left what they always leave."""
    check(store.redis)
    store.consultations.place_key()
    check(store.redis)


def test_the_first_consultation_gives_the_store_its_layout(
    store: Store, store_server: EmbeddedStore | LocalCluster
) -> None:
    assert not store.redis.exists(keys.LAYOUT)
    store.consultations.create(consultation(), [])
    assert store.redis.get(keys.LAYOUT) == "2"
    with closing(open_store(store_server.url)) as again:
        again.consultations.create(consultation("un-autre"), [])
    assert store.redis.get(keys.LAYOUT) == "2"


def test_no_failover_keeps_the_consultations_and_loses_the_layout(store: Store) -> None:
    """They lie in one slot, so a replica that has the later one has the earlier one."""
    slots = {store.redis.execute_command("CLUSTER KEYSLOT", k) for k in (keys.LAYOUT, keys.SLUGS)}
    assert len(slots) == 1


@pytest.mark.parametrize(("number", "told"), [(None, 1), (1, 1), (3, 3)])
def test_a_store_of_another_layout_is_refused_with_what_to_do(
    app: Flask,
    store: Store,
    store_server: EmbeddedStore | LocalCluster,
    opened: Consultation,
    number: int | None,
    told: int,
) -> None:
    """The first releases wrote no number."""
    store.redis.delete(keys.LAYOUT)
    if number:
        store.redis.set(keys.LAYOUT, number)
    with pytest.raises(StoreUnfit) as refused:
        open_store(store_server.url)
    ready = app.test_client().get("/health/ready")
    store.redis.flushall()  # the next test opens it again
    assert str(refused.value) == (
        f"The store was written by another Isoloir (layout {told}, this one needs 2): "
        "take another data folder, or the release that wrote it."
    )
    assert ready.status_code == 503
    assert ready.get_json()["detail"] == str(refused.value)
