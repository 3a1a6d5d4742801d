"""Shapes of minutes, their counters and the keys that verify them."""

from marshmallow import Schema, fields


class CountersAnswer(Schema):
    count = fields.Integer(required=True)
    countVerified = fields.Integer(required=True)
    countSequence = fields.Integer(required=True)


class VoteCountersAnswer(CountersAnswer):
    qualifications = fields.Dict(
        keys=fields.String(), values=fields.Nested(CountersAnswer), required=True
    )


class RowAnswer(Schema):
    proposal = fields.String(required=True)
    source = fields.String(required=True)
    votes = fields.Dict(
        keys=fields.String(), values=fields.Nested(VoteCountersAnswer), required=True
    )


class MinutesAnswer(Schema):
    """Minutes are sent as they were signed, never dumped; docs/staff/minutes.md explains them."""

    format = fields.String(required=True)
    version = fields.Integer(required=True)
    earlier = fields.List(fields.Dict(), required=True)
    reason = fields.String(required=True, allow_none=True)
    service = fields.Url(required=True)
    deployment = fields.String(required=True)
    rehearsal = fields.Boolean(required=True)
    consultation = fields.Dict(required=True)
    window = fields.Dict(required=True)
    sealedAt = fields.AwareDateTime(required=True)
    drawnUpAt = fields.AwareDateTime(required=True)
    revisions = fields.List(fields.Integer(), required=True)
    voters = fields.Dict(required=True)
    folded = fields.Dict(required=True)
    proposals = fields.List(fields.Dict(), required=True)
    rows = fields.List(fields.Nested(RowAnswer), required=True)
    totals = fields.Dict(
        keys=fields.String(), values=fields.Nested(VoteCountersAnswer), required=True
    )
    checksum = fields.String(required=True)
    recount = fields.Dict(required=True)
    signature = fields.Dict(required=True)


class KeyAnswer(Schema):
    id = fields.String(required=True)
    algorithm = fields.String(required=True)
    publicKey = fields.String(required=True)
    since = fields.AwareDateTime(required=True, allow_none=True)


class KeysAnswer(Schema):
    keys = fields.List(fields.Nested(KeyAnswer), required=True)


KEYS_ANSWER = KeysAnswer()
