"""Answers: what those who were asked have said to a citizens' question, and its corrections."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from flask import Response, request

from server.consultations.answers import Answer, by_proposal
from server.consultations.consultation import Consultation
from server.consultations.entry_parts import ANSWER
from server.consultations.errors import AnswerUnknown, Refusal
from server.consultations.file_answers import read_answer
from server.consultations.selection import Selected
from server.staff import desk
from server.staff import entry_forms as forms
from server.staff.access import act, consultation, needs
from server.staff.consultation_pages import agreed_now
from server.staff.roles import Permission
from server.staff.verdict_forms import number_of
from server.web.service import service

blueprint = desk.pages("staff_answers", __name__)
HERE = f"{forms.ONE}/answers"


@dataclass(frozen=True)
class Question:
    """A question that was put, or answered, or both."""

    number: int
    put: Selected | None
    answer: Answer | None

    def waited(self, today: date) -> int | None:
        """Return the days for which it has waited for an answer; None if it does not wait."""
        return (today - self.put.on).days if self.put and not self.answer else None


@blueprint.get(HERE)
@needs(Permission.CONSULTATIONS)
def show(slug: str) -> Response:  # noqa: ARG001 - `needs` has found it
    """Show what was put and answered; `question` fills in the form for one of them."""
    asked = consultation()
    own = forms.number(request.args.get("question", ""))
    known = by_proposal(asked.answers).get(own)
    sent = {name: getattr(known, name) or "" for name in ANSWER} if known else {}
    return _page(sent={**sent, **({"proposal": own} if own else {})}, correcting=known)


@blueprint.post(HERE)
@needs(Permission.CONSULTATIONS, most=forms.MOST)
def answer(slug: str) -> Response:
    """Show the answer to a question; what an earlier one said is kept beside it."""
    form, asked = request.form, consultation()
    try:
        own = forms.number(form.get("proposal", ""))
        made = read_answer(own, forms.given(form, ANSWER), asked.language)
        service().store.following.answer(slug, made, agreed_now(), act)
    except Refusal as refusal:
        status, wrong = forms.again(refusal)
        own = forms.number(form.get("correcting", ""))
        known = by_proposal(asked.answers).get(own)
        return _page(status, wrong=wrong, sent=form, correcting=known)
    return desk.go(".show", slug=slug)


@blueprint.post(f"{HERE}/<number>/remove")
@needs(Permission.CONSULTATIONS)
def remove(slug: str, number: str) -> Response:
    """Take an answer away; what somebody else has taken away already is gone."""
    with suppress(AnswerUnknown):
        service().store.following.unanswer(slug, number_of(number), act)
    return desk.go(".show", slug=slug)


def questions(asked: Consultation) -> list[Question]:
    """Return what was put, as it was selected, and then what was answered besides."""
    answers = by_proposal(asked.answers)
    put = [Question(one.proposal, one, answers.pop(one.proposal, None)) for one in asked.selected]
    return [*put, *(Question(number, None, one) for number, one in answers.items())]


def _page(status: int = 200, correcting: Answer | None = None, **fields: object) -> Response:
    asked = service().store.consultations.by_slug(consultation().slug)
    return forms.shown(
        "answers.html", status, questions=questions(asked), correcting=correcting, **fields
    )
