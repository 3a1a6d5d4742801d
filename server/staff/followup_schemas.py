"""Shapes of what the staff API takes and answers about what came of a consultation.

What an entry may be is said once, for files, forms and programs: see `entry_parts`.
"""

from marshmallow import Schema, fields

from server.consultations.scores import Zone


class StaffSelect(Schema):
    # The day, from the close to today; of a citizens' question the day on which it was put.
    on = fields.String(required=True)
    reason = fields.String(load_default=None, allow_none=True)  # as readers are told


class StaffSelected(Schema):
    proposal = fields.Integer(required=True)
    on = fields.Date(required=True)
    reason = fields.String(required=True, allow_none=True)


class StaffScore(Schema):
    value = fields.Float(required=True)
    confidence = fields.Float(required=True)


class StaffCandidate(Schema):
    rank = fields.Integer(required=True)
    proposal = fields.Integer(required=True)
    text = fields.String(required=True)
    score = fields.Nested(StaffScore, required=True)
    # None where too few were asked to tell.
    zone = fields.Enum(Zone, by_value=True, required=True, allow_none=True)
    agree = fields.Float(required=True, allow_none=True)  # a share of 1 of those who were asked
    votes = fields.Integer(required=True)
    asked = fields.Integer(required=True)


class StaffSelection(Schema):
    selected = fields.List(fields.Nested(StaffSelected), required=True)
    # What the votes put forward, the best supported first; empty before the close.
    proposed = fields.List(fields.Nested(StaffCandidate), required=True)


class StaffWorkshopRequest(Schema):
    title = fields.String(required=True)
    on = fields.String(required=True)
    partners = fields.List(fields.String(), load_default=list)
    proposals = fields.List(fields.Integer(strict=True), load_default=list)
    outcome = fields.String(load_default=None, allow_none=True)
    link = fields.String(load_default=None, allow_none=True)


class StaffWorkshopChange(StaffWorkshopRequest):
    # Of the workshop that was read; without it, what is there by now is changed.
    version = fields.String(load_default=None, allow_none=True)


class StaffWorkshop(Schema):
    id = fields.Integer(required=True)
    version = fields.String(required=True)
    title = fields.String(required=True)
    on = fields.Date(required=True)
    partners = fields.List(fields.String(), required=True)
    proposals = fields.List(fields.Integer(), required=True)
    outcome = fields.String(required=True, allow_none=True)
    link = fields.String(required=True, allow_none=True)


class StaffWorkshops(Schema):
    workshops = fields.List(fields.Nested(StaffWorkshop), required=True)


class StaffEndorse(Schema):
    by = fields.String(required=True)
    on = fields.String(required=True)
    # Without one it backs the whole consultation.
    proposal = fields.Integer(strict=True, load_default=None, allow_none=True)
    link = fields.String(load_default=None, allow_none=True)


class StaffEndorsement(Schema):
    handle = fields.String(required=True)  # names it in addresses
    by = fields.String(required=True)
    on = fields.Date(required=True)
    proposal = fields.Integer(required=True, allow_none=True)
    link = fields.String(required=True, allow_none=True)


class StaffEndorsements(Schema):
    endorsements = fields.List(fields.Nested(StaffEndorsement), required=True)


class StaffAnswer(Schema):
    by = fields.String(required=True)
    # What they answer as: “ministre de la Santé”.
    office = fields.String(load_default=None, allow_none=True)
    on = fields.String(required=True)
    text = fields.String(required=True)
    link = fields.String(load_default=None, allow_none=True)


class StaffFormer(Schema):
    text = fields.String(required=True)
    until = fields.Date(required=True)  # when it was corrected


class StaffAnswered(Schema):
    proposal = fields.Integer(required=True)
    by = fields.String(required=True)
    office = fields.String(required=True, allow_none=True)
    on = fields.Date(required=True)
    text = fields.String(required=True)
    link = fields.String(required=True, allow_none=True)
    # What stood there before a correction, the oldest first.
    former = fields.List(fields.Nested(StaffFormer), required=True)


class StaffAnswers(Schema):
    answers = fields.List(fields.Nested(StaffAnswered), required=True)
