"""An accent that is taken can be seen on the booth's paper, in both themes."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

import widget
from server.consultations.colours import (
    ENOUGH,
    KEPT,
    PAPER,
    demand_visible,
    luminance,
    nearest_visible,
    shown_contrast,
)
from server.consultations.records import Wrong

SHEET = (Path(widget.__file__).parent / "booth.css").read_text()
COLOURS = some.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_the_papers_are_those_of_the_style_sheet() -> None:
    paper = re.search(r"--paper: light-dark\((#\w+), (#\w+)\)", SHEET)
    assert paper
    assert paper.groups() == (PAPER["light"], PAPER["dark"])
    drawn = f"light-dark(currentColor, color-mix(in oklab, currentColor {KEPT:.0%}, white))"
    assert drawn in SHEET


@pytest.mark.parametrize(
    ("accent", "light", "dark"),
    [("#000000", 20.8, 1.93), ("#ffffff", 1.01, 17.8), ("#777777", 4.44, 7.74)],
)
def test_contrast_is_that_of_wcag(accent: str, light: float, dark: float) -> None:
    """Greys, for which it can be had elsewhere: #000000 is drawn as #484848 in the dark theme."""
    assert shown_contrast(accent, "light") == pytest.approx(light, rel=0.01)
    assert shown_contrast(accent, "dark") == pytest.approx(dark, rel=0.01)


@pytest.mark.parametrize("accent", ["#c4122f", "#0b4fa3", "#9a3412", "#111111"])
def test_colours_of_media_are_taken_as_they_are(accent: str) -> None:
    assert demand_visible(accent) == accent


@pytest.mark.parametrize(
    ("accent", "fault"), [("#ffe600", "pale"), ("#ffffff", "pale"), ("#000000", "dark")]
)
def test_what_could_not_be_seen_is_refused_with_what_can(accent: str, fault: str) -> None:
    with pytest.raises(Wrong) as refused:
        demand_visible(accent)
    assert f"too {fault}" in str(refused.value)
    assert nearest_visible(accent) in str(refused.value)


@pytest.mark.parametrize("name", ["edge", "agree", "disagree", "neutral", "ink"])
def test_what_marks_a_control_can_be_seen_on_both_papers(name: str) -> None:
    """WCAG 1.4.11: borders of controls, the votes' drawings, and the ring of focus."""
    pair = re.search(rf"--{name}: light-dark\((#\w+), (#\w+)\)", SHEET)
    assert pair
    for colour, paper in zip(pair.groups(), PAPER.values(), strict=True):
        dark, light = sorted((luminance(colour), luminance(paper)))
        assert (light + 0.05) / (dark + 0.05) >= ENOUGH


@given(COLOURS)
def test_every_colour_has_a_neighbour_that_can_be_seen(accent: str) -> None:
    found = nearest_visible(accent)
    assert demand_visible(found) == found
    assert min(shown_contrast(found, theme) for theme in PAPER) >= ENOUGH
