"""Changing a consultation in the console; of two at once nobody loses what they wrote."""

import json
import re
from collections.abc import Collection
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from flask import Response, request
from werkzeug.exceptions import BadRequest

from server.consultations.changing import demand_allowed
from server.consultations.confirming import demand_for_change
from server.consultations.consultation import Consultation
from server.consultations.errors import (
    ChangedMeanwhile,
    ChangeRefused,
    ConfirmationNeeded,
    FeaturedTaken,
    FileRefused,
)
from server.consultations.records import Wrong
from server.consultations.redefining import redefined
from server.staff import definition_forms as forms
from server.staff import desk
from server.staff.access import act, consultation, needs
from server.staff.consultation_pages import ONE, SURE, agreed_now
from server.staff.form_pages import CARRIED, choices, demand_fits, wrong_in
from server.staff.roles import Permission
from server.store import definitions
from server.store.store import Store
from server.web.service import service

blueprint = desk.pages("staff_changes", __name__)
READ = "read"  # the fields as they were when the form was opened
VERSION = "version"
MORE = "more"  # a button: not saved, but shown again with another empty row


@blueprint.get(f"{ONE}/change")
@needs(Permission.CONSULTATIONS)
def show(slug: str) -> Response:  # noqa: ARG001 - `needs` has found it
    found = consultation()
    return _form(found, forms.flat(found))


@blueprint.post(f"{ONE}/change")
@needs(Permission.CONSULTATIONS, most=CARRIED)
def change(slug: str) -> Response:
    """Keep what was changed; or show the form again, with everything that was written."""
    demand_fits()
    found, read = consultation(), _read(request.form.get(READ, ""))
    version = request.form.get(VERSION, "")
    fields = forms.tidied(forms.sent(request.form, request.files))
    may = forms.open_fields(found, datetime.now(UTC))
    shown = {**forms.flat(found), **_blank(read, may), **fields}
    if MORE in request.form:
        return _form(found, shown, read, version=version, more=request.form[MORE])
    wishes = forms.wishes(read, fields, may)
    try:
        save(service().store, slug, wishes, version, final=SURE in request.form)
    except ConfirmationNeeded as refusal:
        why = refusal.extra["reason"]
        return _form(found, shown, read, HTTPStatus.UNPROCESSABLE_ENTITY, version, sure=why)
    except FileRefused as refusal:
        return _form(
            found, shown, read, HTTPStatus.UNPROCESSABLE_ENTITY, version, wrong=wrong_in(refusal)
        )
    except ChangeRefused as refusal:
        wrong = {one["field"]: f"wrong.change.{one['code']}" for one in refusal.extra["errors"]}
        return _form(found, shown, read, HTTPStatus.CONFLICT, version, wrong=wrong)
    except FeaturedTaken:
        wrong = {"sources": "refused.featured-taken"}
        return _form(found, shown, read, HTTPStatus.CONFLICT, version, wrong=wrong)
    except ChangedMeanwhile:
        return _again(read, wishes)
    return desk.go("staff_consultations.one", slug=slug)


def save(
    store: Store,
    slug: str,
    wishes: dict[str, Any],
    version: str | None = None,
    final: bool = False,
) -> Consultation:
    """Change what is wished; see `redefined` and `Running.change` for what they raise.

    Raises `ConfirmationNeeded` for what cannot be taken back, unless `final`.
    """
    found = store.consultations.by_slug(slug)
    logos = store.consultations.logos(found)

    def beside(name: str) -> bytes:
        if name not in logos:
            raise Wrong("must be a picture that is there, or a data: address.")
        return logos[name]

    _, pictures = redefined(found, wishes, slug, beside)
    now = agreed_now()

    def becomes(old: Consultation) -> Consultation:
        new = redefined(old, wishes, slug, beside)[0]
        demand_allowed(old, new, now)
        if not final:
            demand_for_change(old, new, now)
        return new

    return store.running.change(slug, becomes, now, act, version, pictures)


def _again(read: dict[str, str], wishes: dict[str, Any]) -> Response:
    """Show what somebody else has changed since, with one's own on top of it."""
    found = consultation_now()
    current = forms.flat(found)
    before, there = forms.nested(read), forms.nested(current)
    theirs = {key: there.get(key) for key in there if there.get(key) != before.get(key)}
    theirs |= {key: None for key in before if key not in there}
    own = forms.flattened({**there, **wishes})
    return _form(
        found,
        own,
        current,
        HTTPStatus.CONFLICT,
        theirs=[(key, text, key in wishes) for key, text in forms.written_out(theirs)],
        who=_who_changed(found, theirs),
    )


def _who_changed(asked: Consultation, keys: Collection[str]) -> str | None:
    """Return who was the last to change one of these keys; others may have done else since."""
    acts = (one.act for one in service().store.acts.latest() if one.act.on == asked.slug)
    return next((one.who for one in acts if one.detail.partition(":")[0] in keys), None)


def consultation_now() -> Consultation:
    return service().store.consultations.by_slug(consultation().slug)


def _read(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise BadRequest from None
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise BadRequest
    return found


def _blank(read: dict[str, str], may: set[str]) -> dict[str, str]:
    """Return every field that was to be filled in as empty: a box not ticked is not sent."""
    return {name: "" for name in read if re.split(r"[.\[]", name)[0] in may}


def _form(
    found: Consultation,
    shown: dict[str, str],
    read: dict[str, str] | None = None,
    status: int = HTTPStatus.OK,
    version: str | None = None,
    **fields: Any,
) -> Response:
    was = forms.flat(found) if read is None else read
    return desk.page(
        "change.html",
        status,
        one=found,
        zone=found.opens.tzinfo,
        fields=shown,
        read=json.dumps(was, ensure_ascii=False),
        version=version or definitions.fingerprint(found),
        known={source.name for source in found.sources},
        may=forms.open_fields(found, datetime.now(UTC)),
        **choices(shown, fields.pop("more", None)),
        **{"wrong": {}, "theirs": [], "who": None, "sure": None, **fields},
    )
