"""The shape of every refusal."""

from marshmallow import Schema, fields


class ProblemAnswer(Schema):
    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True)
    field = fields.String()
    errors = fields.List(fields.Dict())
