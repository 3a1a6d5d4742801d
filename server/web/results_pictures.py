"""Pictures of results: each chart as a file of its own, for a paper or a report."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Response, abort, current_app, request
from markupsafe import Markup

from server.consultations.consultation import Proposal
from server.consultations.outcome import Outcome
from server.web import pages, results_charts
from server.web.charts import agreement
from server.web.charts import zones as charts
from server.web.charts.svg import MARGIN, Key, alone
from server.web.directory import Snapshot
from server.web.messages import Speech
from server.web.outcomes import demand_outcome
from server.web.results_reading import LISTS, leading, listed, ordered, outcomes_of, series
from server.web.service import plain, service

blueprint = Blueprint("results_pictures", __name__)

WIDTH = 720  # pixels
BARS = 10  # proposals
AGAIN = 5.0  # seconds a picture is served before it is drawn anew, as pages are
LATER = 60.0  # if nothing was published: curves and figures come a little after the last votes
KEPT_AT_MOST = 64  # pictures per process
KEPT_NAME = "isoloir-kept-pictures"
SHORTLY = "public, max-age=60"
POLICY = "default-src 'none'; style-src 'unsafe-inline'"  # a file brings its own style sheet


@blueprint.get("/c/<slug>/results/<any(agreement, map, participation):name>.svg")
def show(slug: str, name: str) -> Response:
    """Serve a chart as SVG, as soon as everybody may see results; nothing to draw is not found."""
    snapshot = service().directory.find(slug)
    demand_outcome(snapshot)
    speech = pages.speech_for(pages.look(request.args), snapshot.consultation)
    drawn = _kept(snapshot, name, speech)
    if drawn is None:
        abort(404)
    response = Response(drawn, mimetype="image/svg+xml")
    file = f"{slug}-{name}.svg"
    response.headers["Content-Disposition"] = f'inline; filename="{file}"'
    response.headers["Cache-Control"] = SHORTLY
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


@dataclass(frozen=True)
class Drawing:
    """A chart, and the keys under it in their columns."""

    drawn: Markup
    keys: tuple[Key, ...]
    columns: int


@dataclass(frozen=True)
class Kept:
    """A picture as it was drawn, of what was published then; None where there was nothing."""

    made: float  # monotonic seconds
    stamp: tuple[object, ...]
    drawn: str | None


def _kept(snapshot: Snapshot, name: str, speech: Speech) -> str | None:
    """Return the picture, drawn anew only once something new is published, as pages are."""
    kept: OrderedDict[object, Kept] = plain(current_app).extensions.setdefault(
        KEPT_NAME, OrderedDict()
    )
    key, now = (snapshot.consultation.id, name, speech.lang), time.monotonic()
    closed = snapshot.consultation.phase(datetime.now(UTC)).is_over
    stamp = (snapshot.version, snapshot.published.revision, snapshot.lists, closed)
    known = kept.get(key)
    if known is None or now - known.made >= _patience(known.stamp == stamp, closed):
        found = DRAWN[name](snapshot, speech)
        drawn = alone(found.drawn, WIDTH, found.keys, found.columns) if found else None
        known = Kept(now, stamp, drawn)
    kept[key] = known
    kept.move_to_end(key)
    while len(kept) > KEPT_AT_MOST:
        kept.popitem(last=False)
    return known.drawn


def _patience(same: bool, closed: bool) -> float:
    return LATER if same else 0.0 if closed else AGAIN


def _agreement(snapshot: Snapshot, speech: Speech) -> Drawing | None:
    rows = _outcomes(snapshot, listed(snapshot, str(LISTS[0]), 1)[:BARS])
    return _bars(rows, speech) if rows else None


def _zones(snapshot: Snapshot, speech: Speech) -> Drawing | None:
    found = results_charts.zone_map(_outcomes(snapshot, leading(snapshot)), speech)
    return _map(found) if found else None


def _participation(snapshot: Snapshot, speech: Speech) -> Drawing | None:
    curves = _curves(snapshot, speech)
    return _lines(curves, speech) if curves else None


# Each by itself: who asks for one does not pay for all three.
DRAWN: dict[str, Callable[[Snapshot, Speech], Drawing | None]] = {
    "agreement": _agreement,
    "map": _zones,
    "participation": _participation,
}


def _outcomes(snapshot: Snapshot, wanted: list[Proposal]) -> list[Outcome]:
    return ordered(outcomes_of(snapshot.consultation, wanted).outcomes, wanted)


def _bars(rows: list[Outcome], speech: Speech) -> Drawing:
    votes = [Key(agreement.swatch(vote), speech.t(vote)) for vote in agreement.ORDER]
    keys = (*votes, Key(agreement.whisker(), speech.t("intervalKey"), 30))
    return Drawing(results_charts.bars(rows, speech, WIDTH - 2 * MARGIN), keys, 4)


def _map(found: results_charts.Map) -> Drawing:
    keys = (
        Key(charts.symbol(one.zone), f"{mark}. {one.proposal.text}")
        for mark, one in found.marked
        if one.zone
    )
    return Drawing(found.drawn, tuple(keys), 1)


def _lines(found: results_charts.Curves, speech: Speech) -> Drawing:
    keys = (
        Key(piece, f"{name}, {speech.t('votes', count=votes)}", 28)
        for piece, name, votes in found.keys
    )
    return Drawing(found.drawn, tuple(keys), 3)


def _curves(snapshot: Snapshot, speech: Speech) -> results_charts.Curves | None:
    consultation = snapshot.consultation
    told = outcomes_of(consultation, ())  # for which sources are told apart
    return results_charts.curves(
        series(consultation, [source for source, _ in told.sources]),
        speech,
        consultation.opens.tzinfo,
        lambda source: results_charts.source_name(source, speech),
    )
