"""Decisions: held for ten seconds, undone or settled, by one moderator and once."""

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from server.consultations import moderation
from server.consultations.consultation import Consultation, ProposalState
from server.consultations.errors import (
    AlreadyDecided,
    Closed,
    DecisionReplaced,
    MergeRefused,
    NotPending,
    ProposalChanged,
    SameText,
    UndoTooLate,
    WordingRefused,
)
from server.consultations.moderation import Act, Verdict, accept, merge, refuse
from server.consultations.proposing import RefusalReason
from server.store import keys
from server.store.store import Store
from server.teller.deciding import Deciding
from tests.conftest import consultation, proposals
from tests.store.desk import (
    NORA,
    PAUL,
    let_pass,
    own,
    propose,
    published,
    undo,
    version,
    waiting,
)

LEGAL = RefusalReason.LEGAL


def test_for_ten_seconds_nobody_but_staff_sees_anything_of_a_decision(
    store: Store, opened: Consultation
) -> None:
    first, second = propose(store, opened, "dormir", "manger")
    before = store.consultations.version(opened)
    decisions = store.moderation.decisions
    decisions.decide(opened, NORA, [accept(first, version(store, opened, first))])
    decisions.decide(opened, NORA, [refuse(second, LEGAL)])
    Deciding(store).turn()  # nothing is due
    assert waiting(store, opened) == []
    assert first not in published(store, opened)
    assert own(store, opened, "dormir").proposal.state is ProposalState.PENDING
    assert own(store, opened, "manger").reason is None
    assert store.consultations.version(opened) == before
    held = decisions.held(opened)
    assert [one.proposal for one in held] == [first, second]
    assert all(one.due == one.at + 10_000 for one in held)


def test_when_it_is_due_the_teller_lets_it_take_effect_once(
    store: Store, opened: Consultation
) -> None:
    (number,) = propose(store, opened, "dormir")
    store.moderation.decisions.decide(opened, NORA, [accept(number)])
    let_pass(store, opened, number)
    tellers = [threading.Thread(target=Deciding(store).turn) for _ in range(5)]
    for teller in tellers:
        teller.start()
    for teller in tellers:
        teller.join()
    assert published(store, opened)[number].text == "Il faut dormir davantage"
    assert own(store, opened, "dormir").proposal.state is ProposalState.ACCEPTED
    assert [n for n, _ in store.proposing.accepted_lately(opened, 5)] == [number]
    assert [entry.act for entry in store.moderation.trail.of(opened, number)] == [Act.ACCEPT]
    found = store.moderation.decisions.of(opened, [number])[number]
    assert (found.by, found.act, found.due) == (NORA, Act.ACCEPT, None)


def test_an_undone_decision_waits_again_where_it_stood(store: Store, opened: Consultation) -> None:
    first, second = propose(store, opened, "dormir", "manger")
    before = store.redis.zrange(keys.queue(opened.id), 0, -1, withscores=True)
    store.moderation.decisions.decide(opened, NORA, [refuse(first, LEGAL)])
    undo(store, opened, NORA, first)
    assert waiting(store, opened) == [first, second]
    if before:
        assert store.redis.zrange(keys.queue(opened.id), 0, -1, withscores=True) == before
    let_pass(store, opened, second)
    Deciding(store).turn()
    assert own(store, opened, "dormir").proposal.state is ProposalState.PENDING
    store.moderation.decisions.decide(opened, PAUL, [accept(first)], hold=0)
    assert first in published(store, opened)


def test_what_took_effect_cannot_be_undone(store: Store, opened: Consultation) -> None:
    (number,) = propose(store, opened, "dormir")
    store.moderation.decisions.decide(opened, NORA, [accept(number)], hold=0)
    with pytest.raises(UndoTooLate) as refused:
        undo(store, opened, NORA, number)
    assert refused.value.extra["decision"]["by"] == NORA
    with pytest.raises(UndoTooLate):
        undo(store, opened, NORA, 4000)
    assert number in published(store, opened)


def test_an_old_undo_takes_back_no_decision_of_somebody_else(
    store: Store, opened: Consultation
) -> None:
    (number,) = propose(store, opened, "dormir")
    decisions = store.moderation.decisions
    old = decisions.decide(opened, NORA, [accept(number)])
    decisions.undo(opened, NORA, old, [number])
    with pytest.raises(DecisionReplaced, match=NORA):
        decisions.undo(opened, PAUL, old, [number])
    newer = decisions.decide(opened, PAUL, [refuse(number, LEGAL)])
    with pytest.raises(DecisionReplaced, match=PAUL) as refused:
        decisions.undo(opened, NORA, old, [number])
    assert refused.value.extra["decision"]["reason"] == "legal"
    assert [one.id for one in decisions.held(opened)] == [newer]
    decisions.undo(opened, NORA, newer, [number])  # she means this one
    later = store.clock.now() + 3600_000
    postponed = decisions.decide(opened, PAUL, [moderation.postpone(number, later)])
    with pytest.raises(DecisionReplaced, match="postpone"):
        decisions.undo(opened, NORA, newer, [number])
    decisions.undo(opened, NORA, postponed, [number])


def test_a_group_is_undone_in_one_act_but_for_what_moved_on(
    store: Store, opened: Consultation
) -> None:
    kept, twin, third = propose(store, opened, "dormir", "sommeiller", "roupiller")
    decisions = store.moderation.decisions
    act = decisions.decide(opened, NORA, moderation.merged(kept, [twin, third]))
    assert decisions.undo(opened, NORA, act, [kept, twin, third]) == ()
    assert waiting(store, opened) == [kept, twin, third]
    act = decisions.decide(opened, NORA, moderation.merged(kept, [twin, third]))
    decisions.undo(opened, PAUL, act, [third])
    newer = decisions.decide(opened, PAUL, [refuse(third, LEGAL)])
    assert decisions.undo(opened, NORA, act, [kept, twin, third]) == (third,)
    assert waiting(store, opened) == [kept, twin]
    assert [one.id for one in decisions.held(opened)] == [newer]


def test_the_second_of_two_moderators_is_shown_the_first_ones_decision(
    store: Store, opened: Consultation
) -> None:
    (number,) = propose(store, opened, "dormir")
    decisions = store.moderation.decisions
    decisions.decide(opened, NORA, [refuse(number, LEGAL)])
    for settled in (False, True):
        if settled:
            let_pass(store, opened, number)
            decisions.settle(opened)
        with pytest.raises(AlreadyDecided, match=NORA) as refused:
            decisions.decide(opened, PAUL, [accept(number)])
        first = refused.value.extra["decision"]
        assert (first["by"], first["act"], first["reason"]) == (NORA, "refuse", "legal")
        assert abs(first["at"] - store.clock.now()) < 60_000
    assert own(store, opened, "dormir").reason is LEGAL


def test_of_many_who_decide_at_once_one_is_first(store: Store, opened: Consultation) -> None:
    (number,) = propose(store, opened, "dormir")
    done: list[str] = []
    told: list[str] = []

    def work(n: int) -> None:
        try:
            store.moderation.decisions.decide(opened, f"member-{n}", [accept(number)])
            done.append(f"member-{n}")
        except AlreadyDecided as refusal:
            told.append(refusal.extra["decision"]["by"])

    threads = [threading.Thread(target=work, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 1
    assert told == done * 19


def test_a_decision_is_on_the_very_text_that_was_read(store: Store, opened: Consultation) -> None:
    (number,) = propose(store, opened, "dormir")
    read = version(store, opened, number)
    with pytest.raises(ProposalChanged) as refused:
        store.moderation.decisions.decide(opened, NORA, [accept(number, "0" * 12)])
    assert refused.value.extra["version"] == read
    assert waiting(store, opened) == [number]


def test_a_reply_that_was_lost_makes_no_second_act(
    store: Store, opened: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    (number,) = propose(store, opened, "dormir")
    decisions = store.moderation.decisions
    monkeypatch.setattr("server.store.decisions.secrets.token_urlsafe", lambda _: "the same act")
    for _ in range(2):
        act = decisions.decide(opened, NORA, [accept(number)])
    assert len(store.moderation.trail.of(opened, number)) == 1
    monkeypatch.setattr("server.store.decisions.secrets.token_urlsafe", lambda _: "another")
    for _ in range(2):
        decisions.undo(opened, NORA, act, [number])
    monkeypatch.setattr("server.store.decisions.secrets.token_urlsafe", lambda _: "pressed again")
    decisions.undo(opened, NORA, act, [number])
    assert [entry.act for entry in store.moderation.trail.of(opened, number)] == ["accept", "undo"]


def test_the_spelling_can_be_mended_and_the_former_text_is_kept(
    store: Store, opened: Consultation
) -> None:
    (number,) = propose(store, opened, "dormmir")
    decisions, trail = store.moderation.decisions, store.moderation.trail
    with pytest.raises(WordingRefused):
        decisions.decide(opened, NORA, [accept(number, text="Dormir")])
    decisions.decide(opened, NORA, [accept(number, text="Il faut  dormir davantage")])
    assert own(store, opened, "dormmir").proposal.text == "Il faut dormmir davantage"
    let_pass(store, opened, number)
    decisions.settle(opened)
    assert published(store, opened)[number].text == "Il faut dormir davantage"
    (former,) = trail.former(opened, number)
    assert (former.text, former.by) == ("Il faut dormmir davantage", NORA)
    (entry,) = trail.of(opened, number)
    assert entry.edited
    assert entry.version


def test_an_undone_edit_leaves_nothing(store: Store, opened: Consultation) -> None:
    (number,) = propose(store, opened, "dormmir")
    decisions = store.moderation.decisions
    decisions.decide(opened, NORA, [accept(number, text="Il faut dormir davantage")])
    undo(store, opened, NORA, number)
    assert store.moderation.trail.former(opened, number) == []
    assert not store.redis.exists(keys.edits(opened.id))
    decisions.decide(opened, NORA, [accept(number)], hold=0)
    assert published(store, opened)[number].text == "Il faut dormmir davantage"


def test_a_duplicate_goes_to_the_one_that_stands_for_it(store: Store, opened: Consultation) -> None:
    """Its author is told which, as soon as that one is published, and never shown it before."""
    kept, twin = propose(store, opened, "dormir", "sommeiller")
    store.moderation.decisions.decide(opened, NORA, [merge(twin, kept)], hold=0)
    told = own(store, opened, "sommeiller")
    assert (told.proposal.state, told.reason, told.into) == (ProposalState.PENDING, None, None)
    store.moderation.decisions.decide(opened, NORA, [accept(kept)], hold=0)
    told = own(store, opened, "sommeiller")
    assert (told.proposal.state, told.reason) == (ProposalState.REFUSED, RefusalReason.DUPLICATE)
    assert told.into
    assert told.into.text == "Il faut dormir davantage"
    assert waiting(store, opened) == []


def test_a_duplicate_of_what_is_refused_is_refused_for_the_same_reason(
    store: Store, opened: Consultation
) -> None:
    kept, twin, third = propose(store, opened, "dormir", "sommeiller", "roupiller")
    decisions = store.moderation.decisions
    decisions.decide(opened, NORA, [merge(third, twin)], hold=0)
    decisions.decide(opened, NORA, [merge(twin, kept)], hold=0)
    decisions.decide(opened, NORA, [refuse(kept, LEGAL)], hold=0)
    told = own(store, opened, "roupiller")
    assert (told.proposal.state, told.reason, told.into) == (ProposalState.REFUSED, LEGAL, None)


def test_a_published_duplicate_is_served_no_more_and_keeps_its_ballots(
    store: Store, opened: Consultation
) -> None:
    first, twin = propose(store, opened, "dormir", "sommeiller")
    decisions = store.moderation.decisions
    decisions.decide(opened, NORA, [accept(first), accept(twin)], hold=0)
    store.redis.hset(keys.Box(opened.id, 0).tally(twin), "2.64", 3)
    decisions.decide(opened, NORA, [merge(twin, first)])
    assert twin in published(store, opened)
    let_pass(store, opened, twin)
    decisions.settle(opened)
    assert twin not in published(store, opened)
    told = own(store, opened, "sommeiller")
    assert told.into == published(store, opened)[first]
    assert store.redis.hgetall(keys.Box(opened.id, 0).tally(twin)) == {"2.64": "3"}
    left = {one.id: one.text for one in store.consultations.proposals(opened)}
    assert "sommeiller" not in left[twin]
    assert [n for n, _ in store.proposing.accepted_lately(opened, 5)] == [first]


def test_no_proposal_can_stand_for_itself_or_while_it_goes(
    store: Store, opened: Consultation
) -> None:
    first, twin, third = propose(store, opened, "dormir", "sommeiller", "manger")
    decisions = store.moderation.decisions
    for into in (first, 4000):
        with pytest.raises(MergeRefused):
            decisions.decide(opened, NORA, [merge(first, into)])
    decisions.decide(opened, NORA, [merge(first, twin), refuse(third, LEGAL)])
    for into in (first, third):
        with pytest.raises((MergeRefused, AlreadyDecided)):
            decisions.decide(opened, PAUL, [merge(twin, into)])
    assert waiting(store, opened) == [twin]


def test_a_group_is_judged_in_one_act(store: Store, opened: Consultation) -> None:
    """All or nothing: one of them that somebody else has decided stops the whole."""
    kept, twin, third, other = propose(store, opened, "dormir", "sommeiller", "roupiller", "rire")
    decisions = store.moderation.decisions
    decisions.decide(opened, PAUL, [refuse(third, LEGAL)])
    with pytest.raises(AlreadyDecided):
        decisions.decide(opened, NORA, moderation.merged(kept, [twin, third]))
    assert waiting(store, opened) == [kept, twin, other]
    decisions.decide(opened, NORA, moderation.merged(kept, [kept, twin]), hold=0)
    assert kept in published(store, opened)
    assert own(store, opened, "sommeiller").into
    assert waiting(store, opened) == [other]


def test_what_never_waited_is_not_pending(store: Store, opened: Consultation) -> None:
    for stray in (1, 4000):  # of the file, never made
        with pytest.raises(NotPending, match=str(stray)) as refused:
            store.moderation.decisions.decide(opened, NORA, [accept(stray)])
        assert refused.value.code == "not-pending"


def test_nothing_is_accepted_that_nobody_could_read_before_the_close(
    store: Store, opened: Consultation
) -> None:
    (number,) = propose(store, opened, "dormir")
    soon = replace(opened, closes=datetime.now(UTC) + timedelta(seconds=5))
    with pytest.raises(Closed):
        store.moderation.decisions.decide(soon, NORA, [accept(number)])
    store.moderation.decisions.decide(soon, NORA, [refuse(number, LEGAL)])


def test_a_decision_on_what_its_author_takes_away_comes_to_nothing(
    store: Store, opened: Consultation
) -> None:
    (number,) = propose(store, opened, "dormir")
    edit = accept(number, text="Il faut dormir un peu")
    store.moderation.decisions.decide(opened, NORA, [edit])
    assert store.proposing.forget(opened, "author-dormir") == 1
    Deciding(store).turn()
    assert number not in published(store, opened)
    assert store.moderation.decisions.held(opened) == ()
    assert not store.redis.exists(keys.edits(opened.id))


@pytest.mark.parametrize("settled", [False, True], ids=["held", "merged"])
def test_a_duplicate_of_what_its_author_takes_away_waits_again(
    store: Store, opened: Consultation, settled: bool
) -> None:
    """It was never judged by itself; nobody is told of a proposal that is not there."""
    kept, twin, third, other = propose(store, opened, "dormir", "sommeiller", "roupiller", "rire")
    assert waiting(store, opened) == [kept, twin, third, other]
    decisions = store.moderation.decisions
    verdicts = [merge(twin, kept), merge(third, twin)]
    for verdict in reversed(verdicts):
        decisions.decide(opened, NORA, [verdict])
    if settled:
        for number in (twin, third):
            let_pass(store, opened, number)
        decisions.settle(opened)
    assert store.proposing.forget(opened, "author-dormir") == 1
    for number in () if settled else (twin, third):
        let_pass(store, opened, number)
    Deciding(store).turn()
    assert waiting(store, opened) == [twin, other]
    told = own(store, opened, "sommeiller")
    assert (told.proposal.state, told.reason, told.into) == (ProposalState.PENDING, None, None)
    assert own(store, opened, "roupiller").proposal.state is ProposalState.PENDING  # as its twin
    assert [one.act for one in store.moderation.trail.of(opened, twin)] == ["merge", "undo"]
    decisions.decide(opened, PAUL, [accept(twin)], hold=0)
    assert twin in published(store, opened)
    assert own(store, opened, "roupiller").into


def test_of_a_group_whose_first_is_taken_away_another_one_is_judged(
    store: Store, opened: Consultation
) -> None:
    kept, twin, third = propose(store, opened, "dormir", "sommeiller", "roupiller")
    decisions = store.moderation.decisions
    decisions.decide(opened, NORA, moderation.merged(kept, [twin, third]))
    store.proposing.forget(opened, "author-dormir")
    for number in (twin, third):
        let_pass(store, opened, number)
    decisions.settle(opened)
    assert waiting(store, opened) == [twin, third]
    decisions.decide(opened, PAUL, moderation.merged(twin, [third]), hold=0)
    assert own(store, opened, "roupiller").into == published(store, opened)[twin]


@pytest.mark.parametrize("settled", [False, True], ids=["held", "merged"])
def test_a_published_duplicate_of_what_is_taken_away_is_read_again(
    store: Store, opened: Consultation, settled: bool
) -> None:
    kept, twin = propose(store, opened, "dormir", "sommeiller")
    decisions = store.moderation.decisions
    decisions.decide(opened, NORA, [accept(twin)], hold=0)
    decisions.decide(opened, NORA, [merge(twin, kept)], hold=0 if settled else 10_000)
    assert (twin in published(store, opened)) is not settled
    store.proposing.forget(opened, "author-dormir")
    if not settled:
        let_pass(store, opened, twin)
    before = store.consultations.version(opened)
    decisions.settle(opened)
    assert published(store, opened)[twin].text == "Il faut sommeiller davantage"
    assert (store.consultations.version(opened) > before) is settled  # readers are shown it
    assert waiting(store, opened) == []


def test_a_duplicate_keeps_the_refusal_of_what_is_taken_away(
    store: Store, opened: Consultation
) -> None:
    """Its author was told it: what was decided for both is not decided anew."""
    kept, twin, third = propose(store, opened, "dormir", "sommeiller", "roupiller")
    decisions = store.moderation.decisions
    decisions.decide(opened, NORA, [merge(third, twin)], hold=0)
    decisions.decide(opened, NORA, [merge(twin, kept)], hold=0)
    store.proposing.forget(opened, "author-sommeiller")  # the third is merged into the first now
    assert own(store, opened, "roupiller").proposal.state is ProposalState.PENDING
    decisions.decide(opened, NORA, [refuse(kept, LEGAL)], hold=0)
    store.proposing.forget(opened, "author-dormir")
    Deciding(store).turn()
    told = own(store, opened, "roupiller")
    assert (told.proposal.state, told.reason, told.into) == (ProposalState.REFUSED, LEGAL, None)
    assert waiting(store, opened) == []


@pytest.mark.parametrize("hold", [0, 10_000])
def test_what_readers_never_saw_makes_no_process_read_all_texts_again(
    store: Store, opened: Consultation, hold: int
) -> None:
    """Of 34 000 proposals most are refused or merged: each would cost every process a look."""
    numbers = propose(store, opened, *(f"essayer {n} fois" for n in range(10)))
    brought = [replace(p, state=ProposalState.PENDING) for p in proposals()[:1]]
    store.consultations.add_proposals(opened, brought)
    assert waiting(store, opened)[-1] == brought[0].id
    before = store.consultations.version(opened)
    verdicts = [accept(numbers[0]), *(refuse(n, LEGAL) for n in numbers[1:8])]
    verdicts += [merge(numbers[8], numbers[0]), refuse(brought[0].id, LEGAL)]
    for verdict in verdicts:
        store.moderation.decisions.decide(opened, NORA, [verdict], hold)
        if hold:
            let_pass(store, opened, verdict.proposal)
            Deciding(store).turn()
    assert published(store, opened)[numbers[0]]
    assert waiting(store, opened) == [numbers[9]]
    assert store.consultations.version(opened) - before == 1  # of ten decisions


def test_of_two_with_the_same_text_one_is_accepted(store: Store, opened: Consultation) -> None:
    """Sent at the same time by two readers; the first decision is not to be seen yet."""
    first, same, third = propose(store, opened, "dormir", "DORMIR ", "sommeiller")
    decisions = store.moderation.decisions
    with pytest.raises(SameText):
        decisions.decide(opened, NORA, [accept(first), accept(same)])
    act = decisions.decide(opened, NORA, [accept(first)])
    for verdict in (accept(same), accept(third, text="Il faut  dormir davantage.")):
        with pytest.raises(SameText) as refused:
            decisions.decide(opened, PAUL, [verdict])
        assert refused.value.extra["into"] == first
    decisions.undo(opened, NORA, act, [first])
    act = decisions.decide(opened, PAUL, [accept(same)])
    with pytest.raises(SameText):
        decisions.decide(opened, NORA, [accept(first)])
    let_pass(store, opened, same)
    decisions.settle(opened)
    with pytest.raises(SameText):
        decisions.decide(opened, NORA, [accept(first)], hold=0)
    decisions.decide(opened, NORA, [merge(first, same)], hold=0)
    assert [one.id for one in published(store, opened).values() if "ormir" in one.text.lower()] == [
        same
    ]


def test_a_text_that_is_accepted_no_more_can_be_accepted_again(
    store: Store, opened: Consultation
) -> None:
    first, same, third = propose(store, opened, "dormir", "Dormir", "DORMIR")
    decisions = store.moderation.decisions
    decisions.decide(opened, NORA, [accept(first)], hold=0)
    decisions.take_down(opened, NORA, first, LEGAL)
    decisions.decide(opened, NORA, [accept(same)])
    store.proposing.forget(opened, "author-Dormir")
    assert not {str(first), str(same)} & {*store.redis.hvals(keys.said(opened.id))}
    decisions.put_back(opened, NORA, first)
    with pytest.raises(SameText):
        decisions.decide(opened, NORA, [accept(third)])


def test_of_many_who_accept_the_same_text_at_once_one_does(
    store: Store, opened: Consultation
) -> None:
    texts = ["".join((a, b, c, "mir")) for a in "dD" for b in "oO" for c in "rR"]
    numbers = propose(store, opened, *texts)
    refused: list[int] = []

    def work(number: int) -> None:
        try:
            store.moderation.decisions.decide(opened, f"member-{number}", [accept(number)])
        except SameText as refusal:
            refused.append(refusal.extra["into"])

    threads = [threading.Thread(target=work, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (held,) = store.moderation.decisions.held(opened)
    assert refused == [held.proposal] * 7


def test_what_a_file_brings_is_said_already(store: Store) -> None:
    """Also where it says the same twice itself; what comes back is not said by two."""
    given = proposals()
    given[6] = replace(given[6], text=given[2].text)
    opened = store.consultations.create(consultation(proposing=True), given)
    assert {3, 7} <= set(published(store, opened))
    (number,) = propose(store, opened, "dormir")
    decisions = store.moderation.decisions
    again = accept(number, text=given[2].text)
    with pytest.raises(SameText) as refused:
        decisions.decide(opened, NORA, [again])
    assert refused.value.extra["into"] == 3
    for twin in (7, 3):
        decisions.take_down(opened, NORA, twin, LEGAL)
    act = decisions.decide(opened, NORA, [again])
    with pytest.raises(SameText):
        decisions.put_back(opened, NORA, 3)
    decisions.undo(opened, NORA, act, [number])
    decisions.put_back(opened, NORA, 3)
    with pytest.raises(SameText) as refused:
        decisions.put_back(opened, NORA, 7)
    assert refused.value.extra["into"] == 3
    with pytest.raises(SameText):
        decisions.decide(opened, NORA, [again])


def test_what_is_put_back_is_not_said_by_another_one(store: Store, opened: Consultation) -> None:
    first, same = propose(store, opened, "dormir", "Dormir")
    decisions = store.moderation.decisions
    decisions.decide(opened, NORA, [accept(first)], hold=0)
    decisions.take_down(opened, NORA, first, LEGAL)
    decisions.decide(opened, NORA, [accept(same)], hold=0)
    with pytest.raises(SameText) as refused:
        decisions.put_back(opened, NORA, first)
    assert refused.value.extra["into"] == same
    assert first not in published(store, opened)
    decisions.take_down(opened, NORA, same, LEGAL)
    decisions.put_back(opened, NORA, first)
    assert first in published(store, opened)


def test_what_a_teller_of_before_let_take_effect_is_unsaid_too(
    store: Store, opened: Consultation
) -> None:
    """It knew no digest: the decision keeps it, and the proposal has none."""
    (number,) = propose(store, opened, "dormir")
    decisions, name = store.moderation.decisions, str(number)
    decisions.decide(opened, NORA, [accept(number)])
    held = json.loads(store.redis.hget(keys.decided(opened.id), name))
    let_pass(store, opened, number)
    decisions.settle(opened)
    settled = json.loads(store.redis.hget(keys.decided(opened.id), name)) | {"said": held["said"]}
    kept = json.loads(store.redis.hget(keys.proposals(opened.id), name))
    del kept["said"]
    store.redis.hset(keys.decided(opened.id), name, json.dumps(settled))
    store.redis.hset(keys.proposals(opened.id), name, json.dumps(kept))
    decisions.take_down(opened, NORA, number, LEGAL)
    store.proposing.forget(opened, "author-dormir")
    assert held["said"] not in store.redis.hkeys(keys.said(opened.id))


@pytest.mark.parametrize("decide", [accept, lambda n: refuse(n, LEGAL)])
def test_what_was_postponed_is_again_once_its_decision_is_undone(
    store: Store, opened: Consultation, decide: Callable[[int], Verdict]
) -> None:
    number, other = propose(store, opened, "dormir", "manger")
    assert waiting(store, opened) == [number, other]
    decisions, later = store.moderation.decisions, store.clock.now() + 3600_000
    decisions.decide(opened, NORA, [moderation.postpone(number, later, "qui relit ?")])
    before = store.moderation.cases.one(opened, number)
    act = decisions.decide(opened, PAUL, [decide(number)])
    held = store.moderation.cases.one(opened, number)
    assert held
    assert held.postponed is None
    decisions.undo(opened, PAUL, act, [number])
    again = store.moderation.cases.one(opened, number)
    assert before
    assert again
    assert (again.postponed, again.since) == (before.postponed, before.since)
    assert waiting(store, opened) == [other, number]
    (figures,) = store.moderation.queue.figures([opened])
    assert (figures.waiting, figures.postponed) == (1, 1)
    decisions.decide(opened, PAUL, [decide(number)], hold=0)
    assert "qui relit" not in store.redis.hget(keys.decided(opened.id), str(number))


def test_of_what_is_refused_it_is_known_when_it_came_in(store: Store, opened: Consultation) -> None:
    refused, merged, kept = propose(store, opened, "dormir", "manger", "rire")
    before = [own(store, opened, text).at for text in ("dormir", "manger")]
    verdicts = [refuse(refused, LEGAL), merge(merged, kept)]
    store.moderation.decisions.decide(opened, NORA, verdicts, hold=0)
    assert None not in before
    assert [own(store, opened, text).at for text in ("dormir", "manger")] == before


def test_what_would_come_back_by_itself_stays_if_readers_have_the_same_text(
    store: Store, opened: Consultation
) -> None:
    kept, twin, same = propose(store, opened, "sommeiller", "dormir", "Dormir")
    decisions = store.moderation.decisions
    decisions.decide(opened, NORA, [accept(twin)], hold=0)
    decisions.decide(opened, NORA, [merge(twin, kept)], hold=0)
    decisions.decide(opened, NORA, [accept(same)], hold=0)
    store.proposing.forget(opened, "author-sommeiller")
    Deciding(store).turn()
    assert twin not in published(store, opened)
    assert own(store, opened, "dormir").into == published(store, opened)[same]
    last = store.moderation.trail.of(opened, twin)[-1]
    assert (last.act, last.into) == (Act.MERGE, same)
    store.proposing.forget(opened, "author-Dormir")  # published: it stays, and so does this
    Deciding(store).turn()
    assert own(store, opened, "dormir").into == published(store, opened)[same]
