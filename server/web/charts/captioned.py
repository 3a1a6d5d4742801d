"""A chart as a file of its own: under its title, over what is needed to understand it anywhere."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import wrap

from markupsafe import Markup

from server.web.charts.svg import FONT, INK, NAMESPACE, PAPER, QUIET, Said, element, text

MARGIN = 28
TITLE, SMALL = 21, 12  # sizes of letters
LETTER = 0.53  # of the size of letters: how wide one is, about


@dataclass(frozen=True)
class Caption:
    """`notes` are paragraphs: how it is read, what it is made of, its limits, its source."""

    title: str
    notes: Sequence[str]
    rtl: bool = False


def captioned(drawn: Markup, height: float, caption: Caption, width: int = 780) -> str:
    """Return a file of a drawing `height` pixels high, `width` wide with its margins."""
    inside = width - 2 * MARGIN
    edge, anchor = (width - MARGIN, "end") if caption.rtl else (MARGIN, None)
    parts, y = [], float(MARGIN)
    for line in _lines([caption.title], inside, TITLE):
        y += TITLE * 1.25
        parts.append(text(edge, y, line, font_size=TITLE, font_weight=700, text_anchor=anchor))
    y += MARGIN * 0.7
    parts.append(element("svg", drawn, x=MARGIN, y=y, width=inside, height=height))
    y += height + MARGIN * 0.4
    for line in _lines(caption.notes, inside, SMALL):
        y += SMALL * (1.45 if line else 0.6)
        parts.append(text(edge, y, line, fill=QUIET, font_size=SMALL, text_anchor=anchor))
    whole: dict[str, object] = {"width": width, "height": round(y) + MARGIN}
    paper = element("rect", width="100%", height="100%", fill=PAPER)
    said = Said(caption.title, " ".join(caption.notes))
    return element(
        "svg",
        element("title", said.title),
        element("desc", said.text),
        paper,
        *parts,
        xmlns=NAMESPACE,
        font_family=FONT,
        direction="ltr",  # so that start and end are left and right in every language
        fill=INK,
        viewBox=f"0 0 {width} {whole['height']}",
        **whole,
    )


def _lines(paragraphs: Iterable[str], width: float, size: int) -> list[str]:
    """Return lines that are surely narrow enough, an empty one between paragraphs."""
    found: list[str] = []
    for paragraph in paragraphs:
        found += (
            ["", *wrap(paragraph, int(width / (size * LETTER)))]
            if found
            else wrap(paragraph, int(width / (size * LETTER)))
        )
    return found
