"""Chapters: what a dossier says of one consultation, its charts included."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup

from server.consultations.consultation import Consultation, Source
from server.consultations.errors import DossierRefused
from server.consultations.folding import OTHERS
from server.consultations.kinds import Kind
from server.consultations.outcome import Outcome, Told
from server.consultations.scores import Zone
from server.consultations.standings import Listing
from server.staff.figures import Votes
from server.web import results_charts as charts
from server.web import surroundings
from server.web.directory import Snapshot
from server.web.followup import Followup, followup
from server.web.messages import Speech
from server.web.results_reading import leading, listed, ordered, outcomes_of, series
from server.web.service import service

TOP = 10  # proposals whose bars are drawn
FIRST = 3  # of each list in the summary
HEIGHT = {"map": 440, "participation": 320}
_HEIGHT = re.compile(r' height="([0-9.]+)"')


@dataclass(frozen=True)
class Chart:
    """One chart: as it stands in the document, and what has to be said beside it."""

    name: str
    title: str
    drawn: Markup
    height: float
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """A media title: its voters, its votes that count, and those set aside."""

    name: str
    voters: int
    votes: Votes


@dataclass(frozen=True)
class Chapter:
    consultation: Consultation
    opens: str
    closes: str
    told: Told
    proposals: int
    lists: dict[str, list[Outcome]]
    zones: dict[Zone, int]
    charts: tuple[Chart, ...]
    table: list[Outcome]
    sources: list[Row]
    after: Followup
    page: SimpleNamespace  # what the macros of the booth ask about their page
    minutes: int
    digest: str  # of the minutes, SHA-256
    groups: Any = None

    @property
    def votes(self) -> Votes:
        return sum((row.votes for row in self.sources), Votes())


def demand_ready(consultation: Consultation, now: datetime) -> None:
    """Raise `DossierRefused` before the close, and until the minutes are drawn up."""
    if not consultation.phase(now).is_over or not service().store.minutes.versions(consultation):
        raise DossierRefused(f"{consultation.slug} has no minutes yet: they follow the close.")


def chapter(snapshot: Snapshot, now: datetime, speech: Speech) -> Chapter:
    """Return what there is to say of a consultation that is over."""
    asked = snapshot.consultation
    chosen = {str(by): listed(snapshot, str(by), 1) for by in Listing if by is not Listing.NEW}
    wanted = {one.id: one for found in (*chosen.values(), leading(snapshot)) for one in found}
    told = outcomes_of(asked, wanted.values())
    lists = {name: ordered(told.outcomes, found) for name, found in chosen.items()}
    top = lists[str(Listing.TOP)]
    after = followup(snapshot, now, brief=False, listed=[one.proposal.id for one in top])
    drawn, zones = _drawn(asked, told, top, speech)
    version, digest = _minutes(asked)
    return Chapter(
        consultation=asked,
        opens=speech.moment(asked.opens),
        closes=speech.moment(asked.closes),
        told=told,
        proposals=len(snapshot.accepted),
        lists=lists,
        zones=zones,
        charts=drawn,
        table=top[:TOP],
        sources=_sources(asked, told, speech),
        after=after,
        page=_page(asked, after, speech),
        minutes=version,
        digest=digest,
        groups=getattr(snapshot, "groups", None),
    )


def _drawn(
    asked: Consultation, told: Told, top: list[Outcome], speech: Speech
) -> tuple[tuple[Chart, ...], dict[Zone, int]]:
    sources = [source for source, _ in told.sources]
    found = charts.zone_map(told.outcomes, speech, HEIGHT["map"])
    curves = charts.curves(
        series(asked, sources),
        speech,
        asked.opens.tzinfo,
        lambda source: charts.source_name(source, speech),
        HEIGHT["participation"],
    )
    drawn = []
    if top:
        bars = charts.bars(top[:TOP], speech)
        drawn.append(_chart("agreement", bars, [speech.t("agreementHow")], speech))
    if found:
        marked = [f"{mark} {one.proposal.text}" for mark, one in found.marked]
        drawn.append(_chart("map", found.drawn, [speech.t("mapHow"), *marked], speech))
    if curves:
        named = [f"{name} : {speech.t('votes', count=votes)}" for _, name, votes in curves.keys]
        notes = [speech.t("participationHow"), *named]
        drawn.append(_chart("participation", curves.drawn, notes, speech))
    return tuple(drawn), found.counts if found else {}


def _chart(name: str, drawn: Markup, notes: Iterable[str], speech: Speech) -> Chart:
    height = _HEIGHT.search(drawn)
    return Chart(
        name,
        speech.t(f"{name}Title"),
        drawn,
        float(height[1]) if height else 0.0,
        (*notes, speech.t("resultsWarning")),
    )


def _sources(asked: Consultation, told: Told, speech: Speech) -> list[Row]:
    """Return the titles that are told apart; those folded are one row, as everywhere."""
    (figures,) = service().store.figures.read([asked])
    votes = figures.sources if figures else {}

    def of(source: Source) -> Votes:
        numbers = [one.number for one in told.folded] if source.number == OTHERS.number else []
        return sum((votes.get(n, Votes()) for n in numbers or [source.number]), Votes())

    rows = [Row(charts.source_name(one, speech), voters, of(one)) for one, voters in told.sources]
    return [row for row in rows if row.voters or row.votes.count]


def _minutes(asked: Consultation) -> tuple[int, str]:
    found = service().store.minutes.read(asked)
    if found is None:
        return 0, ""
    digest = sha256()
    for piece in found.pieces():
        digest.update(piece)
    return found.version, digest.hexdigest()


def _page(asked: Consultation, after: Followup, speech: Speech) -> SimpleNamespace:
    return SimpleNamespace(
        language=asked.language,
        lang=speech.lang,
        after=after,
        standalone=True,
        asking=asked.kind is Kind.CITIZENS_QUESTION,
        replies=surroundings.replies(asked, speech),
        accent=None,
    )
