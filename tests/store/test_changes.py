"""What readers see is read again by what changed, and is what a look at everything would show."""

import random
from dataclasses import replace

import pytest

from server.consultations.consultation import Consultation
from server.consultations.moderation import accept, merge, refuse
from server.consultations.proposing import RefusalReason
from server.store import keys
from server.store.connection import primaries
from server.store.store import Store
from server.teller.candidates import Candidates
from server.teller.counting import Counting
from server.web.directory import Directory
from tests.conftest import proposals
from tests.store.desk import NORA, propose

TEST = RefusalReason.TEST


def looked(store: Store, opened: Consultation, known: Directory) -> None:
    """Look as a second later, and compare with who looks for the first time."""
    known._snapshots[opened.slug] = replace(known.find(opened.slug), seen=-1000.0)
    mine = known.find(opened.slug).accepted
    assert list(mine.items()) == list(Directory(store).find(opened.slug).accepted.items())


def dealt(candidates: Candidates, opened: Consultation) -> list[tuple[int, str, str | None]]:
    """Return what the teller deals from."""
    candidates.renew(opened)
    found = candidates.of(opened)
    return [(one.proposal.id, one.proposal.text, one.mark) for one in found]


def whole_reads(store: Store) -> int:
    every = [
        node.info("commandstats").get("cmdstat_hgetall", {}) for node in primaries(store.redis)
    ]
    return sum(one.get("calls", 0) for one in every)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_staff_do_it_is_what_everybody_would_read(
    store: Store, opened: Consultation, seed: int
) -> None:
    numbers = propose(store, opened, *(f"essayer {n} fois" for n in range(24)))
    decisions, known, drawn = store.moderation.decisions, Directory(store), random.Random(seed)
    known.find(opened.slug)
    counting = Counting(store)
    counting.count(opened)
    teller = Candidates(store, counting)
    for number in numbers:
        act = drawn.choice(("accept", "accept", "merge", "refuse", "down", "file", "forget"))
        if act == "refuse":
            decisions.decide(opened, NORA, [refuse(number, TEST)], hold=0)
        elif act == "file":
            store.consultations.add_proposals(opened, [replace(proposals()[0], text=f"{number}")])
        else:
            decisions.decide(opened, NORA, [accept(number)], hold=0)
        if act == "merge":
            decisions.decide(opened, NORA, [merge(number, drawn.randint(2, 24))], hold=0)
        elif act == "down":
            decisions.take_down(opened, NORA, number, TEST)
            if drawn.random() < 0.5:
                looked(store, opened, known)
                decisions.put_back(opened, NORA, number)
        elif act == "forget":
            store.proposing.forget(opened, f"author-essayer-{number - numbers[0]}-fois")
        if drawn.random() < 0.6:
            looked(store, opened, known)
            assert dealt(teller, opened) == dealt(Candidates(store, counting), opened)
    looked(store, opened, known)
    last = dealt(teller, opened)
    assert last == dealt(Candidates(store, counting), opened)
    assert any(mark for _, _, mark in last)


def test_one_that_comes_is_read_alone(store: Store, opened: Consultation) -> None:
    first, second = propose(store, opened, "dormir", "manger")
    known, decisions = Directory(store), store.moderation.decisions
    known.find(opened.slug)
    before = whole_reads(store)
    decisions.decide(opened, NORA, [accept(first), accept(second)], hold=0)
    decisions.take_down(opened, NORA, first, TEST)
    known._snapshots[opened.slug] = replace(known.find(opened.slug), seen=-1000.0)
    accepted = known.find(opened.slug).accepted
    assert (first in accepted, second in accepted) == (False, True)
    assert whole_reads(store) == before


def test_who_has_missed_too_much_reads_everything(store: Store, opened: Consultation) -> None:
    (number,) = propose(store, opened, "dormir")
    seen = store.consultations.version(opened)
    store.moderation.decisions.decide(opened, NORA, [accept(number)], hold=0)
    assert store.consultations.changed_since(opened, seen)
    many = {str(n): n for n in range(10_000, 11_000)}
    store.redis.zadd(keys.changes(opened.id), many)
    store.moderation.decisions.take_down(opened, NORA, number, TEST)
    assert store.redis.zcard(keys.changes(opened.id)) == 1000
    assert store.consultations.changed_since(opened, seen) is None
