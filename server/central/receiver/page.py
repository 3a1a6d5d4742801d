"""The page that shows what has been received, and the health checks."""

from datetime import datetime
from itertools import groupby

from babel.dates import format_datetime
from babel.numbers import format_decimal
from flask import Blueprint, Response, make_response, render_template, request
from sqlalchemy import text

from server.central.receiver import overview, parts
from server.central.receiver.database import READ_ONLY

LOCALE = "fr"
SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; img-src data:; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}


blueprint = Blueprint("page", __name__)


@blueprint.get("/")
def show() -> Response:
    found = overview.deliveries(parts.of_app().engine)
    page = render_template(
        "received.html",
        national=_by_consultation(found, rehearsal=False),
        rehearsals=_by_consultation(found, rehearsal=True),
        total=overview.total,
    )
    response = make_response(page)
    response.headers.update(SECURITY)
    response.add_etag()
    response.make_conditional(request)
    return response


@blueprint.get("/health/live")
def live() -> Response:
    return Response("live\n", mimetype="text/plain")


@blueprint.get("/health/ready")
def ready() -> Response:
    with parts.of_app().engine.connect().execution_options(**READ_ONLY) as connection:
        connection.execute(text("SELECT 1"))
    return Response("ready\n", mimetype="text/plain")


def _by_consultation(
    found: list[overview.Delivery], rehearsal: bool
) -> list[tuple[str, list[overview.Delivery]]]:
    """Return (slug, deliveries) pairs. No figure ever adds rehearsals to the others."""
    chosen = (delivery for delivery in found if delivery.rehearsal is rehearsal)
    return [(slug, list(group)) for slug, group in groupby(chosen, lambda d: d.consultation)]


@blueprint.app_template_filter("number")
def _number(number: int) -> str:
    return format_decimal(number, locale=LOCALE)


@blueprint.app_template_filter("moment")
def _moment(moment: datetime) -> str:
    """In words and UTC: a machine need not carry the time zones of its readers."""
    return format_datetime(moment, "d MMMM y 'à' HH:mm:ss 'UTC'", locale=LOCALE)
