"""Whose request is this? Origin, cookie and body credential, in the order in which they count."""

import time

from flask import Request, Response

from server.consultations.consultation import HOUSE
from server.web.credentials import Credential
from server.web.refusals import CredentialInvalid, CredentialMissing, OriginRefused
from server.web.service import service
from server.web.tickets import Ticket

OPAQUE = "null"  # the origin of a sandboxed frame
COOKIE_AGE = 400 * 24 * 60 * 60  # seconds; browsers keep a cookie no longer
BEARER = "Bearer "


def demand_own_origin(request: Request, opaque: bool = True) -> None:
    """Raise `OriginRefused` unless our own page, or a sandboxed frame of ours, is asking.

    The publisher's page is never allowed: its scripts and its ads must not be able to vote.
    """
    origin = request.environ.get("HTTP_ORIGIN")
    if origin == OPAQUE:
        allowed = opaque
    else:
        site = request.environ.get("HTTP_SEC_FETCH_SITE", "same-origin")
        allowed = origin == service().settings.origin and site == "same-origin"
    if not allowed:
        raise OriginRefused("Votes are taken from the booth's own frame only.", field="origin")


def is_opaque(request: Request) -> bool:
    """Whether a sandboxed frame asks, in whosever page."""
    return bool(request.environ.get("HTTP_ORIGIN") == OPAQUE)


def publisher_of(ticket: Ticket | None, token: str | None, slug: str) -> str:
    """Return the publisher whose cookie counts: the ticket's, else the credential's."""
    if ticket:
        consultation = service().directory.find(slug).consultation
        return consultation.source(ticket.source).publisher
    return service().credentials.read(token).publisher if token else HOUSE


def credential(request: Request, publisher: str, token: str | None) -> tuple[str, Credential]:
    """Return the credential that counts, as text to be kept and read: the cookie's, else the body's.

    Raises `CredentialMissing` or `CredentialInvalid`. Cookies of an opaque origin are ignored:
    any ad on the page can plant such a frame.
    """
    credentials = service().credentials
    read = credentials.read
    kept = cookie(request, publisher)
    if kept:
        try:
            known = read(kept)
        except CredentialInvalid:
            known = None
        if known and known.publisher == publisher:
            return credentials.renewed(kept), known
    if token:
        known = read(token)
        return credentials.renewed(token), known
    if kept:
        raise CredentialInvalid("This credential was not issued here.", field="credential")
    raise CredentialMissing("A vote needs a credential.", field="credential")


def recognise(request: Request, publisher: str, token: str | None) -> Credential | None:
    """Return the credential of somebody who only reads; a damaged cookie is a stranger's."""
    try:
        return credential(request, publisher, token)[1]
    except (CredentialMissing, CredentialInvalid):
        if token:
            raise
        return None


def cookie(request: Request, publisher: str) -> str | None:
    if request.environ.get("HTTP_ORIGIN") == OPAQUE:
        return None
    # Ours are never quoted, and each is in the header once: no need to read all the cookies.
    wanted = cookie_name(publisher) + "="
    for kept in request.environ.get("HTTP_COOKIE", "").split(";"):
        if kept.lstrip().startswith(wanted):
            return str(kept.strip()[len(wanted) :])
    return None


def cookie_name(publisher: str) -> str:
    return f"__Host-isoloir-{publisher}"


def remember(request: Request, response: Response, publisher: str, token: str) -> None:
    """Set the cookie, in the answer to a vote only, unless the browser has it already."""
    if request.environ.get("HTTP_ORIGIN") == OPAQUE or cookie(request, publisher) == token:
        return
    response.set_cookie(
        cookie_name(publisher),
        token,
        max_age=COOKIE_AGE,
        path="/",
        secure=True,
        httponly=True,
        samesite="None",
        partitioned=True,
    )


def issue(request: Request, publisher: str) -> str:
    """Return a new credential. Nothing is kept and nothing is counted."""
    return service().credentials.issue(publisher, request.remote_addr, time.time())


def bearer(request: Request) -> str | None:
    """Return the token of the Authorization header."""
    header: str = request.environ.get("HTTP_AUTHORIZATION", "")
    return header.removeprefix(BEARER) if header.startswith(BEARER) else None
