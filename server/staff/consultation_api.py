"""The staff API for running consultations: create, change, open, close, lead on."""

from datetime import UTC, datetime
from http import HTTPStatus

from flask import Response, request

from server.consultations import files, nodes, operations, values
from server.consultations.changing import RULES, field_of, is_past
from server.consultations.consultation import Consultation
from server.consultations.errors import SlugTaken
from server.consultations.file_writing import definition
from server.consultations.phases import Phase
from server.consultations.records import Wrong
from server.consultations.rehearsals import moment
from server.staff import desk
from server.staff.access import act, consultation, needs
from server.staff.change_pages import save
from server.staff.consultation_pages import agreed_now, lead
from server.staff.consultation_schemas import (
    StaffChange,
    StaffDefinition,
    StaffNewConsultation,
    StaffPhase,
    StaffRehearsal,
)
from server.staff.roles import Permission
from server.store import definitions
from server.web.answers import private
from server.web.bodies import body
from server.web.refusals import BodyInvalid
from server.web.service import plain, service

blueprint = desk.api("staff_consultation_api", __name__)
ALL = "/api/v1/staff/consultations"
ONE = f"{ALL}/<slug>"
MOST = 256 * 1024  # bytes: some 2 500 proposals, read in less than a second
TOLD, NEW, CHANGE, PHASE = StaffDefinition(), StaffNewConsultation(), StaffChange(), StaffPhase()
REHEARSAL = StaffRehearsal()


@blueprint.post(ALL)
@needs(Permission.CONSULTATIONS, most=MOST)
def create() -> Response:
    """Create a consultation from what a file would say; or check it."""
    asked = body(plain(request), NEW)
    found = files.read(nodes.mapping(asked["definition"]), "definition")
    store, now = service().store, agreed_now()
    if asked["dryRun"]:
        known = store.consultations.all()
        if found.consultation.slug in {one.slug for one in known}:
            raise SlugTaken(f"There is a consultation “{found.consultation.slug}” already.", "slug")
        operations.missing([found], known, now)
        return _told(found.consultation)
    return _told(store.running.create(found, now, act), HTTPStatus.CREATED)


@blueprint.get(f"{ONE}/definition")
@needs(Permission.CONSULTATIONS)
def show(slug: str) -> Response:  # noqa: ARG001 - `needs` has found it
    """Say what a consultation is, its version, and what of it may still be changed."""
    return _told(consultation())


@blueprint.patch(f"{ONE}/definition")
@needs(Permission.CONSULTATIONS, most=MOST)
def change(slug: str) -> Response:
    """Change the keys that are named; null takes one away."""
    asked = body(plain(request), CHANGE)
    wishes, version = asked["changes"], asked["version"]
    return _told(save(service().store, slug, wishes, version, final=asked["final"]))


@blueprint.put(f"{ONE}/phase")
@needs(Permission.CONSULTATIONS)
def reach(slug: str) -> Response:
    """Open it, end its proposals, close it for good, or state what follows."""
    asked = body(plain(request), PHASE)
    return _told(lead(slug, Phase(asked["phase"]), asked["final"]))


@blueprint.put(f"{ONE}/featured")
@needs(Permission.CONSULTATIONS)
def feature(slug: str) -> Response:
    return _featured(slug, on=True)


@blueprint.delete(f"{ONE}/featured")
@needs(Permission.CONSULTATIONS)
def unfeature(slug: str) -> Response:
    return _featured(slug, on=False)


@blueprint.post(f"{ONE}/rehearsals")
@needs(Permission.CONSULTATIONS)
def rehearse(slug: str) -> Response:
    asked, found, read = body(plain(request), REHEARSAL), consultation(), "slug"
    try:
        name = values.slug(asked["slug"])
        read = "opens"
        opens = moment(found, asked["opens"]) or agreed_now().astimezone(found.opens.tzinfo)
        read = "closes"
        made = service().store.running.rehearse(
            slug, name, opens, moment(found, asked["closes"]), act
        )
    except Wrong as wrong:
        raise BodyInvalid(f"{read}: {wrong}", field=read) from None
    return _told(made, HTTPStatus.CREATED)


def _featured(slug: str, on: bool) -> Response:
    service().store.running.feature(slug, on, agreed_now(), act)
    return _told(service().store.consultations.by_slug(slug))


def _told(asked: Consultation, status: HTTPStatus = HTTPStatus.OK) -> Response:
    now = datetime.now(UTC)
    told = {
        "slug": asked.slug,
        "phase": asked.phase(now),
        "version": definitions.fingerprint(asked) if asked.id else None,
        "definition": definition(asked),
        "changeable": sorted(
            field_of(name) for name, rule in RULES.items() if not is_past(asked, rule, now)
        ),
    }
    given = private(TOLD.dump(told))
    given.status_code = status
    return given
