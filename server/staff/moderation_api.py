"""The staff API of moderation: the queue, decisions and their undoing, and figures."""

from datetime import UTC, datetime
from typing import Any

from flask import Response, request

from server.consultations import moderation
from server.consultations.errors import ProposalUnknown
from server.consultations.hints import hints
from server.consultations.moderation import Act, Decision, Verdict
from server.consultations.queue import Case
from server.staff import desk, sheets
from server.staff.access import consultation, needs, visitor
from server.staff.moderation_pages import demand_allowed, mine
from server.staff.moderation_schemas import (
    StaffCase,
    StaffPace,
    StaffQueueAnswer,
    StaffUndo,
    StaffVerdict,
)
from server.staff.roles import Permission
from server.staff.verdict_forms import HOUR, HOURS, number_of
from server.web.answers import private
from server.web.bodies import body
from server.web.refusals import BodyInvalid
from server.web.service import plain, service

blueprint = desk.api("staff_moderation_api", __name__)
DECISION = "/api/v1/staff/consultations/<slug>/proposals/<number>/decision"
PAGE = 100  # proposals
QUEUE, CASE, PACE, VERDICT = StaffQueueAnswer(), StaffCase(), StaffPace(), StaffVerdict()
UNDO = StaffUndo()
WITH = {Act.REFUSE: "reason", Act.MERGE: "into", Act.POSTPONE: "until"}


@blueprint.get("/api/v1/staff/moderation")
@needs(Permission.PROPOSALS)
def pace() -> Response:
    """Say how long the queue over all of the member's consultations is, and how fast it moves."""
    found, now = sheets.figures(mine()), service().store.clock.now()
    told = {
        "waiting": found.waiting,
        "postponed": found.postponed,
        "oldest": _moment(found.oldest),
        "decided": found.decided,
        "arrived": found.arrived,
        "emptyAt": _moment(found.empty_at(now)),
    }
    return private(PACE.dump(told))


@blueprint.get("/api/v1/staff/consultations/<slug>/queue")
@needs(Permission.PROPOSALS)
def queue(slug: str) -> Response:  # noqa: ARG001 - `needs` has found it
    """List what waits, in the order of the queue, a hundred at a time; `skip` reads on."""
    skip = number_of(request.args.get("skip", "0"))
    cases = service().store.moderation.queue.waiting(consultation(), PAGE, skip)
    return private(QUEUE.dump({"proposals": [*map(_case, cases)]}))


@blueprint.get(DECISION)
@needs(Permission.PROPOSALS)
def show(slug: str, number: str) -> Response:  # noqa: ARG001
    return _told(number_of(number))


@blueprint.put(DECISION)
@needs(Permission.DECIDE)
def decide(slug: str, number: str) -> Response:  # noqa: ARG001
    """Decide on the version that was read; for ten seconds it can be undone."""
    own, wish = number_of(number), body(plain(request), VERDICT)
    verdict, decisions = _verdict(own, wish), service().store.moderation.decisions
    demand_allowed(consultation(), [verdict])
    decisions.decide(consultation(), visitor().member.name, [verdict])
    return _told(own)


@blueprint.delete(DECISION)
@needs(Permission.DECIDE)
def undo(slug: str, number: str) -> Response:  # noqa: ARG001
    """Take back the decision that is named, and none that came after it."""
    own, act = number_of(number), body(plain(request), UNDO)["decision"]
    service().store.moderation.decisions.undo(consultation(), visitor().member.name, act, [own])
    return _told(own)


def _verdict(number: int, wish: dict[str, Any]) -> Verdict:
    act, version = wish["act"], wish["version"]
    needed = WITH.get(act)
    if needed and needed not in wish:
        raise BodyInvalid(f"{needed}: goes with “{act}”.", field=needed)
    if act is Act.ACCEPT:
        return moderation.accept(number, version, wish.get("text"))
    if act is Act.REFUSE:
        return moderation.refuse(number, wish["reason"], version)
    if act is Act.MERGE:
        return moderation.merge(number, wish["into"], version)
    until = int(wish["until"].timestamp() * 1000)
    if not 0 < until - service().store.clock.now() <= HOURS[-1] * HOUR:
        raise BodyInvalid(f"until: must be within the next {HOURS[-1]} hours.", field="until")
    return moderation.postpone(number, until, wish.get("note", ""), version)


def _told(number: int) -> Response:
    case = service().store.moderation.cases.one(consultation(), number)
    if case is None:
        raise ProposalUnknown(f"No proposal {number} in {consultation().slug}.")
    return private(CASE.dump(_case(case)))


def _case(case: Case) -> dict[str, Any]:
    one = case.submission.proposal
    return {
        "proposal": one.id,
        "version": case.version,
        "undo": _undo(case),
        "text": one.text,
        "language": one.language,
        "author": one.author,
        "age": one.band,
        "state": one.state,
        "since": _moment(case.since),
        "due": _moment(case.due),
        "postponedUntil": case.postponed and _moment(case.postponed.until),
        "labels": case.labels,
        "hints": hints(one.text, one.language, case.consultation.prefix),
        "decision": case.decision and _decision(case.decision),
    }


def _undo(case: Case) -> str | None:
    held = case.postponed or (case.decision and case.decision.due)
    return case.undo if held else None


def _decision(one: Decision) -> dict[str, Any]:
    return {
        "act": one.act,
        "by": one.by,
        "at": _moment(one.at),
        "reason": one.reason,
        "into": one.into,
        "due": _moment(one.due),
    }


def _moment(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)
