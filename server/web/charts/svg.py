"""SVG: elements as text, with everything that comes from people escaped."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

NAMESPACE = "http://www.w3.org/2000/svg"
FONT = "system-ui, sans-serif"
INK, QUIET, LINE, PAPER = "#16181c", "#4c5056", "#d9d6cf", "#fffefb"
COLOURS = {"agree": "#0b6a67", "disagree": "#ad3c17", "neutral": "#7d838c"}
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
    "agree": "#67cbc3", "disagree": "#f59a78", "neutral": "#9aa1ac", "consensus": "#67cbc3",
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
    content = Markup("").join(map(escape, inside))
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


def alone(drawn: Markup, width: int) -> str:
    """Return a picture as a file of its own, `width` pixels wide, for light and dark."""
    whole = str(drawn).replace('width="100%"', f'width="{width}"', 1)
    head = f'<svg xmlns="{NAMESPACE}" font-family="{FONT}"'
    style, rest = f"<style>{_sheet()}</style>", whole.removeprefix("<svg")
    opening, _, inside = rest.partition(">")
    paper = f'<rect class="c-paper" width="100%" height="100%" fill="{PAPER}"/>'
    title_ends = inside.find("</desc>") + len("</desc>")
    return f"{head}{opening}>{inside[:title_ends]}{style}{paper}{inside[title_ends:]}\n"


def _sheet() -> str:
    dark = "".join(f".c-{name}{{fill:{colour}}}" for name, colour in DARK.items())
    lines = "".join(f".c-line-{n}{{stroke:{one}}}" for n, one in enumerate(DARK_LINES))
    ends = "".join(f".c-end-{n}{{fill:{one}}}" for n, one in enumerate(DARK_LINES))
    words = (
        ".c-text{fill:#eceae5}.c-quiet{fill:#aeb1b6}.c-rule{stroke:#3b3e43}.c-paper{fill:#17181a}"
        ".c-whisker{stroke:#eceae5}.c-halo{stroke:#17181a}.c-field{fill-opacity:.16}"
    )
    return f"@media (prefers-color-scheme:dark){{{dark}{lines}{ends}{words}}}"


def _number(value: object) -> object:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value
