"""Participation over time: verified votes of each source, added up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, log10
from typing import Any

from markupsafe import Markup

from server.web.charts.svg import (
    DASHES,
    LINE,
    LINES,
    PAPER,
    QUIET,
    Said,
    element,
    percent,
    picture,
    text,
)

TOP, BOTTOM = 20.0, 30.0  # pixels, above the field and below it
WIDE = 1000  # units across the field, which is stretched to the width there is
STEPS = (1, 2, 2.5, 5, 10)

Number = Callable[[int], str]


@dataclass(frozen=True)
class Line:
    """One source: its name and (instant, votes), in their order."""

    name: str
    points: Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Axis:
    """The time that is shown, and what is written below: (instant, words)."""

    begins: int
    ends: int
    ticks: Sequence[tuple[int, str]]


def chart(
    lines: Sequence[Line], axis: Axis, number: Number, said: Said, height: int = 320
) -> Markup:
    """Return the lines over their time; `number` writes a number as the reader's language does."""
    most = max((votes for line in lines for _, votes in line.points), default=0)
    step = _step(most)
    top = max(step, ceil(most / step) * step)
    field = _Field(axis, top, height)
    # Numbers lie on their lines, over everything else: the field has the whole width.
    rules, numbers = _scale(field, step, number)
    parts = [*rules, *(_tick(field, *one) for one in axis.ticks), _drawn(field, lines), *numbers]
    return picture("participation", said, parts, "100%", height, class_="c-lines")


def key(index: int) -> Markup:
    """Return a piece of the line of that index, for a key beside the chart."""
    line = element("line", x1=0, x2=28, y1=10, y2=10, **_look(index))
    return element("svg", line, width=28, height=20, aria_hidden="true", class_="c-symbol")


@dataclass(frozen=True)
class _Field:
    axis: Axis
    top: int
    height: int

    @property
    def inside(self) -> float:
        return self.height - TOP - BOTTOM

    def part(self, at: int) -> float:
        """Return where an instant lies, from 0 to 1."""
        span = max(1, self.axis.ends - self.axis.begins)
        return min(1.0, max(0.0, (at - self.axis.begins) / span))

    def x(self, at: int) -> float:
        return 100 * self.part(at)

    def y(self, votes: float) -> float:
        return TOP + self.inside * (1 - votes / self.top)


def _step(most: int) -> int:
    """Return a round number of which five at most reach the top."""
    rough = max(1.0, most / 5)
    power: int = 10 ** int(log10(rough))
    return max(1, ceil(next(power * step for step in STEPS if power * step >= rough)))


def _scale(field: _Field, step: int, number: Number) -> tuple[list[Markup], list[Markup]]:
    rules, numbers = [], []
    halo: dict[str, Any] = {"stroke": PAPER, "stroke_width": 4, "paint_order": "stroke"}
    for votes in range(0, field.top + 1, step):
        y = field.y(votes)
        look: dict[str, object] = {"class_": "c-rule", "stroke": LINE}
        rules.append(element("line", x1="0%", x2="100%", y1=y, y2=y, **look))
        said = number(votes)
        numbers.append(text(0, y - 5, said, "c-quiet c-halo", fill=QUIET, font_size=12, **halo))
    return rules, numbers


def _tick(field: _Field, at: int, said: str) -> Markup:
    part = field.part(at)
    anchor = "start" if part < 0.08 else "end" if part > 0.92 else "middle"
    return _small(percent(field.x(at)), field.height - BOTTOM + 20, said, anchor)


def _small(x: str, y: float, said: str, anchor: str) -> Markup:
    return text(x, y, said, "c-quiet", fill=QUIET, font_size=12, text_anchor=anchor)


def _drawn(field: _Field, lines: Sequence[Line]) -> Markup:
    paths = [
        element("polyline", points=_points(field, line), fill="none", **_look(index))
        for index, line in enumerate(lines)
        if line.points
    ]
    return element(
        "svg",
        *paths,
        width="100%",
        height=field.height,
        viewBox=f"0 0 {WIDE} {field.height}",
        preserveAspectRatio="none",
    )


def _points(field: _Field, line: Line) -> str:
    return " ".join(
        f"{WIDE * field.part(at):.1f},{field.y(votes):.1f}" for at, votes in line.points
    )


def _look(index: int) -> dict[str, object]:
    number = index % len(LINES)
    return {
        "class_": f"c-line-{number}",
        "stroke": LINES[number],
        "stroke_width": 2.5,
        "stroke_dasharray": DASHES[number] or None,
        "stroke_linejoin": "round",
        "vector_effect": "non-scaling-stroke",
    }
