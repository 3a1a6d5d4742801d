"""Signing in by a link, and out again.

The link's secret stands behind `#`, which browsers send to nobody: no log, no proxy and no scanner
of mails ever has it. Looking at the page burns nothing; its one button does.
"""

from http import HTTPStatus

from flask import Response, g, request

from server.consultations.errors import LinkInvalid, MemberRefused
from server.staff import desk, speech
from server.staff.access import COOKIE, act, note, public, signed_in, visitor
from server.staff.acts import Act, Way
from server.staff.roles import Permission
from server.store.staff import LONGEST, Link
from server.web.service import service

blueprint = desk.pages("staff_signing_in", __name__)

LINK_LENGTH = 200  # characters; the secret alone has 43


def address(link: Link) -> str:
    """Return what is sent to a member."""
    return f"{service().settings.public_url}/staff/sign-in#{link.secret}"


@blueprint.get("/staff/sign-in")
@public
def show() -> Response:
    return desk.page("sign_in.html")


@blueprint.post("/staff/sign-in")
@public
def sign_in() -> Response:
    """Burn the link. Whoever was signed in here before is not any more."""
    link = request.form.get("link", "")[:LINK_LENGTH].strip().rpartition("#")[2]
    staff = service().store.staff
    try:
        session, member = staff.sign_in(link, speech.wanted(request))
    except LinkInvalid as refusal:
        return desk.page("sign_in.html", HTTPStatus.FORBIDDEN, fault=refusal.code)
    if before := request.cookies.get(COOKIE):
        staff.sign_out(before)
    service().store.acts.note(Act(member.name, Way.CONSOLE, "signed-in"))
    answer = desk.go("staff.overview")
    answer.set_cookie(
        COOKIE,
        session,
        max_age=LONGEST // 1000,
        path="/",
        secure=True,
        httponly=True,
        samesite="Strict",
    )
    return answer


@blueprint.get("/staff/account")
@signed_in
def account() -> Response:
    """Show who one is here, and ways out."""
    mine = visitor().permissions
    return desk.page("account.html", permissions=[one for one in Permission if one in mine])


@blueprint.post("/staff/language")
@signed_in
def language() -> Response:
    chosen = request.form.get("language", "")
    if chosen not in speech.LANGUAGES:
        raise MemberRefused("French or English.", "language")
    service().store.staff.speak(visitor().session or "", chosen)
    return desk.go(".account")


@blueprint.post("/staff/sign-out")
@signed_in
def sign_out() -> Response:
    service().store.staff.sign_out(visitor().session or "")
    note("signed-out")
    return _out()


@blueprint.post("/staff/sign-out-everywhere")
@signed_in
def sign_out_everywhere() -> Response:
    who = visitor().member
    service().store.staff.sign_out_everywhere(who.id, act("signed-out-everywhere"))
    return _out()


def _out() -> Response:
    g.staff_visitor = None
    answer = desk.page("signed_out.html", left=True)
    answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="Strict")
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@blueprint.route("/staff/<path:stray>")
@public
def not_found(stray: str) -> Response:  # noqa: ARG001 - whatever it is
    return desk.page("refused.html", HTTPStatus.NOT_FOUND, code="not-found", number=404)
