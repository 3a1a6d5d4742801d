"""SVG: elements as text, with everything that comes from people escaped."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from server.web.lawful import lawful

NAMESPACE = "http://www.w3.org/2000/svg"
MARGIN = 20  # pixels, around a picture that stands alone
LETTER = 0.52  # of the size of letters: how wide one is, about
FONT = "system-ui, sans-serif"
INK, QUIET, LINE, PAPER = "#16181c", "#4c5056", "#d9d6cf", "#fffefb"
COLOURS = {"agree": "#0b6a67", "disagree": "#ad3c17", "neutral": "#b9bec7"}
ZONES = {
    "consensus": "#0b6a67",
    "controversy": "#8a5a00",
    "rejection": "#ad3c17",
    "limbo": "#565d68",
}
# Apart from one another for every common colour vision; told by dashes and words as well.
LINES = ("#16181c", "#0b6a67", "#ad3c17", "#4a5fb0", "#8a5a00", "#7a3f80")
DASHES = ("", "7 3", "2 3", "10 3 2 3", "14 4", "4 2")
DARK = {
    "agree": "#67cbc3", "disagree": "#f59a78", "neutral": "#6a717c", "consensus": "#67cbc3",
    "controversy": "#e0b45c", "rejection": "#f59a78", "limbo": "#b3bac5",
}  # fmt: skip
DARK_LINES = ("#eceae5", "#67cbc3", "#f59a78", "#9fb0f0", "#e0b45c", "#d79ade")


@dataclass(frozen=True)
class Said:
    """What a chart is called, and what it shows, for who does not see it."""

    title: str
    text: str


def element(name: str, *inside: object, **attributes: object) -> Markup:
    """Return an element; `class_` is `class`, underscores are dashes, None leaves one out."""
    given = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), _number(value))
        for key, value in attributes.items()
        if value is not None
    )
    content = Markup("").join(escape(_lawful(one)) for one in inside)
    return Markup("<{0}{1}>{2}</{0}>").format(name, given, content)


def picture(
    name: str, said: Said, parts: Iterable[Markup], width: object, height: float, **more: object
) -> Markup:
    """Return a whole picture with its name; `name` tells it from others on the page."""
    title, text = f"{name}-t", f"{name}-d"
    return element(
        "svg",
        element("title", said.title, id=title),
        element("desc", said.text, id=text),
        *parts,
        role="img",
        direction="ltr",  # so that start and end are left and right in every language
        aria_labelledby=title,
        aria_describedby=text,
        width=width,
        height=height,
        **more,
    )


def text(x: object, y: float, said: object, class_: str = "c-text", **more: Any) -> Markup:
    usual: dict[str, object] = {"fill": INK, "font_size": 13}
    return element("text", said, x=x, y=y, class_=class_, **{**usual, **more})


def percent(value: float) -> str:
    """Return a length across, from a number of percents."""
    return f"{value:.2f}".rstrip("0").rstrip(".") + "%"


@dataclass(frozen=True)
class Key:
    """What stands under a chart that stands alone: a piece of drawing, `wide` pixels, and its words."""

    piece: Markup
    words: str
    wide: int = 20


def alone(drawn: Markup, width: int, keys: Sequence[Key] = (), columns: int = 1) -> str:
    """Return a picture as a file of its own, `width` pixels wide, for light and dark."""
    opening, _, rest = str(drawn).partition(">")
    names, _, parts = rest.partition("</desc>")
    parts = parts.removesuffix("</svg>")
    found = re.search(r'\sheight="([\d.]+)"', opening)
    high = float(found[1]) if found else 0.0
    inner = width - 2 * MARGIN
    below, end = _below(keys, high + 2 * MARGIN, columns, inner)
    opening = re.sub(r'\s(width|height)="[^"]*"', "", opening).removeprefix("<svg")
    size = f'width="{width}" height="{end + MARGIN:g}" viewBox="0 0 {width} {end + MARGIN:g}"'
    return (
        f'<svg xmlns="{NAMESPACE}" font-family="{FONT}" {size}{opening}>{names}</desc>'
        f'<style>{_sheet()}</style><rect class="c-paper" width="100%" height="100%" fill="{PAPER}"/>'
        f'<svg x="{MARGIN}" y="{MARGIN}" width="{inner}" height="{high:g}" overflow="visible">{parts}</svg>'
        f'<svg x="{MARGIN}" width="{inner}" overflow="visible">{below}</svg></svg>\n'
    )


def wrapped(words: str, width: float, size: int) -> list[str]:
    """Return lines that are surely narrow enough: letters are not measured here."""
    most, lines = int(width / (size * LETTER)), [""]
    for word in words.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _below(keys: Sequence[Key], y: float, columns: int, width: float) -> tuple[Markup, float]:
    """Return the keys in their columns, row by row, and where they end."""
    found = []
    for start in range(0, len(keys), columns):
        most = 1
        for column, key in enumerate(keys[start : start + columns]):
            lines = wrapped(key.words, width / columns - key.wide - 12, 13)
            most = max(most, len(lines))
            said = [text(key.wide + 8, 15 + 18 * n, line) for n, line in enumerate(lines)]
            x = percent(100 * column / columns)
            found.append(element("svg", key.piece, *said, x=x, y=y, overflow="visible"))
        y += 18 * most + 6
    return Markup("").join(found), y if keys else y - 2 * MARGIN + MARGIN


def _sheet() -> str:
    dark = "".join(f".c-{name}{{fill:{colour}}}" for name, colour in DARK.items())
    lines = "".join(f".c-line-{n}{{stroke:{one}}}" for n, one in enumerate(DARK_LINES))
    ends = "".join(f".c-end-{n}{{fill:{one}}}" for n, one in enumerate(DARK_LINES))
    words = (
        ".c-text{fill:#eceae5}.c-quiet{fill:#aeb1b6}.c-rule{stroke:#3b3e43}.c-paper{fill:#17181a}"
        ".c-whisker{stroke:#eceae5}.c-dot,.c-agree,.c-neutral,.c-disagree{stroke:#17181a}.c-halo{stroke:#17181a}.c-field{fill-opacity:.16}"
    )
    return f"@media (prefers-color-scheme:dark){{{dark}{lines}{ends}{words}}}"


def _number(value: object) -> object:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else _lawful(value)


def _lawful(value: object) -> object:
    return lawful(value) if isinstance(value, str) and not isinstance(value, Markup) else value
