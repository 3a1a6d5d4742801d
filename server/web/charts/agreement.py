"""Agreement bars: of each proposal the three shares, with the interval of those who agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from server.consultations.ballots import VOTES
from server.consultations.outcome import Share
from server.web.charts.svg import (
    COLOURS,
    INK,
    PAPER,
    QUIET,
    Said,
    element,
    percent,
    picture,
    text,
    wrapped,
)

BAR, ROOM = 18, 30  # pixels: of the bar, and of the picture with its whiskers
LINE_HEIGHT, SIZE, GAP = 21, 15, 26
# In the order of reading: for, unsure, against. So both sides are measured from an edge.
ORDER = ("agree", "neutral", "disagree")


@dataclass(frozen=True)
class Row:
    """One proposal: its words, its shares if there are enough votes, and the lines below."""

    name: str
    text: str
    shares: Mapping[str, Share] | None
    said: str
    rtl: bool = False


def bar(name: str, shares: Mapping[str, Share], said: Said, rtl: bool = False) -> Markup:
    """Return one bar, as wide as there is room."""
    return picture(name, said, [_bar(shares, 6, rtl)], "100%", ROOM, class_="c-bar")


def chart(rows: Sequence[Row], said: Said, width: int = 720) -> Markup:
    """Return all bars under their words, as one picture of this width."""
    parts, y = [], 0.0
    for row in rows:
        lines = wrapped(row.text, width, SIZE)
        edge = "100%" if row.rtl else "0"
        anchor = "end" if row.rtl else None
        for line in lines:
            y += LINE_HEIGHT
            parts.append(text(edge, y, line, font_size=SIZE, text_anchor=anchor))
        if row.shares:
            parts.append(_bar(row.shares, y + 14, row.rtl))
            y += 14 + BAR
        for line in row.said.splitlines():
            y += LINE_HEIGHT
            parts.append(text(edge, y, line, "c-quiet", fill=QUIET, text_anchor=anchor))
        y += GAP
    return picture("agreement", said, parts, "100%", max(1.0, y))


def swatch(vote: str) -> Markup:
    """Return a piece of the bar of one vote, for a key."""
    return element("rect", class_=f"c-{vote}", fill=COLOURS[vote], width=16, height=16, y=2)


def whisker() -> Markup:
    """Return what marks an interval, for a key."""
    lines = (("0", 10.0, "30", 10.0), ("1", 4.0, "1", 16.0), ("29", 4.0, "29", 16.0))
    return element("g", *(_stroke(line, "c-whisker", INK, 2) for line in lines))


def _bar(shares: Mapping[str, Share], y: float, rtl: bool) -> Markup:
    """Return the three parts end to end; the whisker goes around the end of the first."""
    found, start = [], 0.0
    total = sum(shares[vote].count for vote in VOTES)
    for vote in ORDER:
        wide = 100 * shares[vote].count / total
        if wide:
            found.append(_part(vote, 100 - start - wide if rtl else start, wide, y))
        start += wide
    whisker = _whisker(shares, y, rtl)
    return element("g", *found, *whisker)


def _part(vote: str, x: float, wide: float, y: float) -> Markup:
    drawn: dict[str, object] = {"x": percent(x), "width": percent(wide), "y": y, "height": BAR}
    return element(
        "rect", class_=f"c-{vote}", fill=COLOURS[vote], stroke=PAPER, stroke_width=1, **drawn
    )


def _whisker(shares: Mapping[str, Share], y: float, rtl: bool) -> list[Markup]:
    interval = shares["agree"].interval
    ends = [100 * interval.low, 100 * interval.high]
    low, high = (percent(100 - end if rtl else end) for end in ends)
    middle = y + BAR / 2
    lines = [(low, middle, high, middle), (low, y - 4, low, y + BAR + 4)]
    lines.append((high, y - 4, high, y + BAR + 4))
    return [
        _stroke(line, *look)
        for look in (("c-halo", PAPER, 5), ("c-whisker", INK, 2))
        for line in lines
    ]


def _stroke(line: tuple[str, float, str, float], name: str, colour: str, width: int) -> Markup:
    x1, y1, x2, y2 = line
    return element(
        "line", x1=x1, y1=y1, x2=x2, y2=y2, class_=name, stroke=colour, stroke_width=width
    )
