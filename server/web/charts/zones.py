"""The map: each proposal by the parts that agree and disagree, over the fields of the four zones."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from server.consultations.scores import Zone
from server.web.charts.svg import LINE, PAPER, QUIET, ZONES, Said, element, percent, picture, text

LEFT, RIGHT = 11.0, 4.0  # percents of the width, beside the field
TOP, BOTTOM = 12.0, 48.0  # pixels, above and below it
RADIUS = 6.0
# Corners in parts of 1 (agree, disagree) of the fields that `Scores.zone` draws the borders of.
FIELDS: Mapping[Zone, tuple[tuple[float, float], ...]] = {
    Zone.LIMBO: ((0, 0), (0.6, 0), (0, 0.6)),
    Zone.CONSENSUS: ((0.6, 0), (1, 0), (0.6, 0.4), (0.6, 0.15), (0.45, 0.15)),
    Zone.REJECTION: ((0, 0.6), (0, 1), (0.4, 0.6), (0.15, 0.6), (0.15, 0.45)),
    Zone.CONTROVERSY: ((0.45, 0.15), (0.6, 0.15), (0.6, 0.4), (0.4, 0.6), (0.15, 0.6), (0.15, 0.45)),
}  # fmt: skip
# Beyond the longest side, where no dot can be; only few vote so that one lies in limbo's corner.
NAMED_AT: Mapping[Zone, tuple[float, float]] = {
    Zone.LIMBO: (0.03, 0.04),
    Zone.CONSENSUS: (1, 0.34),
    Zone.REJECTION: (0.28, 0.84),
    Zone.CONTROVERSY: (0.58, 0.56),
}


@dataclass(frozen=True)
class Dot:
    """A proposal on the map: its scores from 0 to 1, its zone, its words; `mark` stands beside."""

    agree: float
    disagree: float
    zone: Zone
    text: str
    mark: str = ""


@dataclass(frozen=True)
class Words:
    """What is written on the map."""

    agree: str
    disagree: str
    zones: Mapping[Zone, str]
    percent: Callable[[int], str]


def chart(dots: Sequence[Dot], words: Words, said: Said, height: int = 420) -> Markup:
    """Return the map, as wide as there is room."""
    field = _Field(height)
    parts = [_fields(field), *_scale(field, words)]
    parts += [_name(field, zone, words) for zone in Zone]
    parts += [_dot(field, dot) for dot in sorted(dots, key=lambda one: bool(one.mark))]
    parts += [_mark(field, dot) for dot in dots if dot.mark]
    return picture("map", said, parts, "100%", height, class_="c-map")


def symbol(zone: Zone) -> Markup:
    """Return the shape of a zone alone, for a key beside the map."""
    drawn = _shape(zone, Markup("10"), 10.0, RADIUS)
    return element("svg", drawn, width=20, height=20, aria_hidden="true", class_="c-symbol")


@dataclass(frozen=True)
class _Field:
    """Where the parts of 1 lie: percents across, pixels down."""

    height: int

    def x(self, agree: float) -> float:
        return LEFT + agree * (100 - LEFT - RIGHT)

    def y(self, disagree: float) -> float:
        return self.height - BOTTOM - disagree * (self.height - TOP - BOTTOM)


def _fields(field: _Field) -> Markup:
    """Return the four fields, stretched to the width there is."""
    shapes = [
        element(
            "polygon",
            points=" ".join(f"{100 * x:g},{100 - 100 * y:g}" for x, y in corners),
            class_=f"c-{zone} c-field",
            fill=ZONES[zone],
            fill_opacity=".1",
        )
        for zone, corners in FIELDS.items()
    ]
    return element(
        "svg",
        *shapes,
        x=percent(LEFT),
        y=TOP,
        width=percent(100 - LEFT - RIGHT),
        height=field.height - TOP - BOTTOM,
        viewBox="0 0 100 100",
        preserveAspectRatio="none",
    )


def _scale(field: _Field, words: Words) -> list[Markup]:
    found, bottom, left = [], field.y(0), percent(field.x(0))
    for step in range(0, 101, 20):
        x, y = percent(field.x(step / 100)), field.y(step / 100)
        found.append(_rule(x, bottom, x, bottom + 5))
        found.append(_number(x, bottom + 19, words.percent(step), "middle"))
        if step:
            found.append(_rule(percent(field.x(0) - 0.8), y, left, y))
            found.append(_number(percent(field.x(0) - 1.6), y + 4, words.percent(step), "end"))
    found.append(_rule(left, bottom, percent(field.x(1)), bottom))
    found.append(_rule(left, field.y(1), left, bottom))
    across: dict[str, Any] = {"class_": "c-text c-axis", "font_weight": 600}
    found.append(
        text(
            percent(field.x(1)),
            bottom + 40,
            f"\u200e{words.agree}\u200e →",
            text_anchor="end",
            **across,
        )
    )
    found.append(text(percent(field.x(0) + 1.5), TOP + 2, f"↑ {words.disagree}", **across))
    return found


def _number(x: str, y: float, said: str, anchor: str) -> Markup:
    return text(x, y, said, "c-quiet", fill=QUIET, font_size=12, text_anchor=anchor)


def _rule(x1: str, y1: float, x2: str, y2: float) -> Markup:
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_="c-rule", stroke=LINE)


def _name(field: _Field, zone: Zone, words: Words) -> Markup:
    agree, disagree = NAMED_AT[zone]
    x, y = percent(field.x(agree)), field.y(disagree)
    anchor = "end" if agree == 1 else None
    look: dict[str, Any] = {"fill": ZONES[zone], "font_weight": 700, "text_anchor": anchor}
    return text(x, y, words.zones[zone], f"c-{zone} c-name", **look)


def _dot(field: _Field, dot: Dot) -> Markup:
    title = element("title", dot.text)
    return _shape(dot.zone, percent(field.x(dot.agree)), field.y(dot.disagree), RADIUS, title)


def _mark(field: _Field, dot: Dot) -> Markup:
    """Number a dot, with a halo, so that it can be read over others."""
    moved = element("tspan", dot.mark, dx=9, dy=4)
    look: dict[str, Any] = {
        "stroke": PAPER, "stroke_width": 4, "paint_order": "stroke", "font_weight": 700,
    }  # fmt: skip
    return text(
        percent(field.x(dot.agree)), field.y(dot.disagree), moved, "c-text c-mark c-halo", **look
    )


def _shape(zone: Zone, x: object, y: float, r: float, *inside: Markup) -> Markup:
    """Return what tells a zone from others without its colour: disc, diamond, square, ring."""
    look: dict[str, object] = {
        "class_": f"c-{zone} c-dot", "fill": ZONES[zone], "stroke": PAPER, "stroke_width": 1.5,
    }  # fmt: skip
    if zone is Zone.CONSENSUS:
        return element("circle", *inside, cx=x, cy=y, r=r, **look)
    if zone is Zone.LIMBO:
        ring = element("circle", cx=x, cy=y, r=r / 3, class_="c-paper", fill=PAPER)
        return element("g", element("circle", *inside, cx=x, cy=y, r=r, **look), ring)
    points = (
        "-5.5,-5.5 5.5,-5.5 5.5,5.5 -5.5,5.5" if zone is Zone.REJECTION else "0,-8 8,0 0,8 -8,0"
    )
    drawn = element("polygon", *inside, points=points, **look)
    # A nested picture can stand at a percent, which a polygon cannot.
    return element("svg", drawn, x=x, y=y, overflow="visible")
