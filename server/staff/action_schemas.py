"""Shapes of what the staff API takes and answers about actions. Amounts are text: "1000.5"."""

from marshmallow import Schema, fields, validate

from server.consultations.actions import ActionState


class StaffTarget(Schema):
    amount = fields.String(required=True)
    unit = fields.String(required=True)
    by = fields.Date(required=True)


class StaffTargetWish(Schema):
    amount = fields.String(required=True)
    unit = fields.String(required=True)
    by = fields.String(required=True)


class StaffActionWish(Schema):
    title = fields.String(required=True)
    partner = fields.String(required=True)
    promise = fields.String(required=True)
    on = fields.String(required=True)
    target = fields.Nested(StaffTargetWish, load_default=None, allow_none=True)
    proposals = fields.List(fields.Integer(strict=True), load_default=list)
    # Of the action that was read; without it, what is there by now is changed.
    version = fields.String(load_default=None, allow_none=True)


class StaffActionState(Schema):
    state = fields.String(required=True, validate=validate.OneOf([*map(str, ActionState)]))


class StaffNewsWish(Schema):
    text = fields.String(required=True)
    on = fields.String(required=True)
    amount = fields.String(load_default=None, allow_none=True)
    source = fields.String(load_default=None, allow_none=True)
    # Of the draft that was read, where it is one that is published.
    version = fields.String(load_default=None, allow_none=True)


class StaffRefusalWish(Schema):
    word = fields.String(required=True)
    version = fields.String(load_default=None, allow_none=True)


class StaffNews(Schema):
    # Names the entry as it stands: a correction gives it another.
    mark = fields.String(required=True)
    text = fields.String(required=True)
    on = fields.Date(required=True)
    amount = fields.String(required=True, allow_none=True)
    source = fields.String(required=True, allow_none=True)


class StaffDraft(Schema):
    number = fields.Integer(required=True)
    version = fields.String(required=True)
    at = fields.DateTime(required=True)
    text = fields.String(required=True)
    on = fields.Date(required=True)
    amount = fields.String(required=True, allow_none=True)
    source = fields.String(required=True, allow_none=True)
    # The word with which it was refused; none: it waits.
    refused = fields.String(required=True, allow_none=True)


class StaffAction(Schema):
    id = fields.Integer(required=True)
    version = fields.String(required=True)
    title = fields.String(required=True)
    partner = fields.String(required=True)
    promise = fields.String(required=True)
    on = fields.Date(required=True)
    target = fields.Nested(StaffTarget, required=True, allow_none=True)
    amount = fields.String(required=True, allow_none=True)
    state = fields.String(required=True)
    proposals = fields.List(fields.Integer(), required=True)
    news = fields.List(fields.Nested(StaffNews), required=True)
    overdue = fields.Boolean(required=True)
    silent = fields.Boolean(required=True)
    # Whether its partner has a link; the link itself is shown in the console alone.
    linked = fields.Boolean(required=True)
    drafts = fields.List(fields.Nested(StaffDraft), required=True)


class StaffActions(Schema):
    actions = fields.List(fields.Nested(StaffAction), required=True)
