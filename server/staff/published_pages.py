"""Published proposals: find one, take it from readers, give it back; and what was done to any."""

from collections.abc import Iterator
from http import HTTPStatus
from itertools import islice
from typing import Any

from flask import Response, request

from server.consultations.consultation import Consultation, Proposal
from server.consultations.errors import ProposalUnknown, Refusal
from server.consultations.moderation import Act
from server.consultations.queue import Case
from server.consultations.similar import folded
from server.staff import desk, objections
from server.staff.access import consultation, needs, visitor
from server.staff.moderation_pages import ONE, REASON_KEYS, mine
from server.staff.roles import Permission
from server.staff.sheets import plain_sheet
from server.staff.verdict_forms import NUMBER, number_of, reason_of
from server.web.problems import STATUS
from server.web.service import service

blueprint = desk.pages("staff_published", __name__)
MOST = 50  # results of a search
STATES = {Act.TAKE_DOWN: "down", Act.MERGE: "merged"}


@blueprint.get("/staff/moderation/published")
@needs(Permission.PROPOSALS)
def published() -> Response:
    """Find published proposals by their words; by number any proposal, whatever became of it."""
    asked = " ".join(request.args.get("q", "").split())[:200]
    number = asked.lstrip("#")
    every = mine()
    cases = _numbered(every, int(number)) if NUMBER.fullmatch(number) else []
    found = [] if cases else [*islice(_with_words(every, asked), MOST + 1)]
    return desk.page(
        "published.html",
        q=asked,
        cases=cases,
        found=found[:MOST],
        more=len(found) > MOST,
        down=_taken_down(every),
        **_fields(),
    )


@blueprint.get(ONE)
@needs(Permission.PROPOSALS)
def history(slug: str, number: str) -> Response:  # noqa: ARG001 - `needs` has found it
    return _history(consultation(), number_of(number))


@blueprint.post(f"{ONE}/take-down")
@needs(Permission.TAKE_DOWN)
def take_down(slug: str, number: str) -> Response:  # noqa: ARG001
    """Take it from readers at once, everywhere; the form names the reason and was confirmed."""
    found, own = consultation(), number_of(number)
    if not request.form.get("sure"):
        return _history(found, own, HTTPStatus.UNPROCESSABLE_ENTITY, unsure=True)
    try:
        decisions = service().store.moderation.decisions
        decisions.take_down(found, visitor().member.name, own, reason_of(request.form))
    except Refusal as refusal:
        return _history(found, own, STATUS[refusal.code], refusal)
    return desk.go(".history", slug=found.slug, number=own)


@blueprint.post(f"{ONE}/put-back")
@needs(Permission.PUT_BACK)
def put_back(slug: str, number: str) -> Response:  # noqa: ARG001
    """Give readers back what was taken down, or merged after it was published."""
    found, own = consultation(), number_of(number)
    try:
        service().store.moderation.decisions.put_back(found, visitor().member.name, own)
    except Refusal as refusal:
        return _history(found, own, STATUS[refusal.code], refusal)
    return desk.go(".history", slug=found.slug, number=own)


def state_of(case: Case) -> str:
    """Return what became of it: `down` and `merged` are kept among what was refused."""
    decided = case.decision
    if decided and not decided.due and case.submission.proposal.state != "accepted":
        return STATES.get(decided.act, case.submission.proposal.state)
    return case.submission.proposal.state


def _history(
    found: Consultation,
    number: int,
    status: int = HTTPStatus.OK,
    refusal: Refusal | None = None,
    unsure: bool = False,
) -> Response:
    desk_ = service().store.moderation
    case = desk_.cases.one(found, number)
    if case is None:
        raise ProposalUnknown(f"No proposal {number} in {found.slug}.")
    said = objections.said(desk.said(), refusal, found.opens.tzinfo) if refusal else None
    return desk.page(
        "proposal.html",
        status,
        sheet=plain_sheet(case),
        state=state_of(case),
        entries=desk_.trail.of(found, number),
        former=desk_.trail.former(found, number),
        objection=said,
        unsure=unsure,
        **_fields(),
    )


def _fields() -> dict[str, Any]:
    return {"reasons": REASON_KEYS, **objections.WORDS}


def _numbered(every: list[Consultation], number: int) -> list[tuple[Case, str]]:
    cases = (service().store.moderation.cases.one(one, number) for one in every)
    return [(case, state_of(case)) for case in cases if case]


def _with_words(every: list[Consultation], asked: str) -> Iterator[tuple[Consultation, Proposal]]:
    """Yield what this process serves readers now, and holds all the words."""
    words = folded(asked).split()
    for one in every if words else ():
        for proposal in service().directory.find(one.slug).accepted.values():
            text = folded(proposal.text)
            if all(word in text for word in words):
                yield one, proposal


def _taken_down(every: list[Consultation]) -> list[Case]:
    """Return what was taken down within the last acts of each consultation."""
    desk_, found = service().store.moderation, []
    for one in every:
        acts = desk_.trail.latest(one)
        numbers = dict.fromkeys(each.proposal for each in acts if each.act is Act.TAKE_DOWN)
        found += [case for case in desk_.cases.of(one, [*numbers]) if state_of(case) == "down"]
    return found
