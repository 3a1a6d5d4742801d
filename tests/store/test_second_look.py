"""One decision in twenty is judged again by somebody who does not see the first."""

from collections.abc import Callable

import pytest

from server.consultations.consultation import Consultation, ProposalState
from server.consultations.errors import NotSampled
from server.consultations.moderation import Agreement, accept, is_sampled, merge, refuse
from server.consultations.proposing import RefusalReason
from server.store import keys
from server.store.store import Store
from tests.store.desk import NORA, PAUL, propose, published, undo


@pytest.fixture
def drawn(store: Store, opened: Consultation, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Two proposals that the sample draws, and one that it does not."""
    numbers = propose(store, opened, "dormmir", "manger", "rire")
    monkeypatch.setattr("server.store.decisions.is_sampled", lambda _, __, n: n != numbers[2])
    return numbers


def test_it_is_judged_blind_and_changes_nothing(
    store: Store, opened: Consultation, drawn: list[int]
) -> None:
    decisions, second = store.moderation.decisions, store.moderation.second
    edit = accept(drawn[0], text="Il faut dormir davantage")
    decisions.decide(opened, NORA, [edit, refuse(drawn[1], RefusalReason.LEGAL)], hold=0)
    decisions.decide(opened, NORA, [accept(drawn[2])], hold=0)
    assert second.next(NORA, [opened]) is None  # her own
    for reason in (None, RefusalReason.PARTISAN):
        case = second.next(PAUL, [opened])
        assert case
        shown = case.submission
        assert (shown.proposal.state, shown.reason) == (ProposalState.PENDING, None)
        assert (case.decision, case.labels) == (None, ())
        if reason is None:
            assert shown.proposal.text == "Il faut dormmir davantage"
        second.judge(opened, PAUL, shown.proposal.id, reason)
    assert second.next(PAUL, [opened]) is None
    assert second.agreement(opened) == [Agreement("accept", 1, 1), Agreement("legal", 1, 0)]
    assert published(store, opened)[drawn[0]].text == "Il faut dormir davantage"
    assert drawn[1] not in published(store, opened)


def test_nobody_judges_their_own_or_twice_or_what_is_not_drawn(
    store: Store, opened: Consultation, drawn: list[int]
) -> None:
    decisions, second = store.moderation.decisions, store.moderation.second
    decisions.decide(opened, NORA, [accept(drawn[0]), accept(drawn[2])], hold=0)
    for by, number in ((NORA, drawn[0]), (PAUL, drawn[2]), (PAUL, 4000)):
        with pytest.raises(NotSampled):
            second.judge(opened, by, number, None)
    second.judge(opened, PAUL, drawn[0], None)
    second.judge(opened, PAUL, drawn[0], None)  # a reply that was lost
    with pytest.raises(NotSampled):
        second.judge(opened, "third", drawn[0], None)
    assert second.agreement(opened) == [Agreement("accept", 1, 1)]


def test_ones_own_keep_nobody_from_what_comes_after_them(
    store: Store, opened: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many they are, only some are looked at in one go, and none of them again."""
    monkeypatch.setattr("server.store.decisions.is_sampled", lambda *_: True)
    monkeypatch.setattr("server.store.second.HEADS", 3)
    monkeypatch.setattr("server.store.second.PAGES", 2)
    numbers = propose(store, opened, *(f"essayer {n} fois" for n in range(18)))
    decisions, second = store.moderation.decisions, store.moderation.second
    for start in range(0, 16, 4):  # four take effect in the same instant
        decisions.decide(opened, NORA, [accept(n) for n in numbers[start : start + 4]], hold=0)
        for n in numbers[start : start + 4]:
            store.redis.zincrby(keys.second(opened.id), start, n)  # as if a while after the last
    decisions.decide(opened, PAUL, [accept(n) for n in numbers[16:]], hold=0)
    for n in numbers[16:]:
        store.redis.zincrby(keys.second(opened.id), 16, n)
    found = [second.next(NORA, [opened]) for _ in range(8)]
    assert found[0] is None
    assert found[-1]
    assert found[-1].submission.proposal.id == numbers[16]
    second.judge(opened, NORA, numbers[16], None)
    case = second.next(NORA, [opened])
    assert case
    assert case.submission.proposal.id == numbers[17]
    case = second.next(PAUL, [opened])
    assert case
    assert case.submission.proposal.id in numbers[:4]


def test_the_sample_is_five_percent_and_nobody_can_choose_it() -> None:
    key = b"k" * 32
    drawn = [number for number in range(20_000) if is_sampled(key, "c", number)]
    assert 850 < len(drawn) < 1150
    assert drawn == [number for number in range(20_000) if is_sampled(key, "c", number)]
    assert drawn != [number for number in range(20_000) if is_sampled(b"l" * 32, "c", number)]


def take_down(store: Store, opened: Consultation, number: int) -> None:
    store.moderation.decisions.take_down(opened, "third", number, RefusalReason.LEGAL)


def put_back(store: Store, opened: Consultation, number: int) -> None:
    take_down(store, opened, number)
    store.moderation.decisions.put_back(opened, "third", number)


def undo_a_merge(store: Store, opened: Consultation, number: int) -> None:
    store.moderation.decisions.decide(opened, "third", [merge(number, 1)])
    undo(store, opened, "third", number)


@pytest.mark.parametrize("later", [take_down, put_back, undo_a_merge])
def test_the_first_verdict_counts_whatever_came_after_it(
    store: Store, opened: Consultation, drawn: list[int], later: Callable[..., None]
) -> None:
    """What was put right is what two would have disagreed on: left out, agreement looked better."""
    second = store.moderation.second
    store.moderation.decisions.decide(opened, NORA, [accept(drawn[0])], hold=0)
    later(store, opened, drawn[0])
    assert second.next(NORA, [opened]) is None  # it was hers
    assert second.next("third", [opened]) is None  # who knows what became of it
    with pytest.raises(NotSampled):
        second.judge(opened, "third", drawn[0], None)
    case = second.next(PAUL, [opened])
    assert case
    assert case.submission.proposal.text == "Il faut dormmir davantage"
    second.judge(opened, PAUL, drawn[0], RefusalReason.LEGAL)
    second.judge(opened, PAUL, drawn[0], RefusalReason.LEGAL)  # a reply that was lost
    assert second.agreement(opened) == [Agreement("accept", 1, 0)]
    assert second.next(PAUL, [opened]) is None
    assert not store.redis.exists(keys.sampled(opened.id))


def test_what_a_process_of_before_has_drawn_is_judged_or_dropped(
    store: Store, opened: Consultation, drawn: list[int]
) -> None:
    """It kept no first verdict: that of the last decision counts, if it is the first one."""
    decisions, second = store.moderation.decisions, store.moderation.second
    decisions.decide(opened, NORA, [accept(drawn[0]), accept(drawn[1])], hold=0)
    store.redis.delete(keys.sampled(opened.id))
    put_back(store, opened, drawn[0])
    with pytest.raises(NotSampled):
        second.judge(opened, PAUL, drawn[0], None)
    second.judge(opened, PAUL, drawn[1], None)
    assert second.agreement(opened) == [Agreement("accept", 1, 1)]
    assert second.next(PAUL, [opened]) is None
