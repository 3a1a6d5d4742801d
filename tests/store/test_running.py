"""Running a consultation: no change is lost, none comes too late, each leaves its line."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, local

import pytest

from server.consultations.consultation import DIRECT_SOURCE, Consultation, Source
from server.consultations.errors import (
    ChangedMeanwhile,
    ChangeRefused,
    Closed,
    FeaturedTaken,
    PhaseRefused,
)
from server.consultations.file_content import ConsultationFile
from server.consultations.partners import Partner, Role
from server.consultations.phases import Phase
from server.staff.acts import by_operator
from server.store import definitions, keys
from server.store.consultations import Consultations
from server.store.deeds import Deeds
from server.store.filing import Filing
from server.store.running import Running
from server.store.store import Store
from server.teller.figures import Bookkeeping
from tests.conftest import consultation, proposals

SECOND = timedelta(seconds=1)


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def themed(theme: str) -> Callable[[Consultation], Consultation]:
    return lambda one: replace(one, theme=theme)


def trail(store: Store) -> list[tuple[str, str, str]]:
    return [(one.act.what, one.act.on, one.act.detail) for one in store.acts.latest()]


def test_of_two_who_read_the_same_the_second_is_told(store: Store, opened: Consultation) -> None:
    read, slug = definitions.fingerprint(opened), opened.slug
    store.running.change(slug, themed("Travail"), now(), by_operator, read)
    with pytest.raises(ChangedMeanwhile):
        store.running.change(slug, themed("Emploi"), now(), by_operator, read)
    assert store.consultations.by_slug(slug).theme == "Travail"
    assert trail(store) == [("consultation-changed", slug, "theme: – → Travail")]


def test_changes_of_different_things_at_once_all_hold(store: Store, opened: Consultation) -> None:
    deeds: list[Callable[[Consultation], Consultation]] = [
        themed("Travail"),
        lambda one: replace(one, cause="Agir"),
        lambda one: replace(one, afterwards="Un atelier."),
        lambda one: replace(one, featured=True),
    ]
    with ThreadPoolExecutor(4) as pool:
        done = [
            pool.submit(store.running.change, opened.slug, deed, now(), by_operator)
            for deed in deeds
        ]
        for one in done:
            one.result()
    found = store.consultations.by_slug(opened.slug)
    assert (found.theme, found.cause, found.afterwards) == ("Travail", "Agir", "Un atelier.")
    assert found.featured
    assert len(trail(store)) == 4


def test_a_close_that_has_come_by_the_stores_clock_is_not_put_off(store: Store) -> None:
    """The clock of whoever asks is slow; the teller may have sealed the boxes already."""
    closes = datetime.now(UTC) - SECOND
    made = store.consultations.create(consultation(closes=closes), proposals())
    later = closes + timedelta(days=9)
    with pytest.raises(ChangeRefused) as refused:
        store.running.change(
            made.slug, lambda one: replace(one, closes=later), closes - SECOND, by_operator
        )
    assert refused.value.field == "closes"
    assert store.consultations.by_slug(made.slug).closes == closes
    assert trail(store) == []


def test_a_consultation_is_opened_ended_closed_and_led_on(store: Store) -> None:
    ahead = datetime.now(UTC) + timedelta(days=2)
    made = store.consultations.create(
        consultation(opens=ahead, closes=ahead + timedelta(days=9)), proposals()
    )
    deeds = store.running
    with pytest.raises(PhaseRefused):
        deeds.close(made.slug, now(), by_operator)
    deeds.open(made.slug, now(), by_operator)
    with pytest.raises(PhaseRefused):
        deeds.open(made.slug, now() + SECOND, by_operator)
    ended = deeds.end_proposals(made.slug, now() + SECOND, by_operator)
    assert ended.phase(now() + SECOND) is Phase.VOTE_ONLY
    closed = deeds.close(made.slug, now() + 2 * SECOND, by_operator)
    assert store.minutes.sealed_at(closed)
    with pytest.raises(Closed):
        closed.demand_open(now() + 2 * SECOND)
    deeds.reach(made.slug, Phase.WORKSHOPS, now() + 3 * SECOND, by_operator)
    with pytest.raises(PhaseRefused):
        deeds.reach(made.slug, Phase.SELECTION, now() + 3 * SECOND, by_operator)
    told = [what.removeprefix("consultation-") for what, _, _ in reversed(trail(store))]
    assert told == ["opened", "vote-only", "closed", "phase"]


def test_no_deed_is_without_its_line_though_whoever_did_it_died(
    store: Store, opened: Consultation
) -> None:
    """The line is kept by the same script as the change; the teller moves it into the trail."""
    line = Deeds(store.redis, store.acts).written(by_operator("did", opened.slug, "x"))
    store.consultations.change(opened.slug, themed("Travail"), deeds=lambda _was, _will: [line])
    assert trail(store) == []
    Bookkeeping(store).turn()
    assert trail(store) == [("did", opened.slug, "x")]
    assert not store.redis.exists(keys.deeds(opened.id))


def test_a_line_that_is_moved_again_stands_in_the_trail_once(
    store: Store, opened: Consultation
) -> None:
    """As by two at once, or by the next after one who died in between."""
    deeds = Deeds(store.redis, store.acts)
    line = deeds.written(by_operator("did", opened.slug, "x"))
    for _ in range(2):
        store.redis.rpush(keys.deeds(opened.id), line)
        deeds.move([opened])
    assert trail(store) == [("did", opened.slug, "x")]


def test_a_deed_is_done_though_the_trail_cannot_be_reached(
    store: Store, opened: Consultation
) -> None:
    """In a cluster it lies elsewhere. Nobody is told to do again what is done for good."""
    store.redis.set(keys.STAFF_ACTS, "no list")
    closed = store.running.close(opened.slug, now(), by_operator)
    assert store.minutes.sealed_at(closed)
    store.redis.delete(keys.STAFF_ACTS)
    Bookkeeping(store).turn()
    assert [what for what, _, _ in trail(store)] == ["consultation-closed"]


def test_the_mark_moves_and_both_are_in_the_trail(store: Store, opened: Consultation) -> None:
    other = store.consultations.create(consultation("autre", featured=True), proposals())
    lost = store.running.feature(opened.slug, True, now(), by_operator)
    assert [one.slug for one in lost] == ["autre"]
    assert store.consultations.by_slug(opened.slug).featured
    assert not store.consultations.by_slug(other.slug).featured
    assert trail(store) == [
        ("consultation-featured", opened.slug, "featured: False → True"),
        ("consultation-featured", "autre", "featured: True → False"),
    ]


def carried_by(name: str, *titles: str) -> Consultation:
    sources = [
        Source(number, title, title, title, (f"https://{title}.fr",))
        for number, title in enumerate(titles, 2)
    ]
    return replace(consultation(name), sources=(DIRECT_SOURCE, *sources))


def featured_in(store: Store, title: str) -> list[str]:
    every = store.consultations.all()
    return [one.slug for one in every if one.featured and title in {s.name for s in one.sources}]


def test_another_title_cannot_be_added_where_it_features_something_else(store: Store) -> None:
    first, second = carried_by("un", "rmc"), carried_by("deux", "zzz")
    for one in (first, second):
        store.consultations.create(replace(one, featured=True), proposals())
    wider = carried_by("deux", "zzz", "rmc").sources
    with pytest.raises(FeaturedTaken):
        store.running.change("deux", lambda o: replace(o, sources=wider), now(), by_operator)
    store.running.change("deux", themed("Travail"), now(), by_operator)
    assert featured_in(store, "rmc") == ["un"]


@pytest.mark.parametrize("deed", ["feature", "create", "sources"])
def test_of_two_that_get_the_mark_at_once_one_keeps_it(store: Store, deed: str) -> None:
    """Whoever looked before the other one had it; both look again afterwards."""
    wanted = [carried_by(name, "rmc") for name in ("un", "deux")]
    if deed != "create":
        for number, one in enumerate(wanted):
            apart = carried_by(one.slug, f"apart-{number}").sources
            there = replace(one, sources=apart, featured=True) if deed == "sources" else one
            store.consultations.create(there, proposals())
    looked = Barrier(2, timeout=20)
    real = store.consultations.all

    def run(one: Consultation) -> None:
        seen = local()

        class Late(Consultations):
            """Looks at once, and goes on only when the other one has looked too."""

            def all(self) -> tuple[Consultation, ...]:
                found = real()
                if not hasattr(seen, "once"):
                    seen.once = True
                    looked.wait()
                return found

        late = Late(store.redis)
        deeds = Deeds(store.redis, store.acts)
        running = Running(late, Filing(store.redis, late), store.ballots, deeds)
        if deed == "feature":
            running.feature(one.slug, True, now(), by_operator)
        elif deed == "create":
            marked = replace(one, featured=True)
            running.create(ConsultationFile(marked, proposals()), now(), by_operator)
        else:
            more = replace(one.sources[1], number=3)
            running.change(
                one.slug, lambda o: replace(o, sources=(*o.sources, more)), now(), by_operator
            )

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, wanted))
    assert len(featured_in(store, "rmc")) == 1
    lost = [what for what, _, detail in trail(store) if detail == "featured: True → False"]
    assert lost == ["consultation-featured"]


def test_whoever_gets_the_mark_last_keeps_it(store: Store) -> None:
    """Of one that is featured after another one was, but before that one looked again."""
    for name in ("un", "deux"):
        store.consultations.create(carried_by(name, "rmc"), proposals())
    meanwhile = iter(["deux"])

    class Slow(Running):
        def _tell(self, changed: Iterable[Consultation]) -> None:
            super()._tell(changed)
            for slug in meanwhile:
                store.running.feature(slug, True, now(), by_operator)

    deeds = Deeds(store.redis, store.acts)
    Slow(store.consultations, store.filing, store.ballots, deeds).feature(
        "un", True, now(), by_operator
    )
    assert featured_in(store, "rmc") == ["deux"]


def test_a_logo_goes_once_neither_what_is_nor_what_was_shows_it(
    store: Store, opened: Consultation
) -> None:
    def showing(name: str) -> Callable[[Consultation], Consultation]:
        return lambda one: replace(one, partners=(Partner(Role.MEDIA, "RMC", logo=name),))

    for name in ("a.webp", "b.webp", "c.webp"):
        store.running.change(
            opened.slug, showing(name), now(), by_operator, pictures={name: name.encode()}
        )
    assert store.consultations.logos(opened) == {"b.webp": b"b.webp", "c.webp": b"c.webp"}
