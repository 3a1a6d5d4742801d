"""A consultation in the console: what it is, where it stands, and what staff do to it."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from flask import Response, request
from werkzeug.exceptions import BadRequest
from werkzeug.wsgi import FileWrapper

from server.consultations import values
from server.consultations.confirming import demand_for_phase
from server.consultations.consultation import Consultation
from server.consultations.errors import (
    ConfirmationNeeded,
    PhaseRefused,
    SlugTaken,
)
from server.consultations.exporting import exported
from server.consultations.phases import STATED, VOTING, Phase
from server.consultations.records import Wrong
from server.consultations.rehearsals import moment
from server.staff import desk, overview, votes_files
from server.staff.access import act, consultation, needs, note, visitor
from server.staff.roles import Permission
from server.web.aside import aside
from server.web.problems import STATUS
from server.web.service import service

blueprint = desk.pages("staff_consultations", __name__)
ONE = "/staff/consultations/<slug>"
SURE = "sure"  # the box that says: for good


@blueprint.get(ONE)
@needs(*overview.SEEN_BY)
def one(slug: str) -> Response:  # noqa: ARG001 - `needs` has found it
    return _page()


@blueprint.post(f"{ONE}/open")
@needs(Permission.CONSULTATIONS)
def open_(slug: str) -> Response:
    """Open it now, before its time; only with the box that says so."""
    return _led(slug, Phase.OPEN)


@blueprint.post(f"{ONE}/close")
@needs(Permission.CONSULTATIONS)
def close(slug: str) -> Response:
    """Close it now, for good; only with the box that says so."""
    return _led(slug, Phase.CLOSED)


@blueprint.post(f"{ONE}/vote-only")
@needs(Permission.CONSULTATIONS)
def vote_only(slug: str) -> Response:
    service().store.running.end_proposals(slug, agreed_now(), act)
    return desk.go(".one", slug=slug)


@blueprint.post(f"{ONE}/phase")
@needs(Permission.CONSULTATIONS)
def phase(slug: str) -> Response:
    """State what follows the vote; with the box, if that skips or ends another phase."""
    try:
        asked = Phase(request.form.get("phase", ""))
    except ValueError:
        raise BadRequest from None
    if asked in VOTING or asked is Phase.CLOSED:
        raise PhaseRefused(f"{asked} is not stated here.", field="phase")
    return _led(slug, asked)


@blueprint.post(f"{ONE}/feature")
@needs(Permission.CONSULTATIONS)
def feature(slug: str) -> Response:
    """Put it first, or no longer; another one of the same title loses the mark."""
    service().store.running.feature(slug, "on" in request.form, agreed_now(), act)
    return desk.go(".one", slug=slug)


@blueprint.post(f"{ONE}/rehearse")
@needs(Permission.CONSULTATIONS)
def rehearse(slug: str) -> Response:
    """Make a rehearsal of it, to be tried out; its votes count nowhere."""
    form, asked = request.form, consultation()
    try:
        name = values.slug(form.get("slug", "").strip())
        opens = moment(asked, form.get("opens")) or agreed_now().astimezone(asked.opens.tzinfo)
        made = service().store.running.rehearse(
            slug, name, opens, moment(asked, form.get("closes")), act
        )
    except Wrong:
        return _page(HTTPStatus.UNPROCESSABLE_ENTITY, wrong={"rehearsal": "wrong.rehearsal"})
    except SlugTaken as refusal:
        return _page(STATUS[refusal.code], wrong={"rehearsal": "refused.slug-taken"})
    return desk.go(".one", slug=made.slug)


@blueprint.get(f"{ONE}/export")
@needs(Permission.CONSULTATIONS)
def export(slug: str) -> Response:
    """Give the file that can be imported again; `all` adds what is for staff only."""
    filing, found = service().store.filing, consultation()
    kept = filing.whole(found) if "all" in request.args else filing.shown(found)
    answer = Response(aside(exported, kept), mimetype="application/yaml")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug}.yaml"'
    return answer


@blueprint.post(f"{ONE}/votes")
@needs(Permission.VOTES)
def votes(slug: str) -> Response:
    """Give every voter's ballots in the format of Polis; the trail says who has them."""
    asked, at = consultation(), f"{service().settings.public_url}/c/{slug}"
    packed = votes_files.zipped(service().store, asked, at)
    note("votes-exported", slug)
    answer = Response(FileWrapper(packed), mimetype="application/zip", direct_passthrough=True)
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug}-votes.zip"'
    return answer


def agreed_now() -> datetime:
    """Return the instant, in whole seconds; raise `ClocksApart` if this clock is not the store's."""
    return service().store.clock.agreed(datetime.now(UTC)).replace(microsecond=0)


def _led(slug: str, phase: Phase) -> Response:
    """Lead it to a phase; what cannot be taken back asks for a tick first."""
    try:
        lead(slug, phase, SURE in request.form)
    except ConfirmationNeeded as refusal:
        wrong = {SURE: f"wrong.sure.{refusal.extra['reason']}"}
        return _page(STATUS[refusal.code], wrong=wrong)
    return desk.go(".one", slug=slug)


def lead(slug: str, phase: Phase, final: bool) -> Consultation:
    """Lead it to a phase, as the console and the API do; see `confirming` for `final`."""
    running, now = service().store.running, agreed_now()
    if not final:
        demand_for_phase(consultation(), phase, now)
    deeds = {
        Phase.OPEN: running.open,
        Phase.VOTE_ONLY: running.end_proposals,
        Phase.CLOSED: running.close,
    }
    if phase in deeds:
        return deeds[phase](slug, now, act)
    return running.reach(slug, phase, now, act)


def _page(status: int = HTTPStatus.OK, **fields: Any) -> Response:
    asked, store, moment = consultation(), service().store, datetime.now(UTC)
    reached = {one.phase for one in asked.reached}
    last = max((list(Phase).index(one) for one in reached), default=0)
    return desk.page(
        "consultation.html",
        status,
        one=overview.standing_of(visitor(), asked),
        asked=asked,
        at=f"/staff/consultations/{asked.slug}",
        zone=asked.opens.tzinfo,
        next_phases=[one for one in STATED if list(Phase).index(one) > last],
        over=asked.phase(moment).is_over,
        minutes=store.minutes.versions(asked),
        ballots=store.purge.state(asked) is None,
        sent=request.form,
        **{"wrong": {}, **fields},
    )
