"""Calendars: the last instant to vote as an entry for the reader's own calendar."""

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, request
from icalendar import Calendar, Event

from server.consultations.consultation import DIRECT, Consultation
from server.version import VERSION
from server.web import pages
from server.web.messages import Speech
from server.web.service import service

blueprint = Blueprint("calendars", __name__)

HOURLY = "public, max-age=3600"
OPENS, CLOSES = "opens", "closes"


@blueprint.get("/c/<slug>/calendar.ics")
def show(slug: str) -> Response:
    """Serve the close, and the opening if it is still to come. Nobody's own data is in it."""
    how = pages.look(request.args)
    consultation = service().directory.find(slug).consultation
    source = consultation.source(how.source).name
    speech = pages.speech_for(how, consultation)
    now = datetime.now(UTC).replace(microsecond=0)
    file = _calendar(consultation, speech, address(consultation, source), now).to_ical()
    response = Response(file, mimetype="text/calendar")
    response.headers["Content-Disposition"] = f"inline; filename={slug}.ics"
    response.headers["Content-Language"] = speech.lang
    response.headers["Cache-Control"] = HOURLY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def address(consultation: Consultation, source: str = DIRECT) -> str:
    """Return the address of a consultation's own page, as seen through a source."""
    page = f"{service().settings.public_url}/c/{consultation.slug}"
    return page if source == DIRECT else f"{page}?{urlencode({'source': source})}"


def _calendar(consultation: Consultation, speech: Speech, page: str, now: datetime) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//Isoloir//Isoloir {VERSION}//{speech.lang.upper()}")
    calendar.add("version", "2.0")
    for event in _events(consultation, speech, now):
        event.add("dtstamp", now)
        event.add("description", page)
        event.add("url", page)
        event.add("transp", "TRANSPARENT")  # nobody is busy at that time
        calendar.add_component(event)
    return calendar


def _events(consultation: Consultation, speech: Speech, now: datetime) -> Iterator[Event]:
    if now < consultation.opens:
        summary = speech.t("calendarOpens", question=consultation.question)
        yield _event(OPENS, consultation, consultation.opens, summary)
    summary = speech.t("calendarCloses", question=consultation.question)
    yield _event(CLOSES, consultation, consultation.closes, summary)


def _event(name: str, consultation: Consultation, at: datetime, summary: str) -> Event:
    """Return an entry for an instant. Its id stays, so that a second import moves the first one."""
    event = Event()
    host = urlsplit(service().settings.public_url).hostname
    event.add("uid", f"{name}-{consultation.slug}@{host}")
    event.add("dtstart", at.astimezone(UTC))
    event.add("summary", summary)
    return event
