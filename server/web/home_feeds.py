"""The feeds of the home page, Atom and JSON Feed 1.1: consultations that opened, and their outcomes.

Both hold the same entries under the same ids as each consultation's own feed.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import orjson
from flask import Blueprint, Response, request
from markupsafe import Markup

from server.consultations.consultation import Consultation
from server.web import atom, feeds, home
from server.web.atom import Entry, Feed, newest_first
from server.web.calendars import address
from server.web.messages import Speech
from server.web.service import service
from server.web.shelf import kept

blueprint = Blueprint("home_feeds", __name__)

MOST = 50  # entries
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)  # of a feed in which nothing has happened yet
JSON_FEED = "application/feed+json"
# The process keeps it for two seconds already: so even the last copy ends five seconds after a
# proposal was taken down.
SHORTLY = "public, max-age=1"


@blueprint.get("/feed.atom")
def show_atom() -> Response:
    return _answered("feed.atom", atom.document, atom.MIMETYPE)


@blueprint.get("/feed.json")
def show_json() -> Response:
    return _answered("feed.json", _json, JSON_FEED)


def _answered(name: str, written: Callable[[Feed], bytes], mimetype: str) -> Response:
    """Answer in the language that the address asks for."""
    messages = service().messages
    speech = messages.speech(messages.known(request.args.get("lang")))
    document = kept((name, speech.lang), lambda: written(_feed(name, speech)))
    return atom.answered(document, mimetype, SHORTLY)


def _json(feed: Feed) -> bytes:
    return orjson.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "home_page_url": feed.page,
            "feed_url": feed.address,
            "language": feed.language,
            "items": [
                {
                    "id": entry.id,
                    "url": entry.page,
                    "title": entry.title,
                    "content_html": str(entry.html),
                    "date_published": atom.written(entry.at),
                }
                for entry in feed.entries
            ],
        }
    )


def _feed(name: str, speech: Speech) -> Feed:
    """Return what is new. Rehearsals are not news."""
    now = datetime.now(UTC)
    known = [one for one in service().store.consultations.all() if not one.rehearsal]
    entries = [entry for one in known for entry in _entries(one, speech, now)]
    page = home.address(speech)
    return Feed(
        address=page.replace("/?", f"/{name}?"),
        page=page,
        title=speech.t("homeTitle"),
        language=speech.lang,
        since=BEGINNING,
        entries=newest_first(entries)[:MOST],
    )


def _entries(consultation: Consultation, speech: Speech, now: datetime) -> Iterator[Entry]:
    page, question = address(consultation), consultation.question
    if now >= consultation.opens:
        html = Markup("<p>{}</p>").format(speech.t("feedOpened"))
        yield Entry(page, "opened", question, consultation.opens, html)
    # As in the consultation's own feed: the count is final once there are minutes.
    if consultation.phase(now).is_over and service().store.minutes.versions(consultation):
        html = feeds.outcome(service().directory.find(consultation.slug), speech)
        title = f"{question} {speech.t('feedClosed')}"
        yield Entry(page, "closed", title, consultation.closes, html)
