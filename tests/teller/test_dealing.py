"""The teller deals decks every few seconds, and readers are served from them."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from server.consultations.consultation import Consultation, Proposal, ProposalState
from server.consultations.proposing import Draft
from server.store.store import Store
from server.teller.candidates import Candidates
from server.teller.counting import Counting
from server.teller.dealing import AT_ONCE, DECKS, PAUSE, Dealing
from server.teller.listing import Lister
from tests.conftest import consultation, proposals
from tests.store.casting import cast, publish


class Teller:
    """Counts and deals, by a clock that is moved by hand."""

    def __init__(self, store: Store) -> None:
        self.store, self.clock, self.now = store, 1000.0, datetime.now(UTC)
        self.counting = Counting(store)
        candidates = Candidates(store, self.counting)
        self.dealing = Dealing(
            store, candidates, lambda: self.now, random.Random(3), lambda: self.clock
        )

    def turn(self, after: float = 0.5) -> None:
        self.clock += after
        self.counting.turn()
        self.dealing.turn()

    def fill(self) -> None:
        for _ in range(DECKS // AT_ONCE):
            self.turn()


@pytest.fixture
def teller(store: Store) -> Teller:
    return Teller(store)


def decks(store: Store, opened: Consultation) -> tuple[tuple[int, ...], ...]:
    return tuple(store.published.glance(opened).decks)  # type: ignore[arg-type]


def test_the_table_fills_turn_by_turn_and_then_a_few_decks_change_at_a_time(
    store: Store, opened: Consultation, teller: Teller
) -> None:
    teller.turn()
    assert len(decks(store, opened)) == AT_ONCE, "the first readers need not wait for the others"
    teller.fill()
    full = decks(store, opened)
    assert len(full) == DECKS
    cast(store, opened, "nora")
    teller.turn(PAUSE)
    changed = [one != other for one, other in zip(full, decks(store, opened), strict=True)]
    assert sum(changed) <= AT_ONCE
    teller.turn(PAUSE - 0.1)
    assert decks(store, opened) != full


def test_nothing_is_dealt_where_nothing_changes_or_no_vote_is_taken(
    store: Store, opened: Consultation, teller: Teller
) -> None:
    teller.fill()
    full = decks(store, opened)
    teller.turn(PAUSE)
    assert decks(store, opened) == full
    other = store.consultations.create(consultation("bientot"), proposals(5))
    store.consultations.replace(replace(other, opens=teller.now + timedelta(hours=1)))
    teller.turn(PAUSE)
    assert decks(store, other) == ()
    teller.now += timedelta(hours=2)
    teller.turn()
    assert len(decks(store, other)) == AT_ONCE


def test_a_proposal_accepted_is_dealt_and_one_taken_back_is_served_no_more(
    store: Store, opened: Consultation, teller: Teller, app: Flask
) -> None:
    teller.fill()
    added = [Proposal(900 + n, f"Il faut essayer encore {n} fois", "fr") for n in range(2)]
    store.consultations.add_proposals(opened, added)
    for _ in range(DECKS // AT_ONCE):
        teller.turn(PAUSE)
    assert all(len(deck) == 12 for deck in decks(store, opened))
    assert any(900 in deck for deck in decks(store, opened))
    gone = [replace(one, state=ProposalState.REFUSED) for one in added]
    store.consultations.add_proposals(opened, gone)
    served = app.test_client().get(f"/api/v1/consultations/{opened.slug}/deck").get_json()
    assert not {900, 901} & {one["id"] for one in served["proposals"]}


def test_the_rules_of_the_consultation_are_kept(store: Store, teller: Teller) -> None:
    made = consultation("regles")
    made = replace(made, deck=replace(made.deck, size=6, new=1))
    opened = store.consultations.create(made, proposals(24))
    assert store.consultations.by_slug("regles").deck.size == 6
    teller.turn()
    assert all(len(deck) == 6 for deck in decks(store, opened))


def test_who_proposed_several_without_a_name_is_met_once_in_a_deck(
    store: Store, teller: Teller
) -> None:
    opened = store.consultations.create(consultation("une-voix"), proposals(4))
    made = []
    for number, author in enumerate(("somebody-1", "somebody-1", "somebody-1", "another-2")):
        draft = Draft(f"Il faut essayer aussi {number} fois", "fr")
        made.append(store.proposing.propose(opened, author, draft, number, 1).proposal.id)
    store.proposing.accept(opened, made)
    teller.turn()
    for deck in decks(store, opened):
        assert len(set(deck) & set(made[:3])) == 1
        assert made[3] in deck
    store.proposing.forget(opened, "somebody-1")
    assert set(store.proposing.authors(opened)) == {made[3]}


def test_what_was_never_counted_is_neither_dealt_nor_listed(
    store: Store, opened: Consultation
) -> None:
    """As after a restart while a part of the store is away: nothing is published as if unvoted."""
    cast(store, opened, "nora")
    publish(store, opened)
    before = store.published.glance(opened).lists
    candidates = Candidates(store, Counting(store))
    Lister(store, candidates, lambda: datetime.now(UTC)).turn()
    Dealing(store, candidates, lambda: datetime.now(UTC)).turn()
    after = store.published.glance(opened)
    assert (after.lists, after.decks) == (before, ())
