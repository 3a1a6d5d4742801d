"""The staff API for what came of a consultation: selection, workshops, endorsements, answers.

Every act answers the whole list as it is by then.
"""

from datetime import UTC, datetime
from typing import Any

from flask import Response, request
from marshmallow import Schema

from server.consultations import entries
from server.consultations.consultation import Consultation
from server.consultations.endorsements import Endorsement
from server.consultations.entry_parts import ENDORSEMENT, SELECTED, WORKSHOP
from server.consultations.file_answers import read_answer
from server.consultations.selection import Selected
from server.consultations.workshops import Workshop
from server.staff import desk
from server.staff import followup_schemas as shapes
from server.staff.access import act, consultation, needs
from server.staff.consultation_api import ONE
from server.staff.consultation_pages import agreed_now
from server.staff.roles import Permission
from server.staff.selection_pages import proposed
from server.staff.verdict_forms import number_of
from server.store.following import Following
from server.web.answers import private
from server.web.bodies import body
from server.web.service import plain, service

blueprint = desk.api("staff_followup_api", __name__)
MOST = 64 * 1024  # bytes
SELECT, WORKSHOP_NEW, WORKSHOP_CHANGE = (
    shapes.StaffSelect(),
    shapes.StaffWorkshopRequest(),
    shapes.StaffWorkshopChange(),
)
ENDORSE, ANSWER = shapes.StaffEndorse(), shapes.StaffAnswer()
SELECTION, WORKSHOPS = shapes.StaffSelection(), shapes.StaffWorkshops()
ENDORSEMENTS, ANSWERS = shapes.StaffEndorsements(), shapes.StaffAnswers()


@blueprint.get(f"{ONE}/selection")
@needs(Permission.CONSULTATIONS)
def selection(slug: str) -> Response:  # noqa: ARG001 - `needs` has found it
    """Say what is selected, and what the votes put forward."""
    return _selection(consultation())


@blueprint.put(f"{ONE}/selection/<number>")
@needs(Permission.CONSULTATIONS, most=MOST)
def select(slug: str, number: str) -> Response:
    own, read = number_of(number), _read(SELECT, SELECTED)
    return _selection(_following().select(slug, [Selected(own, **read)], agreed_now(), act))


@blueprint.delete(f"{ONE}/selection/<number>")
@needs(Permission.CONSULTATIONS)
def unselect(slug: str, number: str) -> Response:
    return _selection(_following().unselect(slug, number_of(number), act))


@blueprint.get(f"{ONE}/workshops")
@needs(Permission.CONSULTATIONS)
def workshops(slug: str) -> Response:  # noqa: ARG001
    return _listed(WORKSHOPS, consultation())


@blueprint.post(f"{ONE}/workshops")
@needs(Permission.CONSULTATIONS, most=MOST)
def add_workshop(slug: str) -> Response:
    new = Workshop(0, **_read(WORKSHOP_NEW, WORKSHOP))
    return _listed(WORKSHOPS, _following().add_workshop(slug, new, act))


@blueprint.put(f"{ONE}/workshops/<number>")
@needs(Permission.CONSULTATIONS, most=MOST)
def change_workshop(slug: str, number: str) -> Response:
    own, asked = number_of(number), body(plain(request), WORKSHOP_CHANGE)
    new = Workshop(own, **entries.read(WORKSHOP, asked, consultation().language))
    return _listed(WORKSHOPS, _following().change_workshop(slug, new, act, asked["version"]))


@blueprint.delete(f"{ONE}/workshops/<number>")
@needs(Permission.CONSULTATIONS)
def remove_workshop(slug: str, number: str) -> Response:
    return _listed(WORKSHOPS, _following().remove_workshop(slug, number_of(number), act))


@blueprint.get(f"{ONE}/endorsements")
@needs(Permission.CONSULTATIONS)
def endorsements(slug: str) -> Response:  # noqa: ARG001
    return _listed(ENDORSEMENTS, consultation())


@blueprint.post(f"{ONE}/endorsements")
@needs(Permission.CONSULTATIONS)
def endorse(slug: str) -> Response:
    new = Endorsement(**_read(ENDORSE, ENDORSEMENT))
    return _listed(ENDORSEMENTS, _following().endorse(slug, new, act))


@blueprint.delete(f"{ONE}/endorsements/<handle>")
@needs(Permission.CONSULTATIONS)
def unendorse(slug: str, handle: str) -> Response:
    return _listed(ENDORSEMENTS, _following().unendorse(slug, handle, act))


@blueprint.get(f"{ONE}/answers")
@needs(Permission.CONSULTATIONS)
def answers(slug: str) -> Response:  # noqa: ARG001
    return _listed(ANSWERS, consultation())


@blueprint.put(f"{ONE}/answers/<number>")
@needs(Permission.CONSULTATIONS, most=MOST)
def answer(slug: str, number: str) -> Response:
    """Show the answer to a question; of an earlier one, the text is kept as a former one."""
    own, asked = number_of(number), body(plain(request), ANSWER)
    made = read_answer(own, asked, consultation().language)
    return _listed(ANSWERS, _following().answer(slug, made, agreed_now(), act))


@blueprint.delete(f"{ONE}/answers/<number>")
@needs(Permission.CONSULTATIONS)
def unanswer(slug: str, number: str) -> Response:
    return _listed(ANSWERS, _following().unanswer(slug, number_of(number), act))


def _following() -> Following:
    return service().store.following


def _read(shape: Schema, parts: Any) -> dict[str, Any]:
    return entries.read(parts, body(plain(request), shape), consultation().language)


def _listed(shape: Schema, asked: Consultation) -> Response:
    return private(shape.dump(asked))


def _selection(asked: Consultation) -> Response:
    over = asked.phase(datetime.now(UTC)).is_over
    candidates = [
        {
            "rank": one.rank,
            "proposal": one.number,
            "text": one.standing.proposal.text,
            "score": one.score,
            "zone": one.zone,
            "agree": one.agree,
            "votes": one.votes,
            "asked": one.asked,
        }
        for one in (proposed(asked) if over else ())
    ]
    return private(SELECTION.dump({"selected": asked.selected, "proposed": candidates}))
