"""Actions in the store: of several people at once nobody loses anything, and each leaves its line."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from server.consultations.actions import Action, ActionState, News, Target
from server.consultations.consultation import Consultation
from server.consultations.errors import ChangedMeanwhile, DraftUnknown, Refusal
from server.staff.acts import by_operator
from server.store import keys
from server.store.store import Store
from tests.conftest import consultation, proposals
from tests.store.test_running import trail

DAY = date(2027, 5, 1)
TARGET = Target(Decimal("1000.50"), "jeunes", date(2028, 5, 1))
ACTION = Action(0, "Parrainer", "Réseau Mentor", "Mille jeunes.", DAY, TARGET, proposals=(3,))


@pytest.fixture
def closed(store: Store) -> Consultation:
    now = datetime.now(UTC)
    asked = consultation(opens=now - timedelta(days=9), closes=now - timedelta(days=1))
    return store.consultations.create(asked, proposals())


@pytest.fixture
def action(store: Store, closed: Consultation) -> Action:
    return store.committing.add(closed.slug, ACTION, datetime.now(UTC), by_operator)


def news(text: str, amount: str | None = None) -> News:
    return News(DAY, text, amount and Decimal(amount))  # type: ignore[arg-type]


def at_once(deeds: list[Callable[[], object]]) -> list[object]:
    """Do everything at the same time; return what came of each, a refusal too."""

    def told(deed: Callable[[], object]) -> object:
        try:
            return deed()
        except Refusal as refusal:
            return type(refusal)

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(told, deeds))


def test_what_several_do_at_once_all_holds_and_is_told(
    store: Store, closed: Consultation, action: Action
) -> None:
    slug, sign, do = closed.slug, by_operator, store.committing
    at_once(
        [
            lambda: do.add_news(slug, 1, news("Cent jeunes.", "100"), sign),
            lambda: do.add_news(slug, 1, news("Un local."), sign),
            lambda: do.state(slug, 1, ActionState.UNDER_WAY, sign),
            lambda: do.change(slug, 1, replace(ACTION, title="Aider"), datetime.now(UTC), sign),
        ]
    )
    (found,) = store.consultations.by_slug(slug).actions
    assert {one.text for one in found.news} == {"Cent jeunes.", "Un local."}
    assert (found.title, found.state, found.target) == ("Aider", ActionState.UNDER_WAY, TARGET)
    told = trail(store)
    assert (
        "consultation-action",
        slug,
        "action 1: – → Parrainer; Réseau Mentor; 2027-05-01; Mille jeunes.; "
        "1000.50 jeunes, 2028-05-01; 3",
    ) in told
    assert ("consultation-action", slug, "action 1 state: committed → under-way") in told
    assert ("consultation-news", slug, "action 1 news: – → 2027-05-01 100 Cent jeunes.") in told
    assert len(told) == 5


def test_a_draft_is_published_or_refused_once(
    store: Store, closed: Consultation, action: Action
) -> None:
    slug, reports = closed.slug, store.reports
    secret = reports.link(slug, 1, by_operator).link or ""
    now = store.clock.now()
    drafted = reports.draft(slug, 1, lambda one: one.drafted(news("Cent !", "100"), now))
    version = drafted.waiting[0].version
    done = at_once(
        [
            lambda: reports.publish(slug, 1, 1, version, news("Cent.", "100"), by_operator),
            lambda: reports.publish(slug, 1, 1, version, news("Cent jeunes.", "100"), by_operator),
            lambda: reports.refuse(slug, 1, 1, version, "Non.", by_operator),
        ]
    )
    assert done.count(DraftUnknown) == 2
    (found,) = store.consultations.by_slug(slug).actions
    left = reports.of(closed, 1)
    assert len(found.news) + len(left.refused) == 1
    assert left.waiting == ()
    assert left.link == secret
    assert len([line for line in trail(store) if line[0] == "report-draft"]) == 1
    assert not any(secret in line for _, _, line in trail(store))


def test_a_draft_that_its_author_changed_is_not_published_unread(
    store: Store, closed: Consultation, action: Action
) -> None:
    slug, now = closed.slug, store.clock.now()
    read = store.reports.draft(slug, 1, lambda one: one.drafted(news("a"), now)).waiting[0]
    store.reports.draft(slug, 1, lambda one: one.redrafted(1, news("b"), now))
    with pytest.raises(ChangedMeanwhile):
        store.reports.publish(slug, 1, 1, read.version, read.news, by_operator)
    assert store.consultations.by_slug(slug).actions[0].news == ()
    store.reports.publish(slug, 1, 1, None, news("b"), by_operator)
    assert store.consultations.by_slug(slug).actions[0].news == (news("b"),)


def test_the_drafts_of_many_at_once_are_all_there(
    store: Store, closed: Consultation, action: Action
) -> None:
    now = store.clock.now()
    before = store.consultations.version(closed)
    deeds: list[Callable[[], object]] = [
        lambda n=n: store.reports.draft(closed.slug, 1, lambda one: one.drafted(news(f"n{n}"), now))
        for n in range(4)
    ]
    assert ChangedMeanwhile not in at_once(deeds)
    left = store.reports.all(closed)[1]
    assert sorted(one.news.text for one in left.waiting) == ["n0", "n1", "n2", "n3"]
    assert sorted(one.number for one in left.waiting) == [1, 2, 3, 4]
    assert store.consultations.version(closed) == before  # no reader's page is read again for that
    assert not keys.of_a_person(keys.reports(closed.id))
