"""Shapes of what the staff API answers."""

from marshmallow import Schema, fields

from server.staff.acts import Way
from server.staff.roles import Permission, Role
from server.staff.standing import Alarm


class StaffVotes(Schema):
    # Null where the role shows verified votes only.
    count = fields.Integer(required=True, allow_none=True)
    verified = fields.Integer(required=True)


class StaffSource(Schema):
    name = fields.String(required=True)
    title = fields.String(required=True)
    blocked = fields.Boolean(required=True)
    participants = fields.Integer(required=True)
    votes = fields.Nested(StaffVotes, required=True)
    share = fields.Integer(required=True)  # of all verified votes, in whole percent


class StaffQueue(Schema):
    waiting = fields.Integer(required=True)
    oldest = fields.AwareDateTime(required=True, allow_none=True)


class StaffSync(Schema):
    # Seconds for which something has been untold; null if the platform was never told anything.
    lag = fields.Float(required=True, allow_none=True)
    acknowledgedAt = fields.AwareDateTime(required=True, allow_none=True)
    error = fields.String(required=True, allow_none=True)
    dataLostAt = fields.AwareDateTime(required=True, allow_none=True)


class StaffConsultation(Schema):
    slug = fields.String(required=True)
    question = fields.String(required=True)
    language = fields.String(required=True)
    phase = fields.String(required=True)
    rehearsal = fields.Boolean(required=True)
    opens = fields.AwareDateTime(required=True)
    closes = fields.AwareDateTime(required=True)
    countedAt = fields.AwareDateTime(required=True, allow_none=True)
    participants = fields.Integer(required=True, allow_none=True)
    votes = fields.Nested(StaffVotes, required=True, allow_none=True)
    votesPerMinute = fields.Float(required=True, allow_none=True)
    sources = fields.List(fields.Nested(StaffSource), required=True)
    queue = fields.Nested(StaffQueue, required=True, allow_none=True)
    sync = fields.Nested(StaffSync, required=True, allow_none=True)
    alarms = fields.List(fields.Enum(Alarm, by_value=True), required=True)


class StaffOverview(Schema):
    consultations = fields.List(fields.Nested(StaffConsultation), required=True)


class StaffMember(Schema):
    id = fields.String(required=True)
    name = fields.String(required=True)
    role = fields.Enum(Role, by_value=True, required=True)
    consultations = fields.List(fields.String(), required=True)  # none is all
    sources = fields.List(fields.String(), required=True)
    since = fields.AwareDateTime(required=True)


class StaffMembers(Schema):
    members = fields.List(fields.Nested(StaffMember), required=True)


class StaffMe(StaffMember):
    # What this token allows now: its scopes, as far as the member's role goes.
    permissions = fields.List(fields.Enum(Permission, by_value=True), required=True)


class StaffToken(Schema):
    handle = fields.String(required=True)
    member = fields.String(required=True)  # an id
    label = fields.String(required=True)
    scopes = fields.List(fields.Enum(Permission, by_value=True), required=True)
    made = fields.AwareDateTime(required=True)
    ends = fields.AwareDateTime(required=True)
    used = fields.Date(required=True, allow_none=True)  # to the day


class StaffTokens(Schema):
    tokens = fields.List(fields.Nested(StaffToken), required=True)


class StaffAct(Schema):
    number = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)
    who = fields.String(required=True)
    way = fields.Enum(Way, by_value=True, required=True)
    what = fields.String(required=True)
    on = fields.String(required=True)
    detail = fields.String(required=True)


class StaffActs(Schema):
    acts = fields.List(fields.Nested(StaffAct), required=True)
    # Ask for `?before=` this number to read on; null at the end.
    older = fields.Integer(required=True, allow_none=True)


class StaffDone(Schema):
    done = fields.Boolean(required=True)
