"""Members: who works here, with which role, on what. For admins."""

from collections.abc import Iterable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from flask import Response, request

from server.consultations.errors import MemberRefused
from server.staff import desk, signing_in
from server.staff.access import act, needs, visitor
from server.staff.members import Member, member
from server.staff.roles import PERMISSIONS, Permission, Role
from server.store.staff import Link
from server.web.refusals import OwnMembership
from server.web.service import service

blueprint = desk.pages("staff_members", __name__)
ONLY = "only"  # of the two ways to say which consultations: all, or only these


@blueprint.get("/staff/members")
@needs(Permission.MEMBERS)
def members() -> Response:
    return _list()


@blueprint.post("/staff/members")
@needs(Permission.MEMBERS)
def invite() -> Response:
    """Keep a member, new or known, and show their link, this once."""
    try:
        asked = _asked(request.form.get("name", ""))
        _demand_other(asked)
    except MemberRefused as refusal:
        return _list(fault=refusal, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    link = service().store.staff.invite(asked, act("member-invited", asked.name, told(asked)))
    return _list(link=link)


@blueprint.get("/staff/members/<id_>")
@needs(Permission.MEMBERS)
def one(id_: str) -> Response:
    return _one(service().store.staff.member(id_))


@blueprint.post("/staff/members/<id_>")
@needs(Permission.MEMBERS)
def change(id_: str) -> Response:
    """Change role, consultations and sources; at once in all sessions and tokens."""
    known = service().store.staff.member(id_)
    try:
        asked = _asked(known.name)
        _demand_other(asked)
    except MemberRefused as refusal:
        return _one(known, fault=refusal, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    service().store.staff.change(asked, act("member-changed", asked.name, told(asked)))
    return desk.go(".members")


@blueprint.post("/staff/members/<id_>/link")
@needs(Permission.MEMBERS)
def renew(id_: str) -> Response:
    """Show a new link of somebody known; an older one is worth nothing any more."""
    known = service().store.staff.member(id_)
    link = service().store.staff.invite(known, act("member-invited", known.name, told(known)))
    return _list(link=link)


@blueprint.post("/staff/members/<id_>/sign-out")
@needs(Permission.MEMBERS)
def sign_out(id_: str) -> Response:
    known = service().store.staff.member(id_)
    service().store.staff.sign_out_everywhere(id_, act("member-signed-out", known.name))
    return desk.go(".members")


@blueprint.post("/staff/members/<id_>/remove")
@needs(Permission.MEMBERS)
def remove(id_: str) -> Response:
    remove_other(id_)
    return desk.go(".members")


def remove_other(id_: str) -> None:
    """Remove a member; raise `OwnMembership` if it is the visitor, or `MemberUnknown`."""
    known = service().store.staff.member(id_)
    if known.id == visitor().member.id:
        raise OwnMembership("Have another admin remove you.")
    service().store.staff.remove(id_, act("member-removed", known.name))


def told(asked: Member) -> str:
    """Return what the trail says of a member: role, consultations, sources."""
    return " ".join([asked.role, *asked.consultations, *asked.sources])


def _asked(name: str) -> Member:
    """Read the form; raise `MemberRefused` with the field at fault."""
    form = request.form
    try:
        role = Role(form.get("role", ""))
    except ValueError:
        raise MemberRefused("Choose a role.", "role") from None
    slugs = form.getlist("consultations") if form.get("which") == ONLY else []
    if form.get("which") == ONLY and not slugs:
        raise MemberRefused("Choose at least one.", "consultations")
    if role is Role.ADMIN and slugs:
        raise MemberRefused("An admin is bound to no consultation.", "consultations")
    sources = form.getlist("sources") if role is Role.EDITOR else []
    return member(name, role, datetime.now(UTC).replace(microsecond=0), slugs, sources)


def _demand_other(asked: Member) -> None:
    mine = visitor().member
    if asked.id == mine.id and asked.role is not mine.role:
        raise OwnMembership("Have another admin change your role.")


def _list(status: int = HTTPStatus.OK, link: Link | None = None, **fields: Any) -> Response:
    return desk.page(
        "members.html",
        status,
        members=service().store.staff.members(),
        link=link,
        address=signing_in.address(link) if link else "",
        zone=desk.zone(),
        **_choices(),
        **fields,
    )


def _one(known: Member, status: int = HTTPStatus.OK, **fields: Any) -> Response:
    return desk.page("member.html", status, one=known, **_choices(), **fields)


def _choices() -> dict[str, Any]:
    """Return what a member can be: roles, consultations, and every source that there is."""
    every = service().store.consultations.all()
    titles = {source.name: source.title for one in every for source in one.sources}
    return {
        "roles": list(Role),
        "granted": {role: [p for p in Permission if p in PERMISSIONS[role]] for role in Role},
        "consultations": every,
        "sources": sorted(titles.items(), key=_by_title),
        "sent": request.form,
    }


def _by_title(source: Iterable[str]) -> str:
    return tuple(source)[1].casefold()
