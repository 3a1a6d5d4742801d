"""Dossiers are kept as they were frozen, each version once, together with the line in the trail."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from server.staff.acts import by_operator
from server.store.dossiers import Dossier, Withdrawn
from server.store.store import Store

FIRST = Dossier(1, 1_790_000_000_000, "fr", "Mieux dormir", "<p>É…</p>", {"map": "<svg/>"}, "ab12")
ACT = by_operator("dossier-published", "sommeil", "1")


def test_a_version_reads_back_as_it_was_frozen(store: Store) -> None:
    second = replace(FIRST, version=2, html="<p>Autre</p>")
    assert store.dossiers.append("7", FIRST, ACT)
    assert store.dossiers.append("7", second, ACT)
    assert store.dossiers.read("7", 1) == FIRST
    assert store.dossiers.every("7") == [second, FIRST]
    assert store.dossiers.versions("7") == 2


def test_what_was_never_published_is_not_there(store: Store) -> None:
    store.dossiers.append("7", FIRST, ACT)
    assert store.dossiers.read("8", 1) is None
    assert store.dossiers.read("7", 2) is None
    assert store.dossiers.read("7", 0) is None
    assert store.dossiers.read("operation:7", 1) is None


def test_of_many_who_publish_at_once_one_succeeds_and_the_trail_has_one_line(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        each = [replace(FIRST, html=f"<p>{number}</p>") for number in range(20)]
        done = list(pool.map(lambda one: store.dossiers.append("7", one, ACT), each))
    assert done.count(True) == 1
    assert store.dossiers.versions("7") == 1
    assert [one.act for one in store.acts.latest()] == [ACT]


def test_said_twice_as_after_a_lost_answer_it_is_published_once(store: Store) -> None:
    assert store.dossiers.append("7", FIRST, ACT)
    assert store.dossiers.append("7", FIRST, ACT)
    assert store.dossiers.versions("7") == 1
    assert len(store.acts.latest()) == 1


def test_of_a_withdrawn_version_only_why_and_when_are_left(store: Store) -> None:
    store.dossiers.append("7", FIRST, ACT)
    gone = by_operator("dossier-withdrawn", "sommeil", "1 Par décision de justice")
    assert store.dossiers.withdraw("7", 1, "Par décision de justice", 9, gone)
    assert not store.dossiers.withdraw("7", 1, "Encore", 10, gone), "it is gone already"
    assert not store.dossiers.withdraw("7", 2, "Jamais vue", 10, gone)
    left = store.dossiers.read("7", 1)
    assert left is not None
    assert (left.html, left.charts, left.digest) == ("", {}, FIRST.digest)
    assert left.withdrawn == Withdrawn("Par décision de justice", 9)
    assert [one.act for one in store.acts.latest()] == [gone, ACT]
    assert store.dossiers.versions("7") == 1, "its number is not given again"


def test_no_version_is_left_out(store: Store) -> None:
    assert not store.dossiers.append("7", replace(FIRST, version=2), ACT)
    assert store.dossiers.versions("7") == 0
    assert store.acts.latest() == ()
