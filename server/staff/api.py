"""The staff API: what the pages show, for programmes with a token.

What lets somebody in, an invitation or a token, is made in the console or on the machine only: a
token that leaks cannot make others.
"""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from flask import Response

from server.staff import desk, overview
from server.staff.access import act, consultation, needs, signed_in, visitor
from server.staff.act_pages import asked_before
from server.staff.bearer import Token
from server.staff.member_pages import remove_other
from server.staff.members import Member
from server.staff.roles import Permission
from server.staff.schemas import (
    StaffActs,
    StaffConsultation,
    StaffDone,
    StaffMe,
    StaffMembers,
    StaffOverview,
    StaffTokens,
)
from server.staff.standing import SourceStanding, Standing
from server.web.answers import private
from server.web.service import service

blueprint = desk.api("staff_api", __name__)
OVERVIEW, CONSULTATION, ME = StaffOverview(), StaffConsultation(), StaffMe()
MEMBERS, TOKENS, ACTS, DONE = StaffMembers(), StaffTokens(), StaffActs(), StaffDone()


@blueprint.get("/api/v1/staff/me")
@signed_in
def me() -> Response:
    """Say whose token this is, and what it allows."""
    who = visitor()
    return private(ME.dump({**_member(who.member), "permissions": sorted(who.permissions)}))


@blueprint.get("/api/v1/staff/overview")
@needs(*overview.SEEN_BY)
def all_of_them() -> Response:
    found = overview.standings(visitor())
    return private(OVERVIEW.dump({"consultations": [*map(_standing, found)]}))


@blueprint.get("/api/v1/staff/consultations/<slug>")
@needs(*overview.SEEN_BY)
def one(slug: str) -> Response:  # noqa: ARG001 - `needs` has found it
    found = overview.standing_of(visitor(), consultation())
    return private(CONSULTATION.dump(_standing(found)))


@blueprint.get("/api/v1/staff/members")
@needs(Permission.MEMBERS)
def members() -> Response:
    found = service().store.staff.members()
    return private(MEMBERS.dump({"members": [*map(_member, found)]}))


@blueprint.delete("/api/v1/staff/members/<id_>")
@needs(Permission.MEMBERS)
def remove_member(id_: str) -> Response:
    """Remove a member; their sessions and tokens end at once."""
    remove_other(id_)
    return private(DONE.dump({"done": True}))


@blueprint.get("/api/v1/staff/tokens")
@needs(Permission.TOKENS)
def tokens() -> Response:
    found = service().store.staff.tokens()
    return private(TOKENS.dump({"tokens": [*map(_token, found)]}))


@blueprint.delete("/api/v1/staff/tokens/<handle>")
@needs(Permission.TOKENS)
def revoke(handle: str) -> Response:
    service().store.staff.revoke(handle, act("token-revoked", handle))
    return private(DONE.dump({"done": True}))


@blueprint.get("/api/v1/staff/acts")
@needs(Permission.ACTS)
def acts() -> Response:
    """List what staff did, newest first; `before` turns the page."""
    found = service().store.acts.latest(asked_before())
    older = found[-1].number if found and found[-1].number > 1 else None
    told = [{"number": a.number, "at": _moment(a.at), **asdict(a.act)} for a in found]
    return private(ACTS.dump({"acts": told, "older": older}))


def _standing(found: Standing) -> dict[str, Any]:
    asked, queue, sync = found.consultation, found.queue, found.sync
    return {
        "slug": asked.slug,
        "question": asked.question,
        "language": asked.language,
        "phase": found.phase,
        "rehearsal": asked.rehearsal,
        "opens": asked.opens,
        "closes": asked.closes,
        "countedAt": _moment(found.counted_at),
        "participants": found.participants,
        "votes": found.votes and _votes(found, found.votes.count, found.votes.verified),
        "votesPerMinute": found.per_minute,
        "sources": [_source(found, one) for one in found.sources],
        "queue": queue and {"waiting": queue.waiting, "oldest": _moment(queue.oldest)},
        "sync": sync
        and {
            "lag": None if sync.lag is None else sync.lag / 1000,
            "acknowledgedAt": sync.acknowledged_at,
            "error": sync.error,
            "dataLostAt": sync.data_lost_at,
        },
        "alarms": found.alarms,
    }


def _source(found: Standing, one: SourceStanding) -> dict[str, Any]:
    return {
        "name": one.source.name,
        "title": one.source.title,
        "blocked": one.source.blocked,
        "participants": one.voters,
        "votes": _votes(found, one.votes.count, one.votes.verified),
        "share": one.share,
    }


def _votes(found: Standing, count: int, verified: int) -> dict[str, int | None]:
    return {"count": count if found.whole else None, "verified": verified}


def _member(one: Member) -> dict[str, Any]:
    return {**asdict(one), "id": one.id}


def _token(one: Token) -> dict[str, Any]:
    return {**asdict(one), "scopes": sorted(one.scopes)}


def _moment(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)
