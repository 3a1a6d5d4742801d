"""What staff record after a vote: kept whole when several do it at once, each with its line."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from server.consultations.answers import Answer
from server.consultations.consultation import Consultation
from server.consultations.endorsements import Endorsement
from server.consultations.errors import ProposalUnknown, SelectionRefused
from server.consultations.kinds import Kind
from server.consultations.selection import Selected
from server.consultations.workshops import Workshop
from server.staff.acts import by_operator
from server.store import definitions
from server.store.store import Store, open_store
from server.supervisor.embedded import EmbeddedStore
from tests.conftest import consultation, proposals

NOW = datetime.now(UTC)
DAY = date(2027, 3, 2)


@pytest.fixture
def closed(store: Store) -> Consultation:
    asked = consultation(
        "questions", kind=Kind.CITIZENS_QUESTION, closes=NOW - timedelta(minutes=1)
    )
    return store.consultations.create(asked, proposals())


def test_what_several_record_at_once_is_all_kept_each_with_its_line(
    store: Store, closed: Consultation
) -> None:
    follow, today = store.following, NOW.astimezone(closed.opens.tzinfo).date()
    deeds = [
        lambda: follow.select("questions", [Selected(3, today)], NOW, by_operator),
        lambda: follow.add_workshop("questions", Workshop(0, "Lyon", DAY), by_operator),
        lambda: follow.add_workshop("questions", Workshop(0, "Rennes", DAY), by_operator),
        lambda: follow.endorse("questions", Endorsement("Une ONG", DAY), by_operator),
        lambda: follow.answer("questions", Answer(3, "X", DAY, "Oui"), NOW, by_operator),
    ]
    with ThreadPoolExecutor(len(deeds)) as pool:
        for done in [pool.submit(deed) for deed in deeds]:
            done.result()
    found = store.consultations.by_slug("questions")
    assert [one.proposal for one in found.selected] == [3]
    assert sorted(one.id for one in found.workshops) == [1, 2]
    assert {one.title for one in found.workshops} == {"Lyon", "Rennes"}
    assert (len(found.endorsements), found.answers[0].text) == (1, "Oui")
    lines = [one.act.detail.partition(":")[0] for one in store.acts.latest()]
    kinds = ["answers", "endorsements", "selected", "workshops", "workshops"]
    assert sorted(lines) == kinds
    assert definitions.load(definitions.dump(found)) == found


def test_of_two_corrections_at_once_neither_text_is_lost(
    store: Store, closed: Consultation
) -> None:
    texts = {"Oui", "Non", "Peut-être"}

    def answer(text: str) -> None:
        said = Answer(3, "La ministre", DAY, text)
        store.following.answer("questions", said, NOW, by_operator)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(answer, texts))
    (kept,) = store.consultations.by_slug("questions").answers
    assert {kept.text, *(one.text for one in kept.former)} == texts


def test_another_process_reads_at_once_what_was_recorded(
    store: Store, closed: Consultation, store_server: EmbeddedStore
) -> None:
    """Though it keeps what it has read: of a text that is the same it reads nothing anew."""
    other = open_store(store_server.url)
    (before,) = other.consultations.all()
    assert other.consultations.by_slug("questions") is before
    store.following.endorse("questions", Endorsement("Une ONG", DAY), by_operator)
    (after,) = other.consultations.all()
    assert after == other.consultations.by_slug("questions") != before
    assert after.endorsements == (Endorsement("Une ONG", DAY),)
    other.close()


def test_what_is_refused_leaves_neither_a_trace_nor_a_line(
    store: Store, closed: Consultation
) -> None:
    follow = store.following
    store.consultations.replace(replace(closed, closes=NOW + timedelta(days=1)))
    with pytest.raises(SelectionRefused):
        follow.select("questions", [Selected(3, NOW.date())], NOW, by_operator)
    with pytest.raises(ProposalUnknown):
        follow.endorse("questions", Endorsement("Une ONG", DAY, 99), by_operator)
    found = store.consultations.by_slug("questions")
    assert (found.selected, found.endorsements) == ((), ())
    assert list(store.acts.latest()) == []
