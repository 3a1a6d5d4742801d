"""The report: where a committed partner drafts news of one action, by a link and without an account.

Nothing here is published: staff do that. Whoever has the link can do no more than draft, within
bounds, and see and mend what waits.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from flask import Blueprint, Request, Response, redirect, render_template, request

from server.consultations.acting import action_of, today
from server.consultations.actions import NEWS_LENGTH, Action, News
from server.consultations.consultation import Consultation
from server.consultations.errors import (
    ChangedMeanwhile,
    DraftUnknown,
    Refusal,
    ReportLinkUnknown,
    SlowDown,
    StoreUnavailable,
    TooManyDrafts,
    WordingRefused,
)
from server.consultations.reporting import Reporting
from server.consultations.written_actions import NEWS, read_news
from server.store.reports import Becomes
from server.web import headers, identity, pages, report_links
from server.web.amounts import plain_amount, said_amount
from server.web.messages import Speech
from server.web.problems import STATUS, say_when
from server.web.refusals import OriginRefused
from server.web.service import service

blueprint = Blueprint("report_page", __name__)

PATH = "/report/<token>"
SAID = {
    DraftUnknown: "read",
    SlowDown: "slow",
    TooManyDrafts: "full",
    ChangedMeanwhile: "busy",
    StoreUnavailable: "busy",
}
DONE = ("sent", "changed", "withdrawn")
NUMBER = 9  # digits of a draft's number


@dataclass(frozen=True)
class Desk:
    """What a link that holds leads to."""

    consultation: Consultation
    action: Action
    reporting: Reporting
    secret: str


@blueprint.get(PATH)
def show(token: str) -> Response:
    """Show the action and what waits to whoever has the link; no cookie is looked at."""
    try:
        found = _follow(token)
    except Refusal as refusal:
        return _nothing(refusal)
    done = request.args.get("done", "")
    return _answer(found, done=done if done in DONE else "")


@blueprint.post(PATH)
def send(token: str) -> Response:
    """Keep a draft; correct or withdraw one that waits, where the form names it."""
    _demand_own_page(request, token)
    try:
        found = _follow(token)
    except Refusal as refusal:
        return _nothing(refusal)
    try:
        done, becomes = _asked(found)
        _keep(found, becomes)
    except WordingRefused as refusal:
        wrong = [one["field"] for one in refusal.extra["errors"]]
        return _answer(found, HTTPStatus.UNPROCESSABLE_ENTITY, wrong=wrong, said="wrong")
    except (DraftUnknown, SlowDown, TooManyDrafts) as refusal:
        said = SAID[type(refusal)]
        return say_when(_answer(_follow(token), STATUS[refusal.code], said=said), refusal)
    except (ChangedMeanwhile, StoreUnavailable) as refusal:
        # The store may be away: the page is drawn of what was read of it before.
        return say_when(_answer(found, STATUS[refusal.code], said=SAID[type(refusal)]), refusal)
    except Refusal as refusal:
        return _nothing(refusal)
    lang = f"&lang={_speech(found.consultation).lang}" if "lang" in request.args else ""
    return _closed(redirect(f"/report/{token}?done={done}{lang}", HTTPStatus.SEE_OTHER))  # type: ignore[arg-type]


def _asked(found: Desk) -> tuple[str, Becomes]:
    """Return what the form asks for: a word for it, and what it makes of what waits."""
    now, number = service().store.clock.now(), _number(request.form.get("draft", ""))
    if number and "withdraw" in request.form:
        return "withdrawn", lambda one: one.without(number)
    news = _news(found)
    if number:
        return "changed", lambda one: one.redrafted(number, news, now)
    return "sent", lambda one: one.drafted(news, now)


def _keep(found: Desk, becomes: Becomes) -> None:
    """Do it as long as the link holds: it may have ended since it was followed."""
    service().store.reports.draft(
        found.consultation.slug,
        found.action.id,
        lambda one: becomes(one.opened_by(found.secret)),
    )


def _news(found: Desk) -> News:
    asked = found.consultation
    given = {name: request.form.get(name, "") for name in NEWS}
    day = today(asked, datetime.now(UTC))
    return read_news(given, asked.language, day, found.action.target is not None)


def _follow(token: str) -> Desk:
    """Return what a link leads to; raise `ReportLinkUnknown` if it leads nowhere (any more)."""
    opened = report_links.read(service().settings.secret_keys, token)
    if opened is None:
        raise ReportLinkUnknown("This link was not made here.")
    store = service().store
    asked = store.consultations.by_slug(opened.slug)
    action = action_of(asked, opened.action)
    reporting = store.reports.of(asked, action.id).opened_by(opened.secret)
    return Desk(asked, action, reporting, opened.secret)


def _demand_own_page(asked: Request, token: str) -> None:
    """Raise `OriginRefused` unless the form is this page's own.

    The page sends no referrer, so browsers call its origin `null`; that it is ours they say in
    another header, which no page can set. From a sandboxed frame it says something else. Old ones
    do not send that header: there a field says it, which is made of the link's secret part.
    """
    site = asked.environ.get("HTTP_SEC_FETCH_SITE")
    if identity.is_opaque(asked) and (site == "same-origin" or (site is None and _bears(token))):
        return
    try:
        identity.demand_own_origin(asked, opaque=False)
    except OriginRefused:
        raise OriginRefused("Drafts come from their own page.", field="origin") from None


def _bears(token: str) -> bool:
    """Whether the form bears the field of the page of this link."""
    opened = report_links.read(service().settings.secret_keys, token)
    field = request.form.get("own", "")
    return opened is not None and report_links.is_field(field, opened.secret)


def _number(text: str) -> int:
    is_number = text.isascii() and text.isdecimal() and len(text) <= NUMBER
    return int(text) if is_number else 0


def _nothing(refusal: Refusal) -> Response:
    """Say that a link leads nowhere, or that something is wrong on our side."""
    status = STATUS[refusal.code]
    trouble = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return _answer(None, status if trouble else HTTPStatus.NOT_FOUND, trouble=trouble)


def _answer(
    found: Desk | None,
    status: HTTPStatus = HTTPStatus.OK,
    done: str = "",
    said: str = "",
    wrong: list[str] | None = None,
    trouble: bool = False,
) -> Response:
    asked = found.consultation if found else None
    speech = _speech(asked)
    own = _number(request.form.get("draft", ""))
    waits = found and own in [one.number for one in found.reporting.waiting]
    shown = render_template(
        "report.html",
        found=found,
        trouble=trouble,
        done=done,
        said=said,
        wrong=wrong or [],
        sent=request.form,
        # What was written of a draft that waits no more can be sent as a new one.
        own=own if waits or "withdraw" in request.form else 0,
        field=report_links.field(found.secret) if found else "",
        today=today(asked, datetime.now(UTC)) if asked else None,
        longest=NEWS_LENGTH,
        amount=lambda number: said_amount(speech, number),
        typed=plain_amount,
        apart=_apart,
        when=lambda at: speech.moment(_moment(at, asked)),
        day=speech.date,
        lang=speech.lang,
        dir=speech.direction,
        t=speech.t,
        spoken=service().messages.names(),
        asset=service().assets.url,
    )
    return _closed(Response(shown, status.value, mimetype="text/html"))


def _closed(response: Response) -> Response:
    """Dress a page that is told to nobody, listed nowhere and kept by no cache."""
    headers.dress(response, service().settings.origin, headers.NOBODY)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _apart(words: str) -> str:
    """Set somebody's words apart in a sentence of ours: they run as their own language does."""
    return f"\u2068{words}\u2069"


def _moment(at: int, asked: Consultation | None) -> datetime:
    return datetime.fromtimestamp(at / 1000, asked.opens.tzinfo if asked else UTC)


def _speech(asked: Consultation | None) -> Speech:
    return pages.speech_for(pages.look(request.args), asked)
