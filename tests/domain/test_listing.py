"""The home page's order, and who features what."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from server.consultations.consultation import DIRECT_SOURCE, Consultation, Source
from server.consultations.errors import FeaturedTaken
from server.consultations.featuring import demand_free, rivals
from server.consultations.listing import Group, listed

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
RMC, BFM = (Source(n, name, name, name) for n, name in enumerate(("rmc", "bfm"), 2))


def asked(slug: str, opens: float = -10, closes: float = 10, **fields: object) -> Consultation:
    return Consultation(
        slug, slug, f"{slug} ?", "fr", NOW + opens * DAY, NOW + closes * DAY, **fields
    )  # type: ignore[arg-type]


def slugs(groups: tuple[Group, ...]) -> list[list[str]]:
    return [[one.slug for one in group.consultations] for group in groups]


def test_what_ends_soonest_stands_first_and_what_ended_last() -> None:
    found = listed(
        [
            asked("a", closes=9), asked("b", closes=2),
            asked("c", opens=5), asked("d", opens=1),
            asked("e", -90, -60), asked("f", -90, -30),
        ],
        NOW,
    )  # fmt: skip
    assert slugs(found.open) == [["b", "a"]]
    assert slugs(found.upcoming) == [["d", "c"]]
    assert slugs(found.past) == [["f", "e"]]


def test_great_causes_come_first_then_themes_then_the_rest() -> None:
    """Names that only capitals, accents or spaces tell apart are the same one."""
    found = listed(
        [
            asked("a"), asked("b", theme="Santé"), asked("c", theme="Climat"),
            asked("d", theme="SANTE"), asked("e", theme="Climat", cause="Vivre"),
            asked("f", cause="vivre "),
        ],
        NOW,
    )  # fmt: skip
    assert slugs(found.open) == [["e", "f"], ["c"], ["b", "d"], ["a"]]
    assert [(group.cause, group.theme) for group in found.open] == [
        ("Vivre", None), (None, "Climat"), (None, "Santé"), (None, None),
    ]  # fmt: skip


def test_what_is_featured_stands_apart_until_it_is_over() -> None:
    found = listed(
        [
            asked("a", featured=True, theme="Santé"), asked("b", 3, featured=True),
            asked("c", -90, -30, featured=True), asked("d", closes=1, featured=True),
        ],
        NOW,
    )  # fmt: skip
    assert [one.slug for one in found.featured] == ["d", "a", "b"]
    assert (found.open, found.upcoming, slugs(found.past)) == ((), (), [["c"]])


def test_a_rehearsal_is_never_listed() -> None:
    found = listed([asked("a", rehearsal=True, featured=True), asked("b", 3, rehearsal=True)], NOW)
    assert (found.featured, found.open, found.upcoming, found.past) == ((), (), (), ())


def test_a_media_title_features_one_consultation_that_is_not_over() -> None:
    first = asked("a", featured=True, sources=(DIRECT_SOURCE, RMC, BFM))
    second = asked("b", featured=True, sources=(DIRECT_SOURCE, BFM))
    elsewhere = asked("c", featured=True, sources=(DIRECT_SOURCE,))
    known = [first, elsewhere, asked("d", sources=(DIRECT_SOURCE, BFM))]
    assert rivals(second, known, NOW) == [first]
    with pytest.raises(FeaturedTaken, match="bfm features a"):
        demand_free(second, known, NOW)
    demand_free(replace(second, featured=False), known, NOW)
    demand_free(replace(second, rehearsal=True), known, NOW)
    demand_free(elsewhere, known, NOW)
    for over in (replace(first, closes=NOW), replace(first, rehearsal=True)):
        demand_free(second, [over], NOW)
