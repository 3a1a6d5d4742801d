"""Access: every route for staff declares what it needs, and is refused to everybody else.

`needs`, `signed_in` and `public` stand under the route's own decorator. A route without one of
them keeps the service from starting.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import wraps
from typing import Any, cast

from flask import Flask, Request, g, request

from server.consultations.consultation import Consultation
from server.consultations.errors import ConsultationUnknown
from server.staff import secrets
from server.staff.acts import Act, Way
from server.staff.members import Member
from server.staff.roles import Permission
from server.web import identity
from server.web.refusals import FormStale, NotAllowed, OriginRefused, SignInNeeded, TokenInvalid
from server.web.service import plain, service

PAGES = "/staff"
API = "/api/v1/staff"
# No publisher's name has an underscore, so no reader's cookie is called so.
COOKIE = "__Host-isoloir_staff"
FORM_FIELD = "form"
FORM_HEADER = "Isoloir-Form"  # the same for what a page's script sends
RENEWAL_HEADER = "Isoloir-Renewal"  # a page that renews itself is no sign of life
READING = frozenset({"GET", "HEAD", "OPTIONS"})

View = Callable[..., Any]


class Undeclared(Exception):
    """A route for staff that does not say who may use it."""


@dataclass(frozen=True)
class Visitor:
    """Whose request this is. `permissions` are those of the role, or fewer with a token."""

    member: Member
    permissions: frozenset[Permission]
    way: Way
    language: str | None = None
    session: str | None = field(default=None, repr=False)
    token: str | None = None  # its handle

    def may(self, *any_of: Permission) -> bool:
        return not self.permissions.isdisjoint(any_of)

    @property
    def form_token(self) -> str:
        return secrets.form_token(self.session) if self.session else ""


@dataclass(frozen=True)
class Needs:
    """What a route declares: nobody in particular, anybody signed in, or one of these."""

    member: bool = True
    any_of: frozenset[Permission] = frozenset()
    most: int | None = None  # bytes of a body, where more than usual is taken from who may


def needs(*any_of: Permission, most: int | None = None) -> Callable[[View], View]:
    """Declare a route for members who have one of these permissions; `most` see `Needs`.

    If its address holds a `<slug>`, the consultation must be theirs too.
    """
    return _declared(Needs(any_of=frozenset(any_of), most=most))


def signed_in(view: View) -> View:
    """Declare a route for every member."""
    return _declared(Needs())(view)


def public(view: View) -> View:
    """Declare a route for everybody; what it is sent must come from our own pages all the same."""
    return _declared(Needs(member=False))(view)


def demand_declared(app: Flask) -> None:
    """Raise `Undeclared` if a route for staff does not say who may use it."""
    for rule in app.url_map.iter_rules():
        if _of_staff(rule.rule) and not hasattr(app.view_functions[rule.endpoint], "needs"):
            raise Undeclared(f"{rule.rule} ({rule.endpoint}) declares nothing.")


def visitor() -> Visitor:
    """Return whose request this is, in a route that needs a member."""
    return cast(Visitor, g.staff_visitor)


def consultation() -> Consultation:
    """Return the consultation of the address's `<slug>`; it is one of the member's own."""
    return cast(Consultation, g.staff_consultation)


def note(what: str, on: str = "", detail: str = "") -> None:
    """Keep in the trail what the visitor has just done."""
    service().store.acts.note(act(what, on, detail))


def act(what: str, on: str = "", detail: str = "") -> Act:
    """Return an act of the visitor, for a store that keeps it together with the deed."""
    who = visitor()
    said = f"{detail} ({who.token})".lstrip() if who.token else detail
    return Act(who.member.name, who.way, what, on, said)


def _declared(declared: Needs) -> Callable[[View], View]:
    def declare(view: View) -> View:
        @wraps(view)
        def guarded(**given: Any) -> Any:
            _admit(plain(request), declared, given.get("slug"))
            return view(**given)

        guarded.needs = declared  # type: ignore[attr-defined]
        return guarded

    return declare


def _admit(asked: Request, declared: Needs, slug: str | None) -> None:
    """Find out who is asking; raise the refusal that they meet, if any."""
    g.staff_visitor = found = known(asked)
    if not declared.member:
        if asked.method not in READING:
            _demand_own_page(asked)
        return
    if found is None:
        raise SignInNeeded("Sign in first.")
    if declared.most and found.may(*declared.any_of):
        asked.max_content_length = asked.max_form_memory_size = declared.most
    if asked.method not in READING and found.session:
        _demand_own_form(asked, found)
    if declared.any_of and not found.may(*declared.any_of):
        raise NotAllowed("Your role does not include that.")
    if slug is not None:
        g.staff_consultation = _theirs(found.member, slug)


def known(asked: Request) -> Visitor | None:
    """Return whose request it is: by a token in the API, by a session everywhere else."""
    return _by_token(asked) if asked.path.startswith(f"{API}/") else _by_session(asked)


def _by_session(asked: Request) -> Visitor | None:
    secret = asked.cookies.get(COOKIE)
    if not secret:
        return None
    alive = RENEWAL_HEADER not in asked.headers
    session = service().store.staff.session(secret, alive)
    if session is None:
        return None
    member = session.member
    return Visitor(member, member.permissions, Way.CONSOLE, session.language, secret)


def _by_token(asked: Request) -> Visitor:
    secret = identity.bearer(asked)
    found = service().store.staff.use_token(secret, _today()) if secret else None
    if found is None:
        raise TokenInvalid("This token is missing, revoked or over.", field="authorization")
    token, member = found
    return Visitor(member, token.allows(member), Way.API, token=token.handle)


def _demand_own_form(asked: Request, found: Visitor) -> None:
    _demand_own_page(asked)
    sent = asked.headers.get(FORM_HEADER) or asked.form.get(FORM_FIELD, "")
    if not secrets.same(sent, found.form_token):
        raise FormStale("This form is of another session. Open the page again.")


def _demand_own_page(asked: Request) -> None:
    try:
        identity.demand_own_origin(asked, opaque=False)
    except OriginRefused:
        raise OriginRefused("The console takes what its own pages send.", field="origin") from None


def _theirs(member: Member, slug: str) -> Consultation:
    """Return a consultation of the member's; any other is as unknown as one that is not there."""
    found = service().store.consultations.by_slug(slug)
    if not member.has_part_in(found):
        raise ConsultationUnknown(f"No consultation “{slug}”.")
    return found


def _today() -> Any:
    return datetime.now(UTC).date()


def _of_staff(rule: str) -> bool:
    return any(rule == root or rule.startswith(f"{root}/") for root in (PAGES, API))
