"""The staff API for actions: add and change them, tell of them, and publish what partners draft.

No link of a partner is made or shown here: what lets somebody in is made in the console or on the
machine only.
"""

from datetime import UTC, datetime
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from flask import Response, request

from server.consultations.acting import action_of, mark_of, today
from server.consultations.actions import Action, ActionState, News
from server.consultations.consultation import Consultation
from server.consultations.reporting import DraftNews
from server.consultations.written_actions import NEWS, read_action, read_word
from server.staff import desk
from server.staff.access import act, consultation, needs
from server.staff.action_pages import news_of, number_of
from server.staff.action_schemas import (
    StaffAction,
    StaffActions,
    StaffActionState,
    StaffActionWish,
    StaffNewsWish,
    StaffRefusalWish,
)
from server.staff.action_sheets import ActionSheet, sheets
from server.staff.consultation_pages import agreed_now
from server.staff.roles import Permission
from server.web.amounts import plain_amount
from server.web.answers import private
from server.web.bodies import body
from server.web.service import plain, service

blueprint = desk.api("staff_action_api", __name__)
EVERY = "/api/v1/staff/consultations/<slug>/actions"
EACH = f"{EVERY}/<number>"
ALL, ONE, WISH, STATE = StaffActions(), StaffAction(), StaffActionWish(), StaffActionState()
NEWS_WISH, REFUSAL = StaffNewsWish(), StaffRefusalWish()


@blueprint.get(EVERY)
@needs(Permission.CONSULTATIONS)
def every(slug: str) -> Response:  # noqa: ARG001 - `needs` has found it
    """List the actions, worst first."""
    return _all(consultation())


@blueprint.post(EVERY)
@needs(Permission.CONSULTATIONS)
def add(slug: str) -> Response:
    new = read_action(_given(body(plain(request), WISH)), consultation().language)
    made = service().store.committing.add(slug, new, agreed_now(), act)
    return _answer(made, HTTPStatus.CREATED)


@blueprint.get(EACH)
@needs(Permission.CONSULTATIONS)
def one(slug: str, number: str) -> Response:  # noqa: ARG001
    return _answer(action_of(consultation(), number_of(number)))


@blueprint.put(EACH)
@needs(Permission.CONSULTATIONS)
def change(slug: str, number: str) -> Response:
    asked, own = body(plain(request), WISH), number_of(number)
    new, now = read_action(_given(asked), consultation().language), agreed_now()
    changed = service().store.committing.change(slug, own, new, now, act, asked["version"])
    return _answer(changed)


@blueprint.delete(EACH)
@needs(Permission.CONSULTATIONS)
def remove(slug: str, number: str) -> Response:
    """Remove an action of which there is no news; answers those that are left."""
    service().store.reports.remove(slug, number_of(number), act)
    return _all(service().store.consultations.by_slug(slug))


@blueprint.put(f"{EACH}/state")
@needs(Permission.CONSULTATIONS)
def state(slug: str, number: str) -> Response:
    asked = ActionState(body(plain(request), STATE)["state"])
    return _answer(service().store.committing.state(slug, number_of(number), asked, act))


@blueprint.post(f"{EACH}/news")
@needs(Permission.CONSULTATIONS)
def add_news(slug: str, number: str) -> Response:
    own = number_of(number)
    made = service().store.committing.add_news(slug, own, _news(own), act)
    return _answer(made, HTTPStatus.CREATED)


@blueprint.put(f"{EACH}/news/<mark>")
@needs(Permission.CONSULTATIONS)
def correct_news(slug: str, number: str, mark: str) -> Response:
    own = number_of(number)
    return _answer(service().store.committing.correct_news(slug, own, mark, _news(own), act))


@blueprint.delete(f"{EACH}/news/<mark>")
@needs(Permission.CONSULTATIONS)
def withdraw_news(slug: str, number: str, mark: str) -> Response:
    return _answer(service().store.committing.withdraw_news(slug, number_of(number), mark, act))


@blueprint.post(f"{EACH}/drafts/<draft>/news")
@needs(Permission.CONSULTATIONS)
def publish(slug: str, number: str, draft: str) -> Response:
    """Publish what is sent in the place of a partner's draft."""
    own, drafted = number_of(number), number_of(draft)
    asked = body(plain(request), NEWS_WISH)
    news, reports = news_of(own, asked), service().store.reports
    made = reports.publish(slug, own, drafted, asked["version"], news, act)
    return _answer(made, HTTPStatus.CREATED)


@blueprint.put(f"{EACH}/drafts/<draft>/refusal")
@needs(Permission.CONSULTATIONS)
def refuse(slug: str, number: str, draft: str) -> Response:
    """Refuse a draft, with a word that its author reads."""
    own, drafted = number_of(number), number_of(draft)
    asked, found = body(plain(request), REFUSAL), consultation()
    word = read_word(" ".join(asked["word"].split()), found.language)
    service().store.reports.refuse(slug, own, drafted, asked["version"], word, act)
    return _answer(action_of(found, own))


def _news(number: int) -> News:
    return news_of(number, body(plain(request), NEWS_WISH))


def _given(asked: dict[str, Any]) -> dict[str, str | None]:
    """Return the fields of an action by the names that a form and a fault give them."""
    target = {f"target.{name}": value for name, value in (asked["target"] or {}).items()}
    return {**asked, **target, "proposals": " ".join(map(str, asked["proposals"]))}


def _all(asked: Consultation) -> Response:
    found = sheets(asked, service().store.reports.all(asked), datetime.now(UTC))
    return private(ALL.dump({"actions": [*map(_told, found)]}))


def _answer(action: Action, status: HTTPStatus = HTTPStatus.OK) -> Response:
    asked = consultation()
    reporting = service().store.reports.of(asked, action.id)
    sheet = ActionSheet(action, reporting, today(asked, datetime.now(UTC)))
    answer = private(ONE.dump(_told(sheet)))
    answer.status_code = status
    return answer


def _told(sheet: ActionSheet) -> dict[str, Any]:
    one, target = sheet.action, sheet.action.target
    return {
        **{name: getattr(one, name) for name in ("id", "title", "partner", "promise", "on")},
        "version": sheet.version,
        "target": target
        and {"amount": plain_amount(target.amount), "unit": target.unit, "by": target.by},
        "amount": _amount(one.amount),
        "state": one.state,
        "proposals": one.proposals,
        "news": [{"mark": mark_of(news), **_entry(news)} for news in one.news],
        "overdue": sheet.overdue,
        "silent": sheet.silent,
        "linked": sheet.reporting.link is not None,
        "drafts": [*map(_draft, sheet.reporting.drafts)],
    }


def _draft(one: DraftNews) -> dict[str, Any]:
    at = datetime.fromtimestamp(one.at / 1000, UTC)
    said = {"number": one.number, "version": one.version, "at": at, "refused": one.refused}
    return {**said, **_entry(one.news)}


def _entry(news: News) -> dict[str, Any]:
    return {**{name: getattr(news, name) for name in NEWS}, "amount": _amount(news.amount)}


def _amount(number: Decimal | None) -> str | None:
    return None if number is None else plain_amount(number)
