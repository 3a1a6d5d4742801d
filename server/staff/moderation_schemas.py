"""Shapes of what the staff API says of moderation."""

from marshmallow import Schema, fields, validate

from server.consultations.consultation import ProposalState
from server.consultations.hints import Kind
from server.consultations.moderation import MOST_NOTE, VERSION_LENGTH, Act
from server.consultations.proposing import RefusalReason
from server.web.field_kinds import AgeBand

DECIDING = [Act.ACCEPT, Act.REFUSE, Act.MERGE, Act.POSTPONE]
NUMBER = validate.Range(min=1)


class StaffDecision(Schema):
    act = fields.Enum(Act, by_value=True, required=True)
    by = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    reason = fields.Enum(RefusalReason, by_value=True, required=True, allow_none=True)
    into = fields.Integer(required=True, allow_none=True)
    # Until then it can be undone, and readers see nothing of it; null afterwards.
    due = fields.AwareDateTime(required=True, allow_none=True)


class StaffHint(Schema):
    kind = fields.Enum(Kind, by_value=True, required=True)
    start = fields.Integer(required=True)
    end = fields.Integer(required=True)


class StaffCase(Schema):
    proposal = fields.Integer(required=True)
    # Names the last decision to who wants to undo it; null if nothing can be undone.
    undo = fields.String(required=True, allow_none=True)
    # Goes with a decision, which is refused if the proposal has changed since.
    version = fields.String(required=True)
    text = fields.String(required=True)
    language = fields.String(required=True)
    author = fields.String(required=True, allow_none=True)
    age = AgeBand()
    state = fields.Enum(ProposalState, by_value=True, required=True)
    since = fields.AwareDateTime(required=True)
    due = fields.AwareDateTime(required=True)  # when the promise ends
    postponedUntil = fields.AwareDateTime(required=True, allow_none=True)
    labels = fields.List(fields.String(), required=True)
    hints = fields.List(fields.Nested(StaffHint), required=True)
    decision = fields.Nested(StaffDecision, required=True, allow_none=True)


class StaffQueueAnswer(Schema):
    proposals = fields.List(fields.Nested(StaffCase), required=True)


class StaffPace(Schema):
    waiting = fields.Integer(required=True)
    postponed = fields.Integer(required=True)
    oldest = fields.AwareDateTime(required=True, allow_none=True)
    # Of the last hour, by everybody.
    decided = fields.Integer(required=True)
    arrived = fields.Integer(required=True)
    # Null if at this pace it never is.
    emptyAt = fields.AwareDateTime(required=True, allow_none=True)


class StaffVerdict(Schema):
    act = fields.Enum(Act, by_value=True, required=True, validate=validate.OneOf(DECIDING))
    version = fields.String(required=True, validate=validate.Length(equal=VERSION_LENGTH))
    reason = fields.Enum(RefusalReason, by_value=True)  # with `refuse`
    text = fields.String(validate=validate.Length(max=1000))  # with `accept`: mended spelling
    into = fields.Integer(strict=True, validate=NUMBER)  # with `merge`
    until = fields.AwareDateTime()  # with `postpone`
    note = fields.String(validate=validate.Length(max=MOST_NOTE))  # with `postpone`


class StaffUndo(Schema):
    decision = fields.String(required=True, validate=validate.Length(min=1, max=64))  # its `undo`
