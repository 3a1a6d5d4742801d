"""Actions in the console: what partners have committed to, their news, their links and drafts."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from flask import Response, request

from server.consultations.acting import action_of, today
from server.consultations.actions import NEWS_LENGTH, PROMISE_LENGTH, Action, ActionState, News
from server.consultations.consultation import Consultation
from server.consultations.entry_parts import NAME, TITLE, UNIT
from server.consultations.errors import ActionUnknown, Refusal, WordingRefused
from server.consultations.reporting import Reporting
from server.consultations.values import LINK_LENGTH
from server.consultations.written_actions import (
    ACTION,
    NEWS,
    WORD_LENGTH,
    Given,
    read_action,
    read_news,
    read_word,
)
from server.staff import desk
from server.staff.access import act, consultation, needs
from server.staff.action_sheets import ActionSheet, sheets
from server.staff.consultation_pages import ONE, agreed_now
from server.staff.roles import Permission
from server.web import report_links
from server.web.amounts import plain_amount, said_amount
from server.web.problems import STATUS
from server.web.service import service

blueprint = desk.pages("staff_actions", __name__)
EVERY = f"{ONE}/actions"
EACH = f"{EVERY}/<number>"
NUMBER = re.compile(r"[1-9][0-9]{0,6}")
MOST = 32 * 1024  # bytes of a form
BOUNDS = {
    "promise_length": PROMISE_LENGTH,
    "news_length": NEWS_LENGTH,
    "word_length": WORD_LENGTH,
    "title": TITLE,
    "name": NAME,
    "unit": UNIT,
    "link": LINK_LENGTH,
}


@blueprint.get(EVERY)
@needs(Permission.CONSULTATIONS)
def every(slug: str) -> Response:  # noqa: ARG001 - `needs` has found it
    return _list()


@blueprint.post(EVERY)
@needs(Permission.CONSULTATIONS, most=MOST)
def add(slug: str) -> Response:
    """Keep a new action, and show its page."""
    try:
        new = read_action(_given(ACTION), consultation().language)
        made = service().store.committing.add(slug, new, agreed_now(), act)
    except Refusal as refusal:
        return _list(STATUS[refusal.code], form="new", wrong=_wrong(refusal))
    return desk.go(".one", slug=slug, number=made.id)


@blueprint.get(EACH)
@needs(Permission.CONSULTATIONS)
def one(slug: str, number: str) -> Response:  # noqa: ARG001
    return _page(number_of(number))


@blueprint.post(EACH)
@needs(Permission.CONSULTATIONS, most=MOST)
def change(slug: str, number: str) -> Response:
    """Keep another wording; who read an older one is shown that of now."""

    def deed() -> None:
        new, version = read_action(_given(ACTION), consultation().language), _version()
        service().store.committing.change(slug, own, new, agreed_now(), act, version)

    own = number_of(number)
    return _done(own, "change", deed)


@blueprint.post(f"{EACH}/remove")
@needs(Permission.CONSULTATIONS)
def remove(slug: str, number: str) -> Response:
    """Remove an action of which there is no news, and show those that are left."""
    own = number_of(number)
    try:
        service().store.reports.remove(slug, own, act)
    except ActionUnknown:
        pass  # removed by somebody else
    except Refusal as refusal:
        return _page(own, STATUS[refusal.code], form="remove", wrong=_wrong(refusal))
    return desk.go(".every", slug=slug)


@blueprint.post(f"{EACH}/state")
@needs(Permission.CONSULTATIONS)
def state(slug: str, number: str) -> Response:
    own, asked = number_of(number), request.form.get("state", "")
    if asked not in list(ActionState):
        return _page(own, HTTPStatus.UNPROCESSABLE_ENTITY, form="state")
    committing = service().store.committing
    return _done(own, "state", lambda: committing.state(slug, own, ActionState(asked), act))


@blueprint.post(f"{EACH}/news")
@needs(Permission.CONSULTATIONS, most=MOST)
def add_news(slug: str, number: str) -> Response:
    own, committing = number_of(number), service().store.committing
    return _done(own, "news", lambda: committing.add_news(slug, own, _news(own), act))


@blueprint.post(f"{EACH}/news/<mark>")
@needs(Permission.CONSULTATIONS, most=MOST)
def correct_news(slug: str, number: str, mark: str) -> Response:
    own, committing = number_of(number), service().store.committing
    form = f"news-{mark}"
    return _done(own, form, lambda: committing.correct_news(slug, own, mark, _news(own), act))


@blueprint.post(f"{EACH}/news/<mark>/withdraw")
@needs(Permission.CONSULTATIONS)
def withdraw_news(slug: str, number: str, mark: str) -> Response:
    own, committing = number_of(number), service().store.committing
    return _done(own, f"news-{mark}", lambda: committing.withdraw_news(slug, own, mark, act))


@blueprint.post(f"{EACH}/link")
@needs(Permission.CONSULTATIONS)
def link(slug: str, number: str) -> Response:
    """Make a link for the partner; the one before ends."""
    own, reports = number_of(number), service().store.reports
    return _done(own, "link", lambda: reports.link(slug, own, act))


@blueprint.post(f"{EACH}/link/end")
@needs(Permission.CONSULTATIONS)
def end_link(slug: str, number: str) -> Response:
    own, reports = number_of(number), service().store.reports
    return _done(own, "link", lambda: reports.unlink(slug, own, act))


@blueprint.post(f"{EACH}/drafts/<draft>/publish")
@needs(Permission.CONSULTATIONS, most=MOST)
def publish(slug: str, number: str, draft: str) -> Response:
    """Publish a partner's draft, as it is or as it was edited here."""

    def deed() -> None:
        service().store.reports.publish(slug, own, drafted, _version(), _news(own), act)

    own, drafted = number_of(number), number_of(draft)
    return _done(own, f"draft-{drafted}", deed)


@blueprint.post(f"{EACH}/drafts/<draft>/refuse")
@needs(Permission.CONSULTATIONS)
def refuse(slug: str, number: str, draft: str) -> Response:
    """Refuse a draft, with a word that the partner reads at the link."""

    def deed() -> None:
        word = read_word(" ".join(request.form.get("word", "").split()), consultation().language)
        service().store.reports.refuse(slug, own, drafted, _version(), word, act)

    own, drafted = number_of(number), number_of(draft)
    return _done(own, f"refuse-{drafted}", deed)


def number_of(text: str) -> int:
    """Return the number in an address, or raise `ActionUnknown`."""
    if not NUMBER.fullmatch(text):
        raise ActionUnknown(f"No action {text[:20]}.")
    return int(text)


def news_of(number: int, given: Given) -> News:
    """Read news of an action of the consultation in the address."""
    asked = service().store.consultations.by_slug(consultation().slug)
    measured = action_of(asked, number).target is not None
    return read_news(given, asked.language, today(asked, agreed_now()), measured)


def _news(number: int) -> News:
    return news_of(number, _given(NEWS))


def _given(parts: Any) -> dict[str, str]:
    return {name: request.form.get(name, "") for name in parts}


def _version() -> str | None:
    return request.form.get("version") or None


def _done(number: int, form: str, deed: Callable[[], object]) -> Response:
    """Do it and show the action; or show what was wrong, with everything that was written."""
    try:
        deed()
    except ActionUnknown:
        raise
    except Refusal as refusal:
        return _page(number, STATUS[refusal.code], form=form, wrong=_wrong(refusal))
    return desk.go(".one", slug=consultation().slug, number=number)


def _wrong(refusal: Refusal) -> dict[str, str]:
    """Return the key of what is said at each field; that of the whole form is under ``."""
    if isinstance(refusal, WordingRefused):
        return {one["field"]: f"wrong.action.{one['field']}" for one in refusal.extra["errors"]}
    if refusal.code == "proposal-unknown":
        return {"proposals": "wrong.action.unknown"}
    key = f"refused.{refusal.code}"
    if key not in desk.said().catalogue:
        raise refusal
    return {"": key}


def _list(status: int = HTTPStatus.OK, **fields: Any) -> Response:
    asked, store = consultation(), service().store
    found = sheets(asked, store.reports.all(asked), datetime.now(UTC))
    over = asked.phase(datetime.now(UTC)).is_over
    return _drawn("actions.html", status, sheets=found, over=over, **fields)


def _page(number: int, status: int = HTTPStatus.OK, **fields: Any) -> Response:
    asked, store = store_now(), service().store
    action = action_of(asked, number)
    reporting = store.reports.of(asked, number)
    sheet = ActionSheet(action, reporting, today(asked, datetime.now(UTC)))
    return _drawn("action.html", status, sheet=sheet, link=_address(action, reporting), **fields)


def _address(action: Action, reporting: Reporting) -> str | None:
    if reporting.link is None:
        return None
    settings, slug = service().settings, consultation().slug
    return report_links.address(
        settings.public_url, settings.secret_keys, slug, action.id, reporting.link
    )


def _drawn(template: str, status: int, **fields: Any) -> Response:
    asked, spoken = consultation(), desk.said()
    return desk.page(
        template,
        status,
        asked=asked,
        at=f"/staff/consultations/{asked.slug}/actions",
        zone=asked.opens.tzinfo,
        today=today(asked, datetime.now(UTC)),
        states=list(ActionState),
        amount=lambda number: said_amount(spoken, number),
        typed=plain_amount,
        sent=request.form,
        bounds=BOUNDS,
        **{"form": None, "wrong": {}, **fields},
    )


def store_now() -> Consultation:
    """Return the consultation of the address as it is by now."""
    return service().store.consultations.by_slug(consultation().slug)
