"""Workshops: where partners and the public work on what was selected, recorded by staff."""

from typing import Any

from flask import Response, request

from server.consultations import entries
from server.consultations.entry_parts import WORKSHOP
from server.consultations.errors import Refusal, WorkshopUnknown
from server.consultations.workshops import Workshop
from server.staff import desk
from server.staff import entry_forms as forms
from server.staff.access import act, consultation, needs
from server.staff.roles import Permission
from server.staff.verdict_forms import number_of
from server.web.service import service

blueprint = desk.pages("staff_workshops", __name__)
HERE = f"{forms.ONE}/workshops"
GONE = "wrong.workshop.gone"


@blueprint.get(HERE)
@needs(Permission.CONSULTATIONS)
def show(slug: str) -> Response:  # noqa: ARG001 - `needs` has found it
    return forms.shown("workshops.html")


@blueprint.post(HERE)
@needs(Permission.CONSULTATIONS, most=forms.MOST)
def add(slug: str) -> Response:
    try:
        service().store.following.add_workshop(slug, Workshop(0, **_read()), act)
    except Refusal as refusal:
        return _again(refusal, "new")
    return desk.go(".show", slug=slug)


@blueprint.post(f"{HERE}/<number>")
@needs(Permission.CONSULTATIONS, most=forms.MOST)
def change(slug: str, number: str) -> Response:
    """Change a workshop, unless somebody else has since it was read.

    What was written of one that is gone by now stands in the form of a new one.
    """
    own, version = number_of(number), request.form.get("version") or None
    try:
        new = Workshop(own, **_read())
        service().store.following.change_workshop(slug, new, act, version)
    except Refusal as refusal:
        return _again(refusal, own)
    return desk.go(".show", slug=slug)


@blueprint.post(f"{HERE}/<number>/remove")
@needs(Permission.CONSULTATIONS)
def remove(slug: str, number: str) -> Response:
    """Take it away; what somebody else has taken away already is gone."""
    try:
        service().store.following.remove_workshop(slug, number_of(number), act)
    except WorkshopUnknown:
        return desk.go(".show", slug=slug)
    return desk.go(".show", slug=slug)


def _read() -> dict[str, Any]:
    return entries.read(WORKSHOP, forms.given(request.form, WORKSHOP), consultation().language)


def _again(refusal: Refusal, which: object) -> Response:
    """Show the form again; of a workshop that is gone by now, that of a new one."""
    status, wrong = forms.again(refusal)
    there = [one.id for one in service().store.consultations.by_slug(consultation().slug).workshops]
    if which not in ("new", *there):
        which, wrong = "new", {**wrong, "": GONE}
    return forms.shown("workshops.html", status, wrong=wrong, sent=request.form, which=which)
