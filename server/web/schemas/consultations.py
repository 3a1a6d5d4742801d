"""Shapes of a consultation and of what came of it."""

from marshmallow import Schema, fields

from server.consultations.kinds import Kind
from server.consultations.partners import Role
from server.consultations.phases import Phase
from server.web.field_kinds import Ready
from server.web.schemas.ballots import ResultsAnswer
from server.web.schemas.proposals import ProposalAnswer


class SourceAnswer(Schema):
    name = fields.String(required=True)
    title = fields.String(required=True)


class PartnerAnswer(Schema):
    role = fields.Enum(Role, by_value=True, required=True)
    name = fields.String(required=True)
    link = fields.Url(required=True, allow_none=True)
    # The address of a WebP picture that never changes.
    logo = fields.Url(required=True, allow_none=True)


class ConsultationAnswer(Schema):
    slug = fields.String(required=True)
    question = fields.String(required=True)
    language = fields.String(required=True)
    kind = fields.Enum(Kind, by_value=True, required=True)
    # Names that several consultations may share: what they are about, and the great cause they serve.
    theme = fields.String(required=True, allow_none=True)
    cause = fields.String(required=True, allow_none=True)
    featured = fields.Boolean(required=True)
    opens = fields.AwareDateTime(required=True)
    # The end of proposing, if that comes before the close.
    proposalsUntil = fields.AwareDateTime(required=True, allow_none=True)
    closes = fields.AwareDateTime(required=True)
    phase = fields.Enum(Phase, by_value=True, required=True)
    results = fields.String(required=True)
    rehearsal = fields.Boolean(required=True)
    # Whether readers may propose, and what every proposal then begins with.
    proposing = fields.Boolean(required=True)
    prefix = fields.String(required=True, allow_none=True)
    afterwards = fields.String(required=True, allow_none=True)
    sources = fields.List(fields.Nested(SourceAnswer), required=True)
    partners = fields.List(fields.Nested(PartnerAnswer), required=True)


class PublicResultsAnswer(Schema):
    asOf = fields.Integer(required=True)
    revision = fields.Integer(required=True)
    proposals = fields.List(Ready(ResultsAnswer), required=True)


class SupportedAnswer(Schema):
    proposal = fields.Nested(ProposalAnswer, required=True)
    # The top score, and how far from it the true one may be (`consultations.scores`).
    score = fields.Float(required=True)
    confidence = fields.Float(required=True)
    results = Ready(ResultsAnswer, required=True)


class ReplyAnswer(Schema):
    proposal = fields.Nested(ProposalAnswer, required=True)
    by = fields.String(required=True)
    on = fields.Date(required=True)
    text = fields.String(required=True)
    link = fields.Url(required=True, allow_none=True)


class OutcomeAnswer(Schema):
    asOf = fields.Integer(required=True)
    revision = fields.Integer(required=True)
    participants = fields.Integer(required=True)
    proposals = fields.List(fields.Nested(SupportedAnswer), required=True)
    # In a citizens' question: what was answered, also beyond the best supported.
    answers = fields.List(fields.Nested(ReplyAnswer), required=True)


CONSULTATION_ANSWER = ConsultationAnswer()
OUTCOME_ANSWER = OutcomeAnswer()
PUBLIC_RESULTS_ANSWER = PublicResultsAnswer()
