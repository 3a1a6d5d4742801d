"""Chapters: what a dossier says of one consultation, its charts included."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from json import JSONDecoder
from types import SimpleNamespace

from markupsafe import Markup

from server.consultations.consultation import Consultation, Proposal, Source
from server.consultations.errors import DossierRefused
from server.consultations.folding import OTHERS
from server.consultations.kinds import Kind
from server.consultations.opinion_groups import OpinionGroups
from server.consultations.outcome import Outcome, Told
from server.consultations.scores import Zone
from server.consultations.standings import Listing
from server.staff.figures import Votes
from server.web import results_charts as charts
from server.web import surroundings
from server.web.charts.svg import element
from server.web.directory import Snapshot
from server.web.followup import Followup, followup
from server.web.messages import Speech
from server.web.opinion_groups import View, view
from server.web.results_reading import LISTS, leading, listed, ordered, outcomes_of, series
from server.web.service import service

TOP = 5  # proposals whose bars are drawn: as many as a slide has room for; the table has more
WIDTH = 720  # pixels that charts are drawn for, to be scaled as a whole
# Of the summary: a message, a list, how many of it, and the zones in which it tells the truth.
SUMMARY = (
    ("topList", Listing.TOP, 3, (Zone.CONSENSUS, Zone.LIMBO, Zone.CONTROVERSY)),
    ("controversyList", Listing.CONTROVERSY, 2, (Zone.CONTROVERSY,)),
    ("rejectionList", Listing.REJECTION, 2, (Zone.REJECTION,)),
)
HEIGHT = {"map": 440, "participation": 320}
TOTALS, END = b'"totals":', 64 * 1024  # their keys are sorted: the sums stand near the end
_HEIGHT = re.compile(r' height="([0-9.]+)"')


@dataclass(frozen=True)
class Chart:
    """One chart: as it stands in the document, and what has to be said beside it."""

    name: str
    title: str
    drawn: Markup
    height: float
    notes: tuple[str, ...]

    @property
    def whole(self) -> Markup:
        """It as it stands in the document: letters and all get as large as there is room."""
        box = f"0 0 {WIDTH} {self.height:g}"
        return element("svg", self.drawn, viewBox=box, width="100%", class_="whole")

    def named_for(self, slug: str) -> "Chart":
        """Return it with ids of its own, to stand beside those of other consultations."""
        drawn = str(self.drawn).replace(f'"{self.name}-', f'"{slug}-{self.name}-')
        return replace(self, drawn=Markup(drawn))  # noqa: S704 - an escaped picture and a slug


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
    summary: list[tuple[str, list[Outcome]]]
    charts: tuple[Chart, ...]
    table: list[Outcome]
    sources: list[Row]
    after: Followup
    known: Mapping[int, Proposal]  # those that are published
    page: SimpleNamespace  # what the macros of the booth ask about their page
    minutes: int
    digest: str  # of the minutes, SHA-256
    groups: View | None
    taken_down: int  # votes that count, on proposals that nobody is shown any more

    @property
    def votes(self) -> Votes:
        return sum((row.votes for row in self.sources), Votes())


def demand_ready(asked: Consultation, now: datetime) -> None:
    """Raise `DossierRefused` before the close, and until all is counted and in the minutes."""
    store = service().store
    if asked.rehearsal:
        raise DossierRefused(f"{asked.slug} is a rehearsal: its votes count nowhere.")
    if not asked.phase(now).is_over or not store.minutes.versions(asked):
        raise DossierRefused(f"{asked.slug} has no minutes yet: they follow the close.")
    (figures,) = store.figures.read([asked])
    if not figures or figures.revision != sum(store.tallies.revisions(asked)):
        raise DossierRefused(f"{asked.slug} is being counted. Try again in a moment.")


def chapter(snapshot: Snapshot, now: datetime, speech: Speech, alone: bool = True) -> Chapter:
    """Return what there is to say of a consultation that is over; `alone`: of no other one."""
    asked = snapshot.consultation
    told = outcomes_of(asked, leading(snapshot))
    lists = {by: ordered(told.outcomes, listed(snapshot, str(by), 1)) for by in LISTS}
    top = lists[Listing.TOP]
    groups = view(_final(snapshot), asked, snapshot.accepted, now)
    after = followup(snapshot, now, brief=False, listed=[one.proposal.id for one in top])
    version, digest, signed = _minutes(asked)
    sources = _sources(asked, told, speech)
    if sum((row.votes for row in sources), Votes()) != signed:
        raise DossierRefused(f"The tallies of {asked.slug} are not what its minutes say: recount.")
    return Chapter(
        consultation=asked,
        opens=speech.moment(asked.opens),
        closes=speech.moment(asked.closes),
        told=told,
        proposals=len(snapshot.accepted),
        summary=[
            (title, [one for one in lists[by] if one.zone in zones][:most])
            for title, by, most, zones in SUMMARY
        ],
        charts=tuple(
            one if alone else one.named_for(asked.slug) for one in _drawn(asked, told, top, speech)
        ),
        table=top,
        sources=sources,
        after=after,
        known=snapshot.accepted,
        page=_page(asked, after, speech),
        minutes=version,
        digest=digest,
        groups=groups if groups and not groups.blurred else None,
        taken_down=_taken_down(snapshot),
    )


def _final(snapshot: Snapshot) -> OpinionGroups | None:
    """Return the groups found after the close; earlier ones are of fewer votes."""
    found, closes = snapshot.groups, snapshot.consultation.closes.timestamp() * 1000
    return found if found and found.as_of >= closes else None


def _taken_down(snapshot: Snapshot) -> int:
    """Return what the sums of media titles hold besides the proposals that are shown."""
    store, asked = service().store, snapshot.consultation
    away = [
        one.id for one in store.consultations.proposals(asked) if one.id not in snapshot.accepted
    ]
    return sum(counts.total for counts in store.tallies.counts(asked, away).values())


def _drawn(asked: Consultation, told: Told, top: list[Outcome], speech: Speech) -> Iterator[Chart]:
    if top:
        yield _chart(
            "agreement", charts.bars(top[:TOP], speech), [speech.t("agreementHow")], speech
        )
    if found := charts.zone_map(told.outcomes, speech, HEIGHT["map"]):
        marked = [f"{mark} {one.proposal.text}" for mark, one in found.marked]
        yield _chart("map", found.drawn, [speech.t("mapHow"), *marked], speech)
    curves = charts.curves(
        series(asked, [source for source, _ in told.sources]),
        speech,
        asked.opens.tzinfo,
        lambda source: charts.source_name(source, speech),
        HEIGHT["participation"],
    )
    if curves:
        named = [f"{name}: {speech.t('votes', count=votes)}" for _, name, votes in curves.keys]
        notes = [speech.t("participationHow"), *named]
        yield _chart("participation", curves.drawn, notes, speech)


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


def _minutes(asked: Consultation) -> tuple[int, str, Votes]:
    """Return the version of the minutes, their SHA-256, and how many votes they say there were."""
    found = service().store.minutes.read(asked)
    if found is None:
        return 0, "", Votes()
    digest, end = sha256(), b""
    for piece in found.pieces():  # they may be a hundred megabytes
        digest.update(piece)
        end = (end + piece)[-END:]
    said, _ = JSONDecoder().raw_decode(end[end.rindex(TOTALS) + len(TOTALS) :].decode())
    votes = said.values()
    total = Votes(sum(v["count"] for v in votes), sum(v["countVerified"] for v in votes))
    return found.version, digest.hexdigest(), total


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
