"""What readers see is read again by what changed, and is what a look at everything would show."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from server.consultations.actions import Action, News
from server.consultations.consultation import Consultation
from server.consultations.endorsements import Endorsement
from server.consultations.following import day_of
from server.consultations.moderation import accept, merge, refuse
from server.consultations.proposing import RefusalReason
from server.consultations.selection import Selected
from server.consultations.workshops import Workshop
from server.staff.acts import by_operator
from server.store import keys
from server.store.connection import primaries
from server.store.store import Store
from server.teller.candidates import Candidates
from server.teller.counting import Counting
from server.web.directory import Directory
from tests.conftest import consultation, proposals
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


def test_what_staff_say_of_it_has_no_proposal_read_again(store: Store) -> None:
    """The selection, news and a draft's publication too, during the vote and after it."""
    day, sign = date(2027, 3, 2), by_operator
    promise = Action(1, "Former", "Une ONG", "Mille jeunes", day)
    asked = store.consultations.create(consultation("dite", actions=(promise,)), proposals())
    known, following = Directory(store), store.following
    seen = known.find(asked.slug)
    store.moderation.index.catch_up([asked])
    before = whole_reads(store)
    following.endorse(asked.slug, Endorsement("Une ONG", day, proposal=2), sign)
    following.add_workshop(asked.slug, Workshop(0, "Lyon", day, proposals=(2, 3)), sign)
    following.remove_workshop(asked.slug, 1, sign)
    news, now = News(day, "Cent déjà"), datetime.now(UTC)
    linked = store.reports.link(asked.slug, 1, sign)
    assert linked.link
    drafted = store.reports.draft(asked.slug, 1, lambda one: one.drafted(news, store.clock.now()))
    (draft,) = drafted.waiting
    store.reports.publish(asked.slug, 1, draft.number, draft.version, news, sign)
    store.running.close(asked.slug, now, sign)
    now = datetime.now(UTC)
    following.select(asked.slug, [Selected(3, day_of(asked, now))], now, sign)
    assert store.consultations.version(asked) == seen.version + 6
    assert store.consultations.changed_since(asked, seen.version) == {}
    assert not store.moderation.index.behind([asked])
    known._snapshots[asked.slug] = replace(known.find(asked.slug), seen=-1000.0)
    assert known.find(asked.slug).accepted is seen.accepted
    assert known.find(asked.slug).consultation.selected
    assert whole_reads(store) == before


def test_who_saw_a_take_down_late_is_told_of_it_after_other_changes(
    store: Store, opened: Consultation
) -> None:
    (number,) = propose(store, opened, "dormir")
    store.moderation.decisions.decide(opened, NORA, [accept(number)], hold=0)
    seen = store.consultations.version(opened)
    store.moderation.decisions.take_down(opened, NORA, number, TEST)
    store.following.endorse(opened.slug, Endorsement("Une ONG", date(2027, 3, 2)), by_operator)
    assert list(store.consultations.changed_since(opened, seen) or {}) == [number]
    store.consultations.add_proposals(opened, [replace(proposals()[0], text="Autre")])
    store.following.endorse(opened.slug, Endorsement("Une autre", date(2027, 3, 2)), by_operator)
    assert store.consultations.changed_since(opened, seen) is None
