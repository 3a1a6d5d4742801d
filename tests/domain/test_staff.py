"""Who may do what, and what figures say, without web or store."""

from datetime import UTC, datetime, timedelta

import pytest

from server.consultations.errors import MemberRefused, TokenRefused
from server.staff import bearer
from server.staff.figures import Figures, Queue, Sample, Votes, sampled
from server.staff.members import id_of, member
from server.staff.roles import PERMISSIONS, Permission, Role
from tests.conftest import consultation

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_every_role_has_its_line_in_the_table() -> None:
    assert set(PERMISSIONS) == set(Role)
    assert set().union(*PERMISSIONS.values()) == set(Permission)


def test_only_an_editor_is_kept_to_own_sources() -> None:
    for role, granted in PERMISSIONS.items():
        assert (Permission.OWN_SOURCES in granted) is (role is Role.EDITOR)
        assert (Permission.OVERVIEW in granted) is (role is not Role.EDITOR)


def test_a_member_bound_to_consultations_has_part_in_no_other() -> None:
    here = consultation()
    assert member("Awa", Role.ANALYST, NOW).has_part_in(here)
    assert member("Awa", Role.ANALYST, NOW, [here.slug]).has_part_in(here)
    assert not member("Awa", Role.MODERATOR, NOW, ["autre"]).has_part_in(here)


def test_an_editor_has_part_where_a_source_of_theirs_is() -> None:
    here = consultation()
    assert member("Awa", Role.EDITOR, NOW, sources=["rmc"]).has_part_in(here)
    assert not member("Awa", Role.EDITOR, NOW, sources=["elle"]).has_part_in(here)
    assert not member("Awa", Role.EDITOR, NOW, ["autre"], ["rmc"]).has_part_in(here)


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\x00b", "a\u202eb", "a\u200bb"])
def test_an_odd_name_is_refused(name: str) -> None:
    with pytest.raises(MemberRefused) as refused:
        member(name, Role.ADMIN, NOW)
    assert refused.value.field == "name"


def test_line_breaks_in_a_name_are_spaces() -> None:
    assert member(" Awa\nDiop ", Role.ADMIN, NOW).name == "Awa Diop"
    assert id_of("awa diop") == id_of("Awa\u00a0 DIOP") != id_of("awadiop")


@pytest.mark.parametrize(
    ("role", "slugs", "sources", "field"),
    [
        (Role.EDITOR, [], [], "sources"),
        (Role.ADMIN, [], ["rmc"], "sources"),
        (Role.ADMIN, ["reinventer-le-travail"], [], "consultations"),
        (Role.MODERATOR, ["<b>"], [], "consultations"),
        (Role.EDITOR, [], ["a" * 81], "sources"),
        (Role.ANALYST, [f"c{n}" for n in range(201)], [], "consultations"),
    ],
)
def test_a_member_bound_to_nonsense_is_refused(
    role: Role, slugs: list[str], sources: list[str], field: str
) -> None:
    with pytest.raises(MemberRefused) as refused:
        member("Awa", role, NOW, slugs, sources)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("label", "scopes", "ends", "field"),
    [
        ("", {Permission.OVERVIEW}, NOW + timedelta(1), "label"),
        ("board", set(), NOW + timedelta(1), "scopes"),
        ("board", {Permission.MEMBERS}, NOW + timedelta(1), "scopes"),
        ("board", {Permission.OVERVIEW}, NOW, "ends"),
        ("board", {Permission.OVERVIEW}, NOW + timedelta(367), "ends"),
    ],
)
def test_a_token_never_gives_more_than_its_member_may(
    label: str, scopes: set[Permission], ends: datetime, field: str
) -> None:
    awa = member("Awa", Role.ANALYST, NOW)
    with pytest.raises(TokenRefused) as refused:
        bearer.token("h", awa, label, scopes, NOW, ends)
    assert refused.value.field == field


def test_a_token_good_until_a_day_is_good_on_that_day() -> None:
    assert bearer.end_of(NOW.date()) == NOW + timedelta(days=1)


def figures(samples: tuple[Sample, ...], as_of: int) -> Figures:
    return Figures(as_of, 1, {1: 3}, {1: Votes(10, 8), 2: Votes(5, 5)}, Queue(), samples)


def test_figures_add_up_over_sources() -> None:
    found = figures((), 0)
    assert (found.votes, found.votes.gap, found.participants) == (Votes(15, 13), 2, 3)


def test_votes_per_minute_are_counted_over_five_minutes() -> None:
    """A teller that counts every three seconds keeps a sample each 15 s, and the newest."""
    samples: tuple[Sample, ...] = ()
    for second in range(0, 1201, 3):
        samples = sampled(samples, Sample(second * 1000, second * 2, second))
    assert len(samples) <= 22
    assert 280_000 <= samples[-1].at - samples[0].at <= 300_000
    assert figures(samples, 1_200_000).per_minute(1_200_000) == pytest.approx(120)


def test_votes_taken_back_count_less() -> None:
    samples = sampled((Sample(0, 100, 1),), Sample(60_000, 40, 3))
    assert figures(samples, 60_000).per_minute(60_000) == -60


def test_nothing_is_said_of_votes_per_minute_without_knowing() -> None:
    one = sampled((), Sample(0, 100, 1))
    assert figures(one, 0).per_minute(0) is None
    soon = sampled(one, Sample(20_000, 200, 2))
    assert figures(soon, 20_000).per_minute(20_000) is None
    # The teller has stood still for two minutes.
    known = sampled(soon, Sample(60_000, 300, 3))
    assert figures(known, 60_000).per_minute(60_000) is not None
    assert figures(known, 60_000).per_minute(180_000) is None
    # It was away for an hour: what came in that hour says nothing about these minutes.
    assert figures(sampled(known, Sample(3_660_000, 9, 4)), 3_660_000).per_minute(3_660_000) is None
