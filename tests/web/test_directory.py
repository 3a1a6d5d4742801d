"""What a process remembers of a consultation, and for how long."""

import os
import signal
import threading
from pathlib import Path

import pytest

from server.consultations.consultation import Consultation
from server.consultations.errors import StoreUnavailable
from server.store.store import Store, open_store
from server.supervisor.embedded import EmbeddedStore
from server.web import directory
from server.web.directory import Directory
from tests.conftest import consultation, proposals


def test_a_change_is_seen_once_the_second_is_over(
    store: Store, opened: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = Directory(store)
    clock = [100.0]
    monkeypatch.setattr(directory.time, "monotonic", lambda: clock[0])
    assert known.find(opened.slug).version == 1
    store.consultations.replace(opened)
    clock[0] += 0.9
    assert known.find(opened.slug).version == 1
    clock[0] += 0.2
    assert known.find(opened.slug).version == 2


@pytest.mark.one_server
def test_while_one_request_looks_the_others_go_on_with_what_is_known(
    store_server: EmbeddedStore,
    store: Store,
    opened: Consultation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The store is frozen: whoever asks it waits, so these twenty cannot have asked."""
    known = Directory(store)
    known.find(opened.slug)
    now = known._snapshots[opened.slug].seen + 2
    monkeypatch.setattr(directory.time, "monotonic", lambda: now)
    looking = threading.Thread(target=known.find, args=(opened.slug,))
    assert store_server.pid
    os.kill(store_server.pid, signal.SIGSTOP)
    try:
        looking.start()
        while not known._looking:
            assert looking.is_alive()
        assert [known.find(opened.slug).version for _ in range(20)] == [1] * 20
        assert looking.is_alive()
    finally:
        os.kill(store_server.pid, signal.SIGCONT)
        looking.join()
    assert known._snapshots[opened.slug].seen == now


def test_a_stale_memory_is_not_served_for_ever(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with EmbeddedStore(data) as server:
        store = open_store(server.url)
        slug = store.consultations.create(consultation(), proposals()).slug
        known = Directory(store)
        known.find(slug)
    clock = [known._snapshots[slug].seen]
    monkeypatch.setattr(directory.time, "monotonic", lambda: clock[0])
    clock[0] += directory.STALE - 1
    assert known.find(slug).version == 1
    clock[0] += 2
    with pytest.raises(StoreUnavailable):
        known.find(slug)
    store.close()


def test_what_nobody_asks_for_is_let_go(
    store: Store, opened: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or a process would hold every consultation there ever was, with its results."""
    past = store.consultations.create(consultation("passee"), proposals())
    for one in (past, opened):
        store.published.publish_decks(one, [[1, 2, 3]])
    clock = [100.0]
    monkeypatch.setattr(directory.time, "monotonic", lambda: clock[0])
    known = Directory(store)
    for _ in range(4):
        known.find(opened.slug)
        if clock[0] == 100.0:
            known.find(past.slug)
        clock[0] += directory.UNASKED / 2 + 1
    assert set(known._snapshots) == {opened.slug}
    assert not any(f"{{{past.id}}}" in key for key in store.published._last)
    assert known.find(past.slug).decks == ((1, 2, 3),)
