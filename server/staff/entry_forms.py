"""Entry forms: what staff write one by one after a vote, as the console's forms send it."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Response
from werkzeug.datastructures import MultiDict

from server.consultations.consultation import Consultation, Proposal
from server.consultations.entries import Given, Part
from server.consultations.errors import ProposalUnknown, Refusal, WordingRefused
from server.consultations.following import day_of
from server.staff import desk
from server.staff.access import consultation
from server.staff.consultation_pages import ONE, agreed_now
from server.web.problems import STATUS
from server.web.service import service

__all__ = ["MOST", "ONE", "Form", "again", "given", "number", "shown", "today", "visible"]

MOST = 64 * 1024  # bytes of a form
BETWEEN = re.compile(r"[\r\n]+")  # two names
BETWEEN_NUMBERS = re.compile(r"[\s,;]+")
UNKNOWN = 0  # no proposal has this number
# What a form says of a refusal that is about none of its fields, or about one in other words.
SAID = {
    ("selection-refused", "open"): ("", "wrong.selected.open"),
    ("selection-refused", "day"): ("on", "wrong.selected.day"),
    ("selection-refused", "many"): ("", "wrong.selected.many"),
    ("workshop-refused", "many"): ("", "wrong.workshop.many"),
    ("endorsement-refused", "many"): ("", "wrong.endorsement.many"),
    ("answer-refused", "many"): ("", "wrong.answer.many"),
    ("answer-refused", "corrected"): ("text", "wrong.answer.corrected"),
    ("workshop-unknown", None): ("", "wrong.workshop.gone"),
    ("changed-meanwhile", None): ("", "wrong.entry.meanwhile"),
}

Form = MultiDict[str, str]


def given(form: Form, parts: Mapping[str, Part]) -> Given:
    """Return what a form says of each part; lists stand in one field, or in several."""
    found: dict[str, Any] = {}
    for name, part in parts.items():
        between = BETWEEN_NUMBERS if name == "proposals" else BETWEEN
        sent = form.getlist(name)
        every = [one for text in sent for one in between.split(text) if one.strip()]
        found[name] = every if part.most is not None else form.get(name, "")
    if found.get("proposal"):
        found["proposal"] = str(number(found["proposal"]) or found["proposal"])
    return found


def number(text: str) -> int:
    """Return the number of a proposal as somebody typed it: 12, #12, n° 12."""
    found = re.fullmatch(r"\s*(?:#|n°)?\s*([0-9]{1,7})\s*", text)
    return int(found[1]) if found else UNKNOWN


def visible() -> Mapping[int, Proposal]:
    """Return what readers see of the consultation, by number."""
    return service().directory.find(consultation().slug).accepted


def today(asked: Consultation) -> date:
    return day_of(asked, agreed_now())


def shown(template: str, status: int = 200, **fields: Any) -> Response:
    """Return a page about what came of the consultation, as it is by now."""
    asked = service().store.consultations.by_slug(consultation().slug)
    usual: dict[str, Any] = {"wrong": {}, "sent": MultiDict(), "which": None}
    return desk.page(
        template,
        status,
        asked=asked,
        at=f"/staff/consultations/{asked.slug}",
        zone=asked.opens.tzinfo,
        texts=visible(),
        today=today(asked),
        **{**usual, **fields},
    )


def again(refusal: Refusal) -> tuple[int, dict[str, str]]:
    """Return the status of a form that is shown again, and what it says of which field.

    Raises the refusal if no form has words for it.
    """
    status = STATUS[refusal.code]
    if isinstance(refusal, WordingRefused):
        fields = [one["field"] for one in refusal.extra["errors"]]
        return status, {name: f"wrong.entry.{name}" for name in fields}
    if isinstance(refusal, ProposalUnknown):
        return 422, {"proposal": "wrong.entry.proposal", "proposals": "wrong.entry.proposals"}
    said = SAID.get((refusal.code, refusal.extra.get("reason")))
    if said is None:
        raise refusal
    return status, dict([said])
