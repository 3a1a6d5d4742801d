"""Tokens of the API: what programmes may do in members' names. For admins."""

from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Any

from flask import Response, request

from server.consultations.errors import MemberUnknown, TokenRefused
from server.staff import bearer, desk
from server.staff.access import act, needs
from server.staff.bearer import Token
from server.staff.members import Member
from server.staff.roles import Permission
from server.staff.tokens_made import keep, told
from server.web.service import service

blueprint = desk.pages("staff_tokens", __name__)


@blueprint.get("/staff/tokens")
@needs(Permission.TOKENS)
def tokens() -> Response:
    return _list()


@blueprint.post("/staff/tokens")
@needs(Permission.TOKENS)
def make() -> Response:
    """Make a token and show it, this once."""
    try:
        secret, made = _made()
    except (TokenRefused, MemberUnknown) as refusal:
        return _list(HTTPStatus.UNPROCESSABLE_ENTITY, fault=refusal)
    return _list(secret=secret, made=made)


@blueprint.post("/staff/tokens/<handle>/revoke")
@needs(Permission.TOKENS)
def revoke(handle: str) -> Response:
    service().store.staff.revoke(handle, act("token-revoked", handle))
    return desk.go(".tokens")


def _made() -> tuple[str, Member]:
    form, store = request.form, service().store
    who = store.staff.member(form.get("member", ""))
    try:
        scopes = {Permission(scope) for scope in form.getlist("scopes")}
    except ValueError:
        raise TokenRefused("Choose among the scopes.", "scopes") from None
    try:
        ends = bearer.end_of(date.fromisoformat(form.get("ends", "")))
    except (ValueError, OverflowError):
        raise TokenRefused("Choose a day.", "ends") from None
    label = form.get("label", "")
    done = act("token-made", label, told(who, scopes))
    return keep(store, who, label, scopes, ends, done), who


def _list(status: int = HTTPStatus.OK, **fields: Any) -> Response:
    staff, today = service().store.staff, datetime.now(UTC).date()
    members: tuple[Member, ...] = staff.members()
    found: tuple[Token, ...] = staff.tokens()
    return desk.page(
        "tokens.html",
        status,
        tokens=found,
        members=members,
        names={one.id: one.name for one in members},
        scopes=list(Permission),
        today=today,
        usual=today + bearer.USUAL,
        last=today + bearer.LONGEST - timedelta(days=1),
        sent=request.form,
        **fields,
    )
