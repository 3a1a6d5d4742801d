"""Pictures of results: each chart as a file of its own, for a paper or a report."""

from flask import Blueprint, Response, abort, request
from markupsafe import Markup

from server.consultations.outcome import Told
from server.web import pages, results_charts
from server.web.charts.svg import alone
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
    drawn = drawings(snapshot, speech)[name]
    if drawn is None:
        abort(404)
    response = Response(alone(drawn, WIDTH), mimetype="image/svg+xml")
    file = f"{slug}-{name}.svg"
    response.headers["Content-Disposition"] = f'inline; filename="{file}"'
    response.headers["Cache-Control"] = SHORTLY
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


def drawings(snapshot: Snapshot, speech: Speech) -> dict[str, Markup | None]:
    """Return the three charts as everybody may see them; none of what there is nothing to draw of."""
    consultation = snapshot.consultation
    best, mapped = listed(snapshot, str(LISTS[0]), 1)[:BARS], leading(snapshot)
    told = outcomes_of(consultation, {one.id: one for one in (*best, *mapped)}.values())
    rows = ordered(told.outcomes, best)
    zones = results_charts.zone_map(ordered(told.outcomes, mapped), speech)
    curves = _curves(snapshot, told, speech)
    return {
        "agreement": results_charts.bars(rows, speech, WIDTH) if rows else None,
        "map": zones.drawn if zones else None,
        "participation": curves.drawn if curves else None,
    }


def _curves(snapshot: Snapshot, told: Told, speech: Speech) -> results_charts.Curves | None:
    consultation = snapshot.consultation
    return results_charts.curves(
        series(consultation, [source for source, _ in told.sources]),
        speech,
        consultation.opens.tzinfo,
        lambda source: results_charts.source_name(source, speech),
    )
