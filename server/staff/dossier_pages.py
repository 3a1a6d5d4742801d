"""Dossiers in the console: what would be published, and publishing it for good."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from flask import Response, request
from werkzeug.exceptions import NotFound

from server.consultations.consultation import Consultation
from server.consultations.errors import DossierRefused
from server.consultations.typography import printed
from server.staff import desk
from server.staff.access import act, consultation, needs
from server.staff.consultation_pages import agreed_now
from server.staff.roles import Permission
from server.web import dossier_pages as published
from server.web.dossiers import Subject, compose
from server.web.headers import PRIVATE
from server.web.service import service

blueprint = desk.pages("staff_dossiers", __name__)
previews = desk.api("staff_dossier_previews", __name__)  # a document brings its own headers

OF_ONE = "/staff/consultations/<slug>/dossier"
OF_OPERATION = "/staff/operations/<operation>/dossier"
SURE = "sure"  # the box that says: for good
MOST_REASON = 300  # characters


@blueprint.get(OF_ONE)
@needs(Permission.CONSULTATIONS)
def show(slug: str) -> Response:  # noqa: ARG001 - `needs` has found it
    return _page(_one())


@blueprint.post(OF_ONE)
@needs(Permission.CONSULTATIONS)
def publish(slug: str) -> Response:
    return _published(_one(), "staff_dossiers.show", slug=slug)


@blueprint.get(OF_OPERATION)
@needs(Permission.CONSULTATIONS)
def show_operation(operation: str) -> Response:
    return _page(_operation(operation))


@blueprint.post(OF_OPERATION)
@needs(Permission.CONSULTATIONS)
def publish_operation(operation: str) -> Response:
    where = "staff_dossiers.show_operation"
    return _published(_operation(operation), where, operation=operation)


@blueprint.post(f"{OF_ONE}/<int(max=9999):version>/withdraw")
@needs(Permission.CONSULTATIONS)
def withdraw(slug: str, version: int) -> Response:
    return _withdrawn(_one(), version, "staff_dossiers.show", slug=slug)


@blueprint.post(f"{OF_OPERATION}/<int(max=9999):version>/withdraw")
@needs(Permission.CONSULTATIONS)
def withdraw_operation(operation: str, version: int) -> Response:
    where = "staff_dossiers.show_operation"
    return _withdrawn(_operation(operation), version, where, operation=operation)


@previews.get(f"{OF_ONE}/preview")
@needs(Permission.CONSULTATIONS)
def preview(slug: str) -> Response:
    return _preview(_one(), "staff_dossiers.show", slug=slug)


@previews.get(f"{OF_OPERATION}/preview")
@needs(Permission.CONSULTATIONS)
def preview_operation(operation: str) -> Response:
    where = "staff_dossiers.show_operation"
    return _preview(_operation(operation), where, operation=operation)


def _one() -> Subject:
    return Subject.consultation(consultation())


def _operation(operation: str) -> Subject:
    """Return an operation with its consultations by their opening."""
    every = service().store.consultations.all()
    found = sorted((one for one in every if one.operation == operation), key=_opening)
    if not found:
        raise NotFound
    return Subject.operation(operation, found)


def _opening(asked: Consultation) -> tuple[datetime, str]:
    return asked.opens, asked.slug


def _published(subject: Subject, where: str, **address: str) -> Response:
    """Freeze it as the version that the form was about; only with the box that says so."""
    if SURE not in request.form:
        return _page(subject, HTTPStatus.UNPROCESSABLE_ENTITY, wrong="wrong.dossier.sure")
    version = service().store.dossiers.versions(subject.key) + 1
    if request.form.get("version") != str(version):
        return _page(subject, HTTPStatus.CONFLICT, wrong="wrong.dossier.raced")
    try:
        made = compose(subject, version, datetime.now(UTC))
    except DossierRefused:
        return _page(subject, HTTPStatus.CONFLICT, wrong="wrong.dossier.early")
    line = act("dossier-published", subject.name, f"{made.version} {made.digest[:16]}")
    if not service().store.dossiers.append(subject.key, made, line):
        return _page(subject, HTTPStatus.CONFLICT, wrong="wrong.dossier.raced")
    return desk.go(where, **address)


def _withdrawn(subject: Subject, version: int, where: str, **address: str) -> Response:
    """Take a version back, with a reason for who looks for it."""
    why = printed(" ".join(request.form.get("why", "").split()), subject.language)
    if not 0 < len(why) <= MOST_REASON:
        return _page(subject, HTTPStatus.UNPROCESSABLE_ENTITY, wrong="wrong.dossier.why")
    at = int(agreed_now().timestamp() * 1000)
    line = act("dossier-withdrawn", subject.name, f"{version} {why}")
    service().store.dossiers.withdraw(subject.key, version, why, at, line)
    return desk.go(where, **address)


def _preview(subject: Subject, where: str, **address: str) -> Response:
    version = service().store.dossiers.versions(subject.key) + 1
    try:
        return published.document(compose(subject, version, datetime.now(UTC)), PRIVATE)
    except DossierRefused:
        return desk.go(where, **address, early=1)


def _page(subject: Subject, status: int = HTTPStatus.OK, **fields: Any) -> Response:
    return desk.page(
        "staff_dossier.html",
        status,
        subject=subject,
        versions=service().store.dossiers.every(subject.key),
        most_reason=MOST_REASON,
        **{"wrong": "wrong.dossier.early" if "early" in request.args else "", **fields},
    )
