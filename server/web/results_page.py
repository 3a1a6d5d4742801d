"""The results page, for whom the consultation's rule lets see them; and their view for an article."""

import gzip
import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, render_template, request

from server.consultations.consultation import Proposal, ResultsRule
from server.consultations.errors import Refusal, ResultsNotYet
from server.web import headers, pages, results_charts, screens, shelf
from server.web.consultations import visible
from server.web.directory import Snapshot
from server.web.messages import Speech
from server.web.opinion_groups import view
from server.web.pages import Place
from server.web.results_reading import (
    ALL,
    CHOICES,
    PAGE,
    leading,
    listed,
    ordered,
    outcomes_of,
    series,
)
from server.web.service import plain, service

blueprint = Blueprint("results_page", __name__)

AGAIN = 5.0  # seconds a page is served before it is made anew, if anything has changed
LATER = 60.0  # if nothing was published: curves and figures come a little after the last votes
KEPT_AT_MOST = 64  # pages per process
KEPT_NAME = "isoloir-kept-results"
SHORT = 3  # proposals in an article


@dataclass(frozen=True)
class Asked:
    """Which part of the results."""

    choice: str
    page: int


@dataclass(frozen=True)
class Kept:
    """A page as it was made, of what was published then."""

    made: float  # monotonic seconds
    stamp: tuple[object, ...]
    drawn: str
    packed: bytes  # half a megabyte of tables becomes a tenth


@blueprint.get("/c/<slug>/results")
def show(slug: str) -> Response:
    """Serve the page; who must wait is told kindly until when."""
    return _served(slug, "results.html", standalone=True)


@blueprint.get("/e/<slug>/results")
def frame(slug: str) -> Response:
    """Serve the short view for an article, framed by the same origins as the booth."""
    return _served(slug, "results_frame.html", standalone=False)


def _served(slug: str, template: str, standalone: bool) -> Response:
    how = pages.look(request.args, standalone)
    try:
        place = screens.find(slug, how)
    except Refusal as refusal:
        return screens.refused(slug, how, refusal)
    drawn: str | bytes
    snapshot, closed = place.snapshot, _closed(place)
    everybody = pages.told(snapshot.consultation, datetime.now(UTC))
    packed = False
    if place.source.blocked and not standalone:
        return screens.answer(place, pages.page(place, "blocked"))
    try:
        if how.veiled and not closed:
            raise ResultsNotYet("This article shows them after the close.")
        if everybody:
            drawn, packed = _from_kept(place, template)
        else:
            drawn = _drawn(place, template, _asked(), visible(snapshot))
    except ResultsNotYet:
        drawn = _wait(place, template)
    except Refusal as refusal:
        return screens.refused(slug, how, refusal)
    framed_by = headers.NOBODY if standalone else ("'self'", *place.source.origins)
    response = Response(drawn, HTTPStatus.OK.value, mimetype="text/html")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    cache = headers.FRESH if everybody else headers.PRIVATE
    headers.dress(response, service().settings.origin, framed_by, cache)
    if everybody:
        response.vary.add("Accept-Encoding")
    else:
        response.vary.update(("Cookie", "Authorization", "Origin"))
    return response


def last_page(snapshot: Snapshot, choice: str) -> int:
    """Return how many pages a list has; one if it is empty."""
    return max(1, -(-len(snapshot.accepted) // PAGE)) if choice == ALL else 1


def _from_kept(place: Place, template: str) -> tuple[str | bytes, bool]:
    """Return the page as everybody sees it, packed for who takes it so."""
    kept, packed = _kept(place, template), request.accept_encodings["gzip"] > 0
    return (kept.packed, True) if packed else (kept.drawn, False)


def _closed(place: Place) -> bool:
    return place.snapshot.consultation.phase(datetime.now(UTC)).is_over


def _asked() -> Asked:
    choice, page = request.args.get("list", CHOICES[0]), request.args.get("page", 1, int)
    return Asked(choice if choice in CHOICES else CHOICES[0], min(max(1, page), 1_000_000))


def _kept(place: Place, template: str) -> Kept:
    """Return the page as everybody sees it, made anew only once something new is published."""
    kept: OrderedDict[object, Kept] = plain(current_app).extensions.setdefault(
        KEPT_NAME, OrderedDict()
    )
    snapshot, asked = place.snapshot, _asked()
    asked = replace(asked, page=min(asked.page, last_page(snapshot, asked.choice)))
    name = (snapshot.consultation.id, template, _seen_as(place), asked)
    closed = _closed(place)
    groups = snapshot.groups and snapshot.groups.as_of
    said = (snapshot.version, snapshot.published.revision, snapshot.lists, groups, closed)
    stamp = (*said, dossiers(snapshot))
    known, now = kept.get(name), time.monotonic()
    old = now - known.made if known else LATER
    if known is None or old >= LATER or (known.stamp != stamp and (closed or old >= AGAIN)):
        known = _keep(now, stamp, _drawn(place, template, asked, None))
    kept[name] = known
    kept.move_to_end(name)
    while len(kept) > KEPT_AT_MOST:
        kept.popitem(last=False)
    return known


def _seen_as(place: Place) -> tuple[object, ...]:
    """Return what a page looks different by. What a query may hold besides makes no other one.

    The page for readers has one look, and leads back to the title they came by; the view for an
    article has what its publisher chose.
    """
    how, lang = place.how, pages.speech_for(place.how, place.snapshot.consultation).lang
    chosen = () if how.standalone else (how.theme, how.veiled)
    return (place.source.name, lang, *chosen)


def dossiers(snapshot: Snapshot) -> int:
    """Return how many versions of its dossier were published, as it was a moment ago."""
    asked = snapshot.consultation.id
    return shelf.kept(("dossiers", asked), lambda: service().store.dossiers.versions(asked))


def _keep(now: float, stamp: tuple[object, ...], drawn: str) -> Kept:
    return Kept(now, stamp, drawn, gzip.compress(drawn.encode(), 6, mtime=0))


def _drawn(place: Place, template: str, asked: Asked, seen: list[int] | None) -> str:
    """Draw what everybody may see, or only the proposals `seen`."""
    snapshot = place.snapshot
    speech = pages.speech_for(place.how, snapshot.consultation)
    wanted, of, mapped = _wanted(snapshot, asked, seen)
    told = outcomes_of(snapshot.consultation, {one.id: one for one in (*wanted, *mapped)}.values())
    sources = [source for source, _ in told.sources]
    zone = snapshot.consultation.opens.tzinfo
    small = not place.how.standalone
    return _render(
        template,
        place,
        speech,
        told=told,
        outcomes=ordered(told.outcomes, wanted)[: SHORT if small else None],
        map=results_charts.zone_map(
            ordered(told.outcomes, mapped), speech, *((300, 0) if small else ())
        ),
        curves=None
        if small
        else results_charts.curves(
            series(snapshot.consultation, sources),
            speech,
            zone,
            lambda source: results_charts.source_name(source, speech),
        ),
        choice=asked.choice,
        number=min(asked.page, of),
        of=of,
        some=seen is not None,
        counted=speech.moment(datetime.fromtimestamp(snapshot.published.as_of / 1000, zone)),
        dossier=dossiers(snapshot),
        groups=view(snapshot.groups, snapshot.consultation, snapshot.accepted, datetime.now(UTC)),
        **results_charts.words(speech),
    )


def _wanted(
    snapshot: Snapshot, asked: Asked, seen: list[int] | None
) -> tuple[list[Proposal], int, list[Proposal]]:
    """Return the proposals of this page, how many pages there are, and those of the map."""
    if seen is None:
        of = last_page(snapshot, asked.choice)
        return listed(snapshot, asked.choice, asked.page), of, leading(snapshot)
    own = [snapshot.accepted[number] for number in seen if number in snapshot.accepted]
    of = max(1, -(-len(own) // PAGE))
    start = (min(asked.page, of) - 1) * PAGE
    return own[start : start + PAGE], of, own[: 3 * PAGE]


def _wait(place: Place, template: str) -> str:
    """Draw the page for who has to vote first, or to wait for the close."""
    consultation = place.snapshot.consultation
    speech = pages.speech_for(place.how, consultation)
    vote_first = consultation.results is ResultsRule.AFTER_VOTE and not place.how.veiled
    return _render(template, place, speech, told=None, vote_first=vote_first)


def _back(place: Place, speech: Speech) -> str:
    """Return where the booth is, in an article."""
    how = place.how
    query = {"source": place.source.name, "lang": speech.lang, "theme": how.theme}
    query |= {"results": ResultsRule.AT_CLOSE} if how.veiled else {}
    return f"/e/{place.snapshot.consultation.slug}/next?{urlencode(query)}"


def _render(template: str, place: Place, speech: Speech, **fields: Any) -> str:
    consultation = place.snapshot.consultation
    return render_template(
        template,
        **fields,
        consultation=consultation,
        opens=speech.moment(consultation.opens),
        closes=speech.moment(consultation.closes),
        state=pages.state(consultation, datetime.now(UTC)),
        source=place.source,
        theme=place.how.theme,
        back=_back(place, speech),
        choices=CHOICES,
        speech=speech,
        lang=speech.lang,
        dir=speech.direction,
        t=speech.t,
        n=speech.n,
        spoken=service().messages.names(),
        asset=service().assets.url,
    )
