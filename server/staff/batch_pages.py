"""Batch: all that waits in one consultation as a list, decided many at once; and its labels."""

from http import HTTPStatus
from typing import Any

from flask import Response, request
from werkzeug.exceptions import BadRequest

from server.consultations import moderation
from server.consultations.consultation import Consultation
from server.consultations.errors import Refusal
from server.staff import desk, objections, sheets
from server.staff.access import consultation, needs, visitor
from server.staff.moderation_pages import REASON_KEYS, mine
from server.staff.roles import Permission
from server.staff.verdict_forms import MOST, judged, refusals
from server.web.problems import STATUS
from server.web.service import service

blueprint = desk.pages("staff_batch", __name__)
BATCH = "/staff/moderation/<slug>/batch"


@blueprint.get("/staff/moderation/batch")
@needs(Permission.DECIDE)
def batch() -> Response:
    """Show the list of the consultation that the address names, or of the first."""
    every = mine()
    if not every:
        return desk.page("batch.html", asked=None, consultations=[])
    return _list(every[0])


@blueprint.post(BATCH)
@needs(Permission.DECIDE)
def decide(slug: str) -> Response:  # noqa: ARG001 - `needs` has found it
    """Accept or refuse all that are ticked, or none of them."""
    found, chosen = consultation(), judged(request.form.getlist("chosen"))
    if request.form.get("act") == "accept":
        verdicts = [moderation.accept(number, version) for number, version in chosen]
    elif request.form.get("act") == "refuse":
        verdicts = refusals(request.form, chosen)
    else:
        raise BadRequest
    try:
        if verdicts:
            service().store.moderation.decisions.decide(found, visitor().member.name, verdicts)
    except Refusal as refusal:
        return _list(found, refusal)
    return desk.go(".batch", consultation=found.slug)


@blueprint.post("/staff/moderation/<slug>/labels")
@needs(Permission.DECIDE)
def labels(slug: str) -> Response:  # noqa: ARG001
    """Make these, one a line, the labels of a consultation."""
    found = consultation()
    wanted = [line for line in request.form.get("labels", "").splitlines() if line.strip()]
    try:
        service().store.moderation.tagging.set_labels(found, wanted)
    except Refusal as refusal:
        return _list(found, refusal)
    return desk.go(".batch", consultation=found.slug)


def _list(found: Consultation, refusal: Refusal | None = None) -> Response:
    store = service().store
    waiting = store.moderation.queue.waiting(found, MOST)
    fields: dict[str, Any] = {
        "asked": found,
        "consultations": [one for one in _all() if one.slug != found.slug],
        "waiting": [sheets.plain_sheet(case) for case in waiting if sheets.waits(case)],
        "figures": sheets.figures([found]),
        "held": sheets.held(visitor().member.name, [found]),
        "labels": store.moderation.tagging.labels(found),
        "reasons": REASON_KEYS,
        "only": found.slug,
        "clock": store.clock.now(),
        "zone": desk.zone(),
        "objection": refusal and objections.said(desk.said(), refusal, found.opens.tzinfo),
        **objections.WORDS,
    }
    return desk.page("batch.html", STATUS[refusal.code] if refusal else HTTPStatus.OK, **fields)


def _all() -> list[Consultation]:
    member = visitor().member
    return [one for one in service().store.consultations.all() if member.has_part_in(one)]
