"""What is over leaves the teller's memory; what staff do with it later is published all the same."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from server.consultations.consultation import Consultation
from server.consultations.proposing import RefusalReason
from server.consultations.standings import SUPPORTED
from server.store.store import Store
from server.teller.candidates import Candidates
from server.teller.counting import Counting
from server.teller.dealing import Dealing
from server.teller.listing import PAST, PAUSE, Lister
from tests.conftest import proposals
from tests.store.casting import cast


class Teller:
    """All that keeps something of a consultation, by clocks that are moved by hand."""

    def __init__(self, store: Store) -> None:
        self.store, self.clock, self.now = store, 1000.0, datetime.now(UTC)
        self.counting = Counting(store)
        self.candidates = Candidates(store, self.counting)
        self.dealing = Dealing(
            store, self.candidates, lambda: self.now, random.Random(3), lambda: self.clock
        )
        self.lister = Lister(store, self.candidates, lambda: self.now, lambda: self.clock)

    def turn(self, after: float = 0.5) -> None:
        self.clock += after
        for part in (self.counting, self.dealing, self.lister):
            part.turn()

    def keeps(self, opened: Consultation) -> list[bool]:
        counted = self.counting._counted.get(opened.id)
        return [
            opened.id in self.candidates._known,
            opened.id in self.dealing._tables,
            opened.id in self.lister._stamps,
            bool(counted and counted.counts),
        ]


@pytest.fixture
def teller(store: Store) -> Teller:
    return Teller(store)


def supported(store: Store, opened: Consultation) -> list[int]:
    lists = store.published.glance(opened).lists
    return [row[0] for row in lists[SUPPORTED]] if lists else []


def test_a_consultation_that_is_over_leaves_and_its_lists_stay(
    store: Store, opened: Consultation, teller: Teller
) -> None:
    cast(store, opened, "nora")
    teller.turn()
    assert teller.keeps(opened) == [True] * 4
    store.ballots.seal(opened)
    teller.now = opened.closes + timedelta(seconds=1)
    teller.turn(PAUSE)
    assert teller.keeps(opened) == [False] * 4
    assert supported(store, opened) == [5]


def test_one_that_is_over_is_listed_again_only_when_it_has_changed(
    store: Store, opened: Consultation, teller: Teller
) -> None:
    """Such as by a take-down. Published again it would read as new to every process."""
    cast(store, opened, "nora")
    cast(store, opened, "awa", 7)
    teller.now = opened.closes + timedelta(seconds=1)
    teller.turn()
    store.published.publish_lists(opened, {SUPPORTED: []})
    teller.turn(PAST)
    assert supported(store, opened) == [], "nothing was looked at, nothing was published"
    store.moderation.decisions.take_down(opened, "Nora", 7, RefusalReason.LEGAL)
    teller.turn(PAST - 1)
    assert supported(store, opened) == []
    teller.turn(1)
    assert supported(store, opened) == [5]
    assert teller.keeps(opened) == [False] * 4


def test_a_teller_that_starts_does_not_list_anew_what_is_long_over(
    store: Store, opened: Consultation, teller: Teller
) -> None:
    """Only what has no lists at all."""
    cast(store, opened, "nora")
    other = store.consultations.create(replace(opened, slug="ailleurs"), proposals(3))
    store.published.publish_lists(opened, {SUPPORTED: []})
    cast(store, other, "nora", 2)
    teller.now = opened.closes + timedelta(seconds=1)
    teller.turn()
    assert (supported(store, opened), supported(store, other)) == ([], [2])


def test_a_consultation_that_is_prolonged_after_its_end_is_dealt_again(
    store: Store, opened: Consultation, teller: Teller
) -> None:
    """What was let go is counted anew, and no vote is missed."""
    cast(store, opened, "nora")
    teller.turn()
    teller.now = opened.closes + timedelta(seconds=1)
    teller.turn()
    store.consultations.replace(replace(opened, closes=teller.now + timedelta(days=1)))
    teller.turn()
    teller.turn()
    assert teller.keeps(opened)[:2] == [True, True]
    counts = teller.counting.counts(opened)
    assert counts is not None
    assert sum(one.total for one in counts.values()) == 1
