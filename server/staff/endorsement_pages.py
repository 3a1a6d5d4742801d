"""Endorsements: the organisations that back a consultation, or a proposal in it."""

from flask import Response, request

from server.consultations import entries
from server.consultations.endorsements import Endorsement
from server.consultations.entry_parts import ENDORSEMENT
from server.consultations.errors import EndorsementUnknown, Refusal
from server.staff import desk
from server.staff import entry_forms as forms
from server.staff.access import act, consultation, needs
from server.staff.roles import Permission
from server.web.service import service

blueprint = desk.pages("staff_endorsements", __name__)
HERE = f"{forms.ONE}/endorsements"


@blueprint.get(HERE)
@needs(Permission.CONSULTATIONS)
def show(slug: str) -> Response:  # noqa: ARG001 - `needs` has found it
    return forms.shown("endorsements.html")


@blueprint.post(HERE)
@needs(Permission.CONSULTATIONS)
def add(slug: str) -> Response:
    """Record that an organisation backs it; told again, it takes the place of what was told."""
    given = forms.given(request.form, ENDORSEMENT)
    try:
        new = Endorsement(**entries.read(ENDORSEMENT, given, consultation().language))
        service().store.following.endorse(slug, new, act)
    except Refusal as refusal:
        status, wrong = forms.again(refusal)
        return forms.shown("endorsements.html", status, wrong=wrong, sent=request.form)
    return desk.go(".show", slug=slug)


@blueprint.post(f"{HERE}/<handle>/remove")
@needs(Permission.CONSULTATIONS)
def remove(slug: str, handle: str) -> Response:
    """Take it away; what somebody else has taken away already is gone."""
    try:
        service().store.following.unendorse(slug, handle, act)
    except EndorsementUnknown:
        return desk.go(".show", slug=slug)
    return desk.go(".show", slug=slug)
