"""Pictures of results: each chart as a file of its own, for a paper or a report."""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, request
from markupsafe import Markup

from server.consultations.outcome import Outcome, Told
from server.web import pages, results_charts
from server.web.charts import agreement
from server.web.charts import zones as charts
from server.web.charts.svg import MARGIN, Key, alone
from server.web.directory import Snapshot
from server.web.messages import Speech
from server.web.outcomes import demand_outcome
from server.web.results_reading import LISTS, leading, listed, ordered, outcomes_of, series
from server.web.service import service

blueprint = Blueprint("results_pictures", __name__)

WIDTH = 720  # pixels
BARS = 10  # proposals
SHORTLY = "public, max-age=60"
POLICY = "default-src 'none'; style-src 'unsafe-inline'"  # a file brings its own style sheet


@blueprint.get("/c/<slug>/results/<any(agreement, map, participation):name>.svg")
def show(slug: str, name: str) -> Response:
    """Serve a chart as SVG, as soon as everybody may see results; nothing to draw is not found."""
    snapshot = service().directory.find(slug)
    demand_outcome(snapshot)
    speech = pages.speech_for(pages.look(request.args), snapshot.consultation)
    found = drawings(snapshot, speech)[name]
    if found is None:
        abort(404)
    drawn = alone(found.drawn, WIDTH, found.keys, found.columns)
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


def drawings(snapshot: Snapshot, speech: Speech) -> dict[str, Drawing | None]:
    """Return the three charts as everybody may see them; none of what there is nothing to draw of."""
    consultation = snapshot.consultation
    best, mapped = listed(snapshot, str(LISTS[0]), 1)[:BARS], leading(snapshot)
    told = outcomes_of(consultation, {one.id: one for one in (*best, *mapped)}.values())
    rows = ordered(told.outcomes, best)
    zones = results_charts.zone_map(ordered(told.outcomes, mapped), speech)
    curves = _curves(snapshot, told, speech)
    return {
        "agreement": _bars(rows, speech) if rows else None,
        "map": _map(zones) if zones else None,
        "participation": _lines(curves, speech) if curves else None,
    }


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


def _curves(snapshot: Snapshot, told: Told, speech: Speech) -> results_charts.Curves | None:
    consultation = snapshot.consultation
    return results_charts.curves(
        series(consultation, [source for source, _ in told.sources]),
        speech,
        consultation.opens.tzinfo,
        lambda source: results_charts.source_name(source, speech),
    )
