"""The desk: what every blueprint for staff is made of, and how its pages are drawn."""

from collections import Counter
from datetime import UTC, datetime, tzinfo
from http import HTTPStatus
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, g, make_response, render_template, request, url_for
from werkzeug.exceptions import HTTPException

from server.consultations.errors import Refusal
from server.staff import speech
from server.staff.access import FORM_FIELD, Visitor
from server.staff.roles import Permission
from server.web.headers import FEATURES, PRIVATE
from server.web.problems import HTTP_CODES, STATUS, say_when
from server.web.refusals import SignInNeeded
from server.web.service import service

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class Entry(NamedTuple):
    """One entry of the console's menu, shown to who has one of the permissions."""

    endpoint: str
    message: str  # its key
    any_of: tuple[Permission, ...]


# In the order of the menu. Another part of the console adds its line here.
MENU = (
    Entry("staff.overview", "menu.overview", (Permission.OVERVIEW, Permission.OWN_SOURCES)),
    Entry("staff_moderation.queue", "menu.moderation", (Permission.DECIDE,)),
    Entry("staff_published.published", "menu.published", (Permission.PROPOSALS,)),
    Entry("staff_members.members", "menu.members", (Permission.MEMBERS,)),
    Entry("staff_tokens.tokens", "menu.tokens", (Permission.TOKENS,)),
    Entry("staff_acts.acts", "menu.acts", (Permission.ACTS,)),
)


def pages(name: str, import_name: str) -> Blueprint:
    """Return a blueprint for pages: every answer wears the console's headers, refusals too."""
    blueprint = Blueprint(name, import_name, template_folder="templates")
    blueprint.after_request(_dress)
    blueprint.register_error_handler(Refusal, refused)
    blueprint.register_error_handler(HTTPException, _http)
    return blueprint


def api(name: str, import_name: str) -> Blueprint:
    """Return a blueprint for the API; its refusals are problem documents, as everywhere."""
    blueprint = Blueprint(name, import_name)
    blueprint.after_request(_close)
    return blueprint


def page(template: str, status: int = HTTPStatus.OK, **fields: Any) -> Response:
    """Return a page in the visitor's language. `t`, `n`, `asset` and `visitor` are in every one."""
    who: Visitor | None = g.get("staff_visitor")
    spoken = said()
    drawn = render_template(
        template,
        t=spoken.t,
        n=spoken.n,
        speech=spoken,
        visitor=who,
        form_field=FORM_FIELD,
        menu=[entry for entry in MENU if who and who.may(*entry.any_of)],
        here=request.endpoint,
        asset=service().assets.url,
        now=datetime.now(UTC),
        **fields,
    )
    return make_response(drawn, status)


def go(endpoint: str, **values: Any) -> Response:
    """Return where a form leads to once it has done its work."""
    answer = make_response("", HTTPStatus.SEE_OTHER)
    answer.headers["Location"] = url_for(endpoint, **values)
    return answer


def said() -> speech.StaffSpeech:
    """Return the language of this request: the session's, else the browser's."""
    who: Visitor | None = g.get("staff_visitor")
    return speech.speech((who and who.language) or speech.wanted(request))


def zone() -> tzinfo:
    """Return the zone in which the console tells what belongs to no consultation: that of most of
    them, or else this machine's.
    """
    zones = [one.opens.tzinfo for one in service().store.consultations.all()]
    named = Counter(one.key for one in zones if isinstance(one, ZoneInfo))
    if named:
        return ZoneInfo(named.most_common(1)[0][0])
    return datetime.now().astimezone().tzinfo or UTC


def refused(refusal: Refusal) -> Response:
    """Say it in a page. Who is not signed in gets the page that says how to."""
    status = STATUS[refusal.code]
    if isinstance(refusal, SignInNeeded):
        return page("signed_out.html", status)
    return say_when(page("refused.html", status, code=refusal.code, number=status.value), refusal)


def _http(error: HTTPException) -> Response:
    code = HTTP_CODES.get(error.code or 0)
    if code is None:  # a redirect, or a fault of HTTP itself
        document = error.get_response()
        return Response(document.get_data(), document.status_code, document.headers)
    answer = page("refused.html", error.code or 0, code=code, number=error.code)
    for name, value in error.get_headers():
        if name == "Allow":
            answer.headers[name] = value
    return answer


def _dress(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Permissions-Policy"] = ", ".join(f"{name}=()" for name in FEATURES)
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
    # Not `no-referrer`: browsers would call the origin of our own forms `null`.
    response.headers["Referrer-Policy"] = "same-origin"
    response.vary.update(["Cookie", "Accept-Language"])
    return _close(response)


def _close(response: Response) -> Response:
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = PRIVATE
    return response
