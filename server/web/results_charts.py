"""The charts of results, in a reader's language: outcomes and curves become pictures and words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from markupsafe import Markup

from server.consultations.ballots import Vote
from server.consultations.consultation import Source
from server.consultations.folding import OTHERS
from server.consultations.outcome import Cell, Outcome
from server.consultations.scores import Scores, Zone
from server.web.charts import agreement, participation, zones
from server.web.charts.svg import LINES, Said
from server.web.messages import Speech
from server.web.results_reading import Series

MARKED = 3  # proposals of each zone that have a number on the map
ROWS = 32  # of the table of participation
DAY = 86_400_000  # milliseconds
ZONE_NAMES = {
    Zone.CONSENSUS: "consensusZone",
    Zone.CONTROVERSY: "controversyZone",
    Zone.REJECTION: "rejectionZone",
    Zone.LIMBO: "limboZone",
}
ZONE_MEANINGS = {
    Zone.CONSENSUS: "consensusMeans",
    Zone.CONTROVERSY: "controversyMeans",
    Zone.REJECTION: "rejectionMeans",
    Zone.LIMBO: "limboMeans",
}


@dataclass(frozen=True)
class Map:
    """The map, and what stands beside it: numbered proposals, and how many each zone has."""

    drawn: Markup
    marked: tuple[tuple[str, Outcome], ...]
    dots: tuple[Outcome, ...]
    counts: dict[Zone, int]


@dataclass(frozen=True)
class Curves:
    """Participation: the chart, its key, and its table of instants."""

    drawn: Markup
    keys: tuple[tuple[Markup, str, int], ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]


def in_words(cell: Cell, speech: Speech) -> str:
    """Return the three shares as a sentence, or the plain numbers of few votes."""
    shares = cell.shares
    votes = cell.shown.votes
    said = {
        str(vote): speech.t("share", share=shares[vote].percent)
        if shares
        else speech.n(votes[vote])
        for vote in Vote
    }
    return speech.t("threeShares", **said)


def range_of(cell: Cell, vote: Vote, speech: Speech) -> str:
    """Return a share with its interval: 62 % (58 to 66)."""
    if not cell.shares:
        return ""
    share = cell.shares[vote]
    low, high = (round(100 * end) for end in (share.interval.low, share.interval.high))
    return speech.t("shareRange", share=share.percent, low=low, high=high)


def bar(outcome: Outcome, speech: Speech, prefix: str = "bar") -> Markup | None:
    """Return the bar of one proposal; none while votes are few."""
    shares = outcome.total.shares
    if not shares:
        return None
    said = Said(in_words(outcome.total, speech), outcome.proposal.text)
    rtl = speech.direction == "rtl"
    named = {str(vote): share for vote, share in shares.items()}
    return agreement.bar(f"{prefix}-{outcome.proposal.id}", named, said, rtl)


def bars(outcomes: Sequence[Outcome], speech: Speech, width: int = 720) -> Markup:
    """Return the bars of all these as one picture, to stand alone."""
    rows = []
    for one in outcomes:
        shares = one.total.shares
        named = {str(vote): share for vote, share in shares.items()} if shares else None
        votes = speech.t("votes", count=one.total.shown.total)
        said = "\n".join((f"{in_words(one.total, speech)} · {votes}", *_apart(one.total, speech)))
        rows.append(agreement.Row("", one.proposal.text, named, said, speech.direction == "rtl"))
    return agreement.chart(rows, Said(speech.t("agreementTitle"), speech.t("agreementHow")), width)


def _apart(cell: Cell, speech: Speech) -> tuple[str, ...]:
    link = cell.by_link
    return (speech.t("linkApart", count=link.total),) if link else ()


def zone_map(
    outcomes: Sequence[Outcome], speech: Speech, height: int = 440, marked: int = MARKED
) -> Map | None:
    """Return the map of those with enough asked votes; none if there is none."""
    dots = [one for one in outcomes if one.zone]
    if not dots:
        return None
    by_zone = {zone: [one for one in dots if one.zone is zone] for zone in Zone}
    first = [
        one
        for group in by_zone.values()
        for one in sorted(group, key=lambda o: (-o.asked.shown.total, o.proposal.id))[:marked]
    ]
    marks = {one.proposal.id: speech.n(n) for n, one in enumerate(first, 1)}
    words = zones.Words(
        speech.t("agree"),
        speech.t("disagree"),
        {zone: speech.t(ZONE_NAMES[zone]) for zone in Zone},
        lambda share: speech.t("share", share=share),
    )
    drawn = zones.chart(
        [
            _dot(one, one.scores, marks.get(one.proposal.id, ""), speech)
            for one in dots
            if one.scores
        ],
        words,
        Said(speech.t("mapTitle"), speech.t("mapHow")),
        height,
    )
    keys = tuple((marks[one.proposal.id], one) for one in first)
    return Map(drawn, keys, tuple(dots), {zone: len(found) for zone, found in by_zone.items()})


def curves(
    found: Series,
    speech: Speech,
    zone: tzinfo | None,
    name: Callable[[Source], str],
    height: int = 320,
) -> Curves | None:
    """Return the chart of participation; none until there are two instants and a vote."""
    if len(found.instants) < 2 or not found.lines:
        return None
    lines = _few(found, speech)
    named = [(label or name(source), votes) for source, label, votes in lines]
    begins, ends = found.instants[0], found.instants[-1]
    middle = (begins + ends) // 2
    ticks = [(at, _instant(at, speech, zone, ends - begins)) for at in (begins, middle, ends)]
    drawn = participation.chart(
        [
            participation.Line(label, list(zip(found.instants, votes, strict=True)))
            for label, votes in named
        ],
        participation.Axis(begins, ends, ticks),
        speech.compact,
        Said(speech.t("participationTitle"), speech.t("participationHow")),
        height,
    )
    keys = tuple((participation.key(n), label, votes[-1]) for n, (label, votes) in enumerate(named))
    picked = sorted(
        {*range(0, len(found.instants), _every(len(found.instants))), len(found.instants) - 1}
    )
    rows = tuple(
        (_whole(found.instants[at], speech, zone), tuple(votes[at] for _, votes in named))
        for at in picked
    )
    return Curves(drawn, keys, rows)


def source_name(source: Source, speech: Speech) -> str:
    return speech.t("otherSources") if source.number == OTHERS.number else source.title


def _few(found: Series, speech: Speech) -> list[tuple[Source, str, tuple[int, ...]]]:
    """Return as many lines as can be told apart; the smallest sources then share the last.

    Those folded are among them, however many votes they have: two lines of others would be taken
    for each other.
    """
    lines = [(source, "", votes) for source, votes in found.lines]
    if len(lines) <= len(LINES):
        return lines
    lines.sort(key=lambda line: line[0].number == OTHERS.number)  # the largest first, as before
    kept, rest = lines[: len(LINES) - 1], lines[len(LINES) - 1 :]
    joined = tuple(map(sum, zip(*(votes for *_, votes in rest), strict=True)))
    return [*kept, (OTHERS, speech.t("everyOtherSource"), joined)]


def _every(number: int) -> int:
    return max(1, -(-number // ROWS))


def _dot(one: Outcome, scores: Scores, mark: str, speech: Speech) -> zones.Dot:
    agree, disagree = (scores.of(key).value for key in ("agree", "disagree"))
    text = f"{one.proposal.text} — {in_words(one.asked, speech)}"
    return zones.Dot(agree, disagree, scores.zone, text, mark)


def _instant(at: int, speech: Speech, zone: tzinfo | None, span: int) -> str:
    moment = datetime.fromtimestamp(at / 1000, zone)
    return speech.clock(moment) if span < DAY else speech.short(moment)


def _whole(at: int, speech: Speech, zone: tzinfo | None) -> str:
    moment = datetime.fromtimestamp(at / 1000, zone)
    return f"{speech.short(moment)}, {speech.clock(moment)}"


def words(speech: Speech) -> dict[str, Any]:
    """Return what templates of results need besides their data."""
    return {
        "zone_names": {zone: speech.t(ZONE_NAMES[zone]) for zone in Zone},
        "zone_meanings": {zone: speech.t(ZONE_MEANINGS[zone]) for zone in Zone},
        "symbol": zones.symbol,
        "range_of": lambda cell, vote: range_of(cell, Vote(vote), speech),
        "in_words": lambda cell: in_words(cell, speech),
        "name_of": lambda source: source_name(source, speech),
        "bar": lambda outcome: bar(outcome, speech),
    }
