"""The queue: the promise that ends first comes first, and no two moderators meet over one text."""

import threading
from dataclasses import replace
from itertools import islice

import pytest

from server.consultations.consultation import Consultation, ProposalState
from server.consultations.errors import LabelUnknown
from server.consultations.moderation import accept, postpone, refuse
from server.consultations.proposing import RefusalReason
from server.consultations.queue import HOUR, Case
from server.store import keys
from server.store.connection import primaries
from server.store.store import Store
from tests.conftest import consultation, proposals
from tests.store.desk import NORA, PAUL, propose, undo, waiting

HOURS = 3600_000


def number(case: Case | None) -> int | None:
    return case.submission.proposal.id if case else None


def age(store: Store, opened: Consultation, proposal: int, hours: float) -> None:
    """Have a proposal wait for longer: its place in the queue says since when."""
    store.moderation.index.catch_up([opened])
    store.redis.zincrby(keys.queue(opened.id), -hours * HOURS, proposal)


@pytest.fixture
def others(store: Store) -> list[Consultation]:
    return [store.consultations.create(consultation(f"debat-{n}"), proposals(3)) for n in range(3)]


def test_one_queue_over_all_consultations_oldest_first(
    store: Store, others: list[Consultation]
) -> None:
    for place, one in enumerate(others):
        numbers = propose(store, one, "dormir", "manger")
        age(store, one, numbers[0], hours=10 * place)
        age(store, one, numbers[1], hours=5)
    queue, met = store.moderation.queue, []
    while case := queue.take_next(NORA, others):
        met.append((case.consultation.slug, number(case)))
        store.moderation.decisions.decide(case.consultation, NORA, [accept(number(case) or 0)])
    assert met == [
        ("debat-2", 4),
        ("debat-1", 4),
        *sorted([("debat-0", 5), ("debat-1", 5), ("debat-2", 5)], key=met.index),
        ("debat-0", 4),
    ]


def test_two_moderators_never_get_the_same(store: Store, opened: Consultation) -> None:
    propose(store, opened, *(f"essayer {n} fois" for n in range(30)))
    found: list[int | None] = []

    def work(by: str) -> None:
        for _ in range(10):
            case = store.moderation.queue.take_next(by, [opened])
            found.append(number(case))
            assert case
            store.moderation.decisions.decide(opened, by, [accept(number(case) or 0, case.version)])

    threads = [threading.Thread(target=work, args=(f"member-{n}",)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(int, filter(None, found))) == list(range(25, 55))


def test_what_another_looks_at_is_passed_over_but_can_be_decided(
    store: Store, opened: Consultation
) -> None:
    first, second = propose(store, opened, "dormir", "manger")
    queue = store.moderation.queue
    hers = queue.take_next(NORA, [opened])
    assert (number(hers), hers and hers.holder) == (first, None)
    assert number(queue.take_next(PAUL, [opened])) == second
    assert queue.take_next("third", [opened]) is None
    seen = queue.look(opened, PAUL, first)
    assert seen
    assert seen.holder == NORA
    assert number(queue.take_next(NORA, [opened])) == first  # still hers
    queue.release(opened, PAUL, first)  # not his to let go
    assert queue.take_next("third", [opened]) is None
    store.moderation.decisions.decide(opened, PAUL, [accept(first)])
    undo(store, opened, PAUL, first)
    assert number(queue.take_next("third", [opened])) == first  # the decision has let it go
    queue.release(opened, "third", first)
    assert number(queue.take_next(NORA, [opened])) == first


def test_a_look_ends_by_itself_unless_it_is_renewed(store: Store, opened: Consultation) -> None:
    (only,) = propose(store, opened, "dormir")
    queue = store.moderation.queue
    queue.take_next(NORA, [opened])
    until, who = store.redis.hget(keys.looking(opened.id), only).split(" ", 1)
    assert 50_000 < int(until) - store.clock.now() <= 61_000
    store.redis.hset(keys.looking(opened.id), only, f"{store.clock.now() - 1} {who}")
    assert number(queue.take_next(PAUL, [opened])) == only
    queue.look(opened, NORA, only)
    assert store.redis.hget(keys.looking(opened.id), only).endswith(PAUL)


def test_what_a_moderator_puts_aside_comes_after_the_others(
    store: Store, opened: Consultation
) -> None:
    first, second = propose(store, opened, "dormir", "manger")
    queue = store.moderation.queue
    aside = [(opened.id, first)]
    assert number(queue.take_next(NORA, [opened], aside)) == second
    assert queue.take_next(NORA, [opened], [*aside, (opened.id, second)]) is None


def test_what_is_postponed_waits_at_the_end_until_its_instant(
    store: Store, opened: Consultation
) -> None:
    first, second = propose(store, opened, "dormir", "manger")
    queue, decisions = store.moderation.queue, store.moderation.decisions
    later = store.clock.now() + HOUR
    decisions.decide(opened, NORA, [postpone(first, later, "Demander à la juriste.")])
    assert waiting(store, opened) == [second, first]
    case = store.moderation.cases.one(opened, first)
    assert case
    assert case.postponed
    assert (case.postponed.by, case.postponed.note) == (NORA, "Demander à la juriste.")
    assert number(queue.take_next(PAUL, [opened], [(opened.id, second)])) is None
    (figures,) = queue.figures([opened])
    assert (figures.waiting, figures.postponed) == (1, 1)
    store.redis.zincrby(keys.queue(opened.id), -2 * HOUR, first)  # two hours later
    (figures,) = queue.figures([opened])
    assert (figures.waiting, figures.postponed) == (2, 0)
    assert number(queue.take_next(PAUL, [opened])) == first
    assert waiting(store, opened) == [first, second]


def test_a_postponement_can_be_undone(store: Store, opened: Consultation) -> None:
    first, second = propose(store, opened, "dormir", "manger")
    later = store.clock.now() + HOUR
    store.moderation.decisions.decide(opened, NORA, [postpone(first, later)])
    undo(store, opened, NORA, first)
    assert waiting(store, opened) == [first, second]


def test_the_figures_say_when_it_will_be_empty(store: Store, opened: Consultation) -> None:
    numbers = propose(store, opened, *(f"essayer {n} fois" for n in range(6)))
    queue = store.moderation.queue
    age(store, opened, numbers[0], hours=3)
    for one in numbers:  # they came in before this hour
        store.redis.zadd(keys.arrivals(opened.id), {one: store.clock.now() - 2 * HOUR})
    for one in numbers[1:4]:
        store.moderation.decisions.decide(opened, NORA, [accept(one)])
    (found,) = queue.figures([opened])
    now = store.clock.now()
    assert (found.waiting, found.decided, found.arrived) == (3, 3, 0)
    assert found.oldest
    assert 3 * HOUR - 1000 < now - found.oldest < 3 * HOUR + 60_000
    assert found.empty_at(now) == now + HOUR
    propose(store, opened, "a", "b", "c")
    (found,) = queue.figures([opened])
    assert (found.waiting, found.arrived, found.empty_at(now)) == (6, 3, None)


def test_what_waits_from_before_there_was_a_queue_is_found(
    store: Store, opened: Consultation
) -> None:
    numbers = propose(store, opened, "dormir", "manger")
    waiting(store, opened)
    for key in (keys.queue, keys.indexed, keys.arrivals):
        store.redis.delete(key(opened.id))
    assert number(store.moderation.queue.take_next(NORA, [opened])) == numbers[0]
    assert waiting(store, opened) == numbers


def test_what_a_file_brings_to_be_decided_is_found(store: Store, opened: Consultation) -> None:
    waiting(store, opened)
    brought = [replace(p, state=ProposalState.PENDING) for p in proposals()[:2]]
    store.consultations.add_proposals(opened, brought)
    assert waiting(store, opened) == [1, 2]


def test_an_act_of_staff_makes_nobody_read_all_texts_again(
    store: Store, opened: Consultation
) -> None:
    """34 000 of them are some five megabytes, and staff decide every few seconds."""
    propose(store, opened, *(f"essayer {n} fois" for n in range(3)))
    queue = store.moderation.queue
    queue.take_next(NORA, [opened])
    nodes = primaries(store.redis)
    for node in nodes:
        node.config_resetstat()
    store.moderation.decisions.decide(opened, NORA, [accept(25)], hold=0)
    store.moderation.decisions.take_down(opened, NORA, 25, RefusalReason.LEGAL)
    store.proposing.forget(opened, "author-essayer-1-fois")
    assert number(queue.take_next(NORA, [opened])) == 27
    calls = [node.info("commandstats").get("cmdstat_hgetall", {"calls": 0}) for node in nodes]
    assert sum(one["calls"] for one in calls) <= 1 + len(nodes)  # who looks, and the author


def test_labels_are_a_small_closed_set(store: Store, opened: Consultation) -> None:
    (only,) = propose(store, opened, "dormir")
    tagging = store.moderation.tagging
    assert tagging.set_labels(opened, ["santé ", "école", "santé"]) == ("santé", "école")
    tagging.tag(opened, NORA, only, ["école"])
    case = store.moderation.cases.one(opened, only)
    assert case
    assert case.labels == ("école",)
    with pytest.raises(LabelUnknown, match="jardin"):
        tagging.tag(opened, NORA, only, ["jardin"])
    for wrong in (["x" * 31], [""], [f"label {n}" for n in range(13)]):
        with pytest.raises(LabelUnknown):
            tagging.set_labels(opened, wrong)
    tagging.tag(opened, NORA, only, [])
    entries = store.moderation.trail.of(opened, only)
    assert [entry.labels for entry in entries] == [("école",), ()]


def test_the_trail_tells_every_act_and_no_text(store: Store, opened: Consultation) -> None:
    first, second = propose(store, opened, "dormir", "manger")
    decisions, trail = store.moderation.decisions, store.moderation.trail
    decisions.decide(opened, NORA, [accept(first, text="Il faut dormir un peu")], hold=0)
    decisions.decide(opened, PAUL, [refuse(second, RefusalReason.TEST)], hold=0)
    decisions.take_down(opened, PAUL, first, RefusalReason.LEGAL)
    told = [(one.by, one.act, one.proposal, one.reason) for one in trail.latest(opened)]
    assert told == [
        (PAUL, "take-down", first, "legal"),
        (PAUL, "refuse", second, "test"),
        (NORA, "accept", first, None),
    ]
    assert list(islice(trail.all(opened), 5)) == trail.latest(opened)[::-1]
    assert trail.latest(opened, 1, skip=1)[0].act == "refuse"
    raw = "".join(store.redis.lrange(keys.acts(opened.id), 0, -1))
    assert "dormir" not in raw
    assert "manger" not in raw
