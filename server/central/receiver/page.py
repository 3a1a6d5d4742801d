"""The page that shows what has been received, and the health checks."""

from collections.abc import Callable
from itertools import groupby

from babel.dates import format_datetime
from babel.numbers import format_decimal
from flask import Blueprint, Response, make_response, render_template, request
from sqlalchemy import Engine, text

from server.central.receiver import overview
from server.central.receiver.database import READ_ONLY

LOCALE = "fr"
SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}


def blueprint(engine: Engine) -> Blueprint:
    made = Blueprint("page", __name__)
    made.add_app_template_filter(_number, "number")
    made.add_app_template_filter(_moment, "moment")

    @made.get("/")
    def show() -> Response:
        found = overview.deliveries(engine)
        page = render_template(
            "received.html",
            national=_by_consultation(found, lambda delivery: not delivery.rehearsal),
            rehearsals=_by_consultation(found, lambda delivery: delivery.rehearsal),
            total=overview.total,
        )
        response = make_response(page)
        response.headers.update(SECURITY)
        response.add_etag()
        return response.make_conditional(request)

    @made.get("/health/live")
    def live() -> Response:
        return Response("live\n", mimetype="text/plain")

    @made.get("/health/ready")
    def ready() -> Response:
        with engine.connect().execution_options(**READ_ONLY) as connection:
            connection.execute(text("SELECT 1"))
        return Response("ready\n", mimetype="text/plain")

    return made


def _by_consultation(
    found: list[overview.Delivery], wanted: Callable[[overview.Delivery], bool]
) -> list[tuple[str, list[overview.Delivery]]]:
    chosen = filter(wanted, found)
    return [(slug, list(group)) for slug, group in groupby(chosen, lambda d: d.consultation)]


def _number(number: int) -> str:
    return format_decimal(number, locale=LOCALE)


def _moment(moment: object) -> str:
    """In words and UTC: a machine need not carry the time zones of its readers."""
    return format_datetime(moment, "d MMMM y 'à' HH:mm:ss 'UTC'", locale=LOCALE)  # type: ignore[arg-type]
