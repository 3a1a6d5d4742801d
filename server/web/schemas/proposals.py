"""Shapes of proposals, as they are shown and as they come in."""

from marshmallow import Schema, fields

from server.consultations.consultation import ProposalState
from server.consultations.proposing import RefusalReason
from server.web.field_kinds import AgeBand, Cards


class SubmissionAnswer(Schema):
    id = fields.Integer(required=True)
    text = fields.String(required=True)
    state = fields.Enum(ProposalState, by_value=True, required=True)
    # Why it was refused, if it was.
    reason = fields.Enum(RefusalReason, by_value=True, required=True, allow_none=True)
    # The published proposal that stands for a duplicate.
    into = fields.Nested(lambda: ProposalAnswer(), required=True, allow_none=True)
    # Whether it was published, and taken from readers again.
    down = fields.Boolean(required=True)
    # On it, once it is published and the rule lets readers see results.
    votes = fields.Integer(required=True, allow_none=True)


class ProposedAnswer(SubmissionAnswer):
    # Shows whoever has it the decision, on any device, until the author is forgotten.
    link = fields.String(required=True)
    credential = fields.String(required=True)
    durability = fields.String(required=True)


class ProposalAnswer(Schema):
    id = fields.Integer(required=True)
    text = fields.String(required=True)
    author = fields.String(required=True, allow_none=True)
    age = AgeBand()
    language = fields.String(required=True)


class SimilarAnswer(Schema):
    proposals = Cards(fields.Nested(ProposalAnswer), required=True)
    # For voting on any of them.
    ticket = fields.String(required=True)


PROPOSED_ANSWER = ProposedAnswer()
SIMILAR_ANSWER = SimilarAnswer()
