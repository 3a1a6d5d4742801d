"""One consultation that fails keeps up no other, in whatever turn; the log names it."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from server.consultations.consultation import Consultation
from server.consultations.errors import Closed, StoreUnavailable
from server.consultations.moderation import accept
from server.store import keys
from server.store.store import Store
from server.teller.candidates import Candidates
from server.teller.counting import Counting
from server.teller.dealing import Dealing
from server.teller.deciding import Deciding
from server.teller.each import each
from server.teller.figures import Bookkeeping
from server.teller.listing import Lister
from server.teller.sealing import Sealing
from tests.conftest import consultation, proposals
from tests.store.casting import cast
from tests.store.desk import NORA, let_pass, propose, published

BROKEN, SOUND = "abimee", "saine"
ANY = "is of no type that any of these commands takes"


@pytest.fixture
def both(store: Store) -> tuple[Consultation, Consultation]:
    """Two consultations, of which the first in the order of slugs is to be damaged."""
    made = (consultation(slug, proposing=True) for slug in (BROKEN, SOUND))
    broken, sound = (store.consultations.create(one, proposals()) for one in made)
    return broken, sound


def damage(store: Store, *at: str) -> None:
    for key in at:
        store.redis.delete(key)
        store.redis.rpush(key, ANY)


def test_in_deciding(
    store: Store, both: tuple[Consultation, Consultation], caplog: pytest.LogCaptureFixture
) -> None:
    numbers = []
    for one in both:
        (number,) = propose(store, one, "dormir")
        store.moderation.decisions.decide(one, NORA, [accept(number)])
        let_pass(store, one, number)
        numbers.append(number)
    damage(store, keys.accepted(both[0].id))
    Deciding(store).turn()
    assert numbers[1] in published(store, both[1])
    assert BROKEN in caplog.text
    assert SOUND not in caplog.text


def test_in_finding_what_waits(
    store: Store, both: tuple[Consultation, Consultation], caplog: pytest.LogCaptureFixture
) -> None:
    for one in both:
        propose(store, one, "dormir")
    damage(store, keys.queue(both[0].id))
    Deciding(store).turn()
    assert store.redis.zcard(keys.queue(both[1].id)) == 1
    assert BROKEN in caplog.text


def test_in_counting_dealing_and_listing(
    store: Store, both: tuple[Consultation, Consultation], caplog: pytest.LogCaptureFixture
) -> None:
    broken, sound = both
    for one in both:
        cast(store, one, "nora")
    counting = Counting(store)
    counting.turn()
    damage(store, keys.proposals(broken.id))
    candidates, now = Candidates(store, counting), lambda: datetime.now(UTC)
    for turn in (Lister(store, candidates, now).turn, Dealing(store, candidates, now).turn):
        caplog.clear()
        turn()
        assert BROKEN in caplog.text
    glance = store.published.glance(sound)
    assert glance.decks
    assert glance.lists
    damage(store, keys.Box(broken.id, 0).changed)
    cast(store, sound, "paul")
    for turn in (Counting(store).turn, Bookkeeping(store).turn):
        caplog.clear()
        turn()
        assert BROKEN in caplog.text
        assert SOUND not in caplog.text
    found = store.published.glance(sound).published
    assert found
    assert found.voters == 2
    assert store.figures.read([sound])[0]


def test_in_sealing(
    store: Store, both: tuple[Consultation, Consultation], caplog: pytest.LogCaptureFixture
) -> None:
    for one in both:
        ended = datetime.now(UTC) - timedelta(seconds=1)
        store.consultations.replace(replace(one, closes=ended))
    damage(store, keys.Box(both[0].id, 0).revision)
    Sealing(store, lambda: datetime.now(UTC)).turn()
    with pytest.raises(Closed):
        cast(store, both[1], "nora")
    assert BROKEN in caplog.text


def failing(slugs: tuple[str, ...]) -> Callable[[Consultation], None]:
    def work(one: Consultation) -> None:
        if one.slug in slugs:
            raise StoreUnavailable("The store is away.")

    return work


def test_what_all_wait_for_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    """A store that is away would else fill the log, a line for each, twice a second."""
    asked = [consultation(slug) for slug in ("une", "deux", "trois")]
    with caplog.at_level(logging.WARNING):
        each("Counting", asked, failing(("une", "trois")))
    assert caplog.messages == ["Counting une, trois waits: The store is away."]
