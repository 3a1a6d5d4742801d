"""Proposing by a form: a page, or laid over the booth by its script."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus

from flask import Blueprint, Response, request

from server.consultations.errors import ProposalsClosed, Refusal, SlowDown, WordingRefused
from server.consultations.proposing import draft, sentence
from server.web import identity, pages, screens
from server.web.credentials import Credential
from server.web.decision_page import address
from server.web.forms import refused
from server.web.pages import Card, Form, Place
from server.web.problems import STATUS
from server.web.refusals import CredentialInvalid, CredentialMissing
from server.web.service import service
from server.web.visits import Visit

blueprint = Blueprint("propose_form", __name__)
blueprint.register_error_handler(Refusal, refused)


@blueprint.get("/e/<slug>/propose")
def show(slug: str) -> Response:
    """Show the form; once nobody may propose any more, a sheet that says so in its place."""
    place = screens.find(slug, pages.look(request.args))
    try:
        _demand_proposing(place)
    except ProposalsClosed:
        return _over(place)
    return screens.answer(place, pages.page(place, "propose", form=_empty(place)))


@blueprint.post("/e/<slug>/propose")
def propose(slug: str) -> Response:
    """Keep what a form proposes; show it again with what is wrong in it."""
    identity.demand_own_origin(request, opaque=False)
    place = screens.find(slug, pages.look(request.form))
    try:
        _demand_proposing(place)
        token, credential = _credential(place)
        form = _carry_out(place, credential)
    except ProposalsClosed as refusal:
        return _over(place, STATUS[refusal.code])
    except WordingRefused as refusal:
        faults = tuple((fault["field"], fault["code"]) for fault in refusal.extra["errors"])
        form = _filled(place, faults)
    answer = screens.answer(place, pages.page(place, "propose", form=form, credential=token))
    identity.remember(request, answer, place.source.publisher, token)
    return answer


def _carry_out(place: Place, credential: Credential) -> Form:
    """Hand the proposal in, unless there is a similar one that its author has not been shown."""
    asked, consultation = request.form, place.snapshot.consultation
    text = sentence(consultation.prefix, asked.get("text", ""))
    written = draft(consultation, text, asked.get("name"), asked.get("age"))
    visit = Visit(place.snapshot, credential, place.source)
    if "despite" not in asked and (found := _similar(visit, written.text)):
        return replace(_filled(place, ()), similar=found)
    kept = service().station.propose(visit, written, int(time.time() * 1000))
    return Form(consultation.prefix or "", done=True, link=address(visit, kept["id"]))


def _similar(visit: Visit, text: str) -> tuple[Card, ...]:
    """Return what is published already and nearly the same; a brake takes no proposal away."""
    try:
        return tuple(map(Card.of, service().station.similar(visit, text)))
    except SlowDown:
        return ()


def _credential(place: Place) -> tuple[str, Credential]:
    """Return the reader's credential, or a new one: who proposes is not counted."""
    asked = request.form.get("credential")
    publisher = place.source.publisher
    try:
        return identity.credential(request, publisher, asked)
    except (CredentialMissing, CredentialInvalid):
        token = identity.issue(request, publisher)
        return token, service().credentials.read(token)


def _demand_proposing(place: Place) -> None:
    consultation, now = place.snapshot.consultation, datetime.now(UTC)
    place.source.demand_unblocked()
    consultation.demand_open(now)
    consultation.demand_proposing(now)


def _over(place: Place, status: HTTPStatus = HTTPStatus.OK) -> Response:
    form = replace(_empty(place), over=True)
    return screens.answer(place, pages.page(place, "propose", form=form), status=status)


def _empty(place: Place) -> Form:
    return Form(place.snapshot.consultation.prefix or "")


def _filled(place: Place, faults: tuple[tuple[str, str], ...]) -> Form:
    asked = request.form
    return Form(
        place.snapshot.consultation.prefix or "",
        text=asked.get("text", ""),
        name=asked.get("name", ""),
        age=asked.get("age", ""),
        faults=faults,
    )
