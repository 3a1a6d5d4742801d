"""Form pages: what the forms of a new and of a changed consultation share."""

import re
from collections.abc import Mapping
from typing import Any

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from server.consultations.consultation import ResultsRule
from server.consultations.errors import Fault, FileRefused
from server.consultations.kinds import Kind
from server.consultations.partners import Role
from server.staff import definition_forms as forms
from server.staff import desk

MOST = 1024 * 1024  # bytes of a form: two dozen logos, or some thousand proposals
CARRIED = 2 * MOST  # bytes of what a page carries on: pictures as text, and what stands around them
KINDS, RESULTS, ROLES = list(Kind), list(ResultsRule), list(Role)


def demand_fits() -> None:
    """Raise `RequestEntityTooLarge` for more than `MOST`, before anything is made of it.

    What passes can be carried on by a page and come back. Base64 adds a third to each picture.
    """
    pictures = sum(len(one) for one in request.form.values() if one.startswith("data:"))
    if "create" not in request.form and (request.content_length or 0) - pictures // 4 > MOST:
        raise RequestEntityTooLarge


def choices(fields: Mapping[str, str], more: str | None = None) -> dict[str, Any]:
    """Return what a form is drawn with: lists to choose from, and how many rows there are."""
    return {
        "shown_names": _names(fields),
        "more": more,
        "kinds": KINDS,
        "results": RESULTS,
        "roles": ROLES,
        "deck": forms.DECK,
        "rows": {group: _rows(fields, group) + (group == more) for group in forms.ROWS},
    }


def wrong_in(refusal: FileRefused) -> dict[str, str]:
    """Return the message of each field that is at fault, as far as the console has words for it."""
    return {forms.field_with(fault): _message(fault) for fault in refusal.faults}


def _names(fields: Mapping[str, str]) -> set[str]:
    """Return the names of all fields that a form draws, where a fault is told."""
    rows = {
        f"{group}[{number}].{key}"
        for group, keys in forms.ROWS.items()
        for number in range(1, _rows(fields, group) + 1)
        for key in keys
    }
    return {*forms.TEXTS, "proposals", *forms.ROWS, *(f"deck.{key}" for key in forms.DECK), *rows}


def _rows(fields: Mapping[str, str], group: str) -> int:
    """Return how many rows are drawn: those that say something, and an empty one."""
    given = [forms.ROW.fullmatch(name) for name, value in fields.items() if value]
    return max((int(one[2]) for one in given if one and one[1] == group), default=0) + 1


def _message(fault: Fault) -> str:
    key = "wrong." + re.sub(r"\[[0-9]+\]", "", forms.field_with(fault))
    return key if key in desk.said().catalogue else desk.said().fault(fault)
