"""Shapes of a consultation and of what came of it."""

from marshmallow import Schema, fields

from server.consultations.actions import ActionState
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


class FormerAnswer(Schema):
    text = fields.String(required=True)
    # The day on which it was corrected.
    until = fields.Date(required=True)


class ReplyAnswer(Schema):
    proposal = fields.Nested(ProposalAnswer, required=True)
    by = fields.String(required=True)
    # What they answer as.
    office = fields.String(required=True, allow_none=True)
    on = fields.Date(required=True)
    text = fields.String(required=True)
    link = fields.Url(required=True, allow_none=True)
    # What stood there before corrections, the oldest first.
    former = fields.List(fields.Nested(FormerAnswer), required=True)


class SelectedAnswer(Schema):
    proposal = fields.Nested(ProposalAnswer, required=True)
    # In a citizens' question, the day on which it is put.
    on = fields.Date(required=True)
    reason = fields.String(required=True, allow_none=True)
    # Days since it was put, while nobody has answered; of a proposal, or before it is put, null.
    waited = fields.Integer(required=True, allow_none=True)
    results = Ready(ResultsAnswer, required=True)


class WorkshopAnswer(Schema):
    id = fields.Integer(required=True)
    title = fields.String(required=True)
    on = fields.Date(required=True)
    partners = fields.List(fields.String(), required=True)
    # Their numbers.
    proposals = fields.List(fields.Integer(), required=True)
    outcome = fields.String(required=True, allow_none=True)
    link = fields.Url(required=True, allow_none=True)


class TargetAnswer(Schema):
    # Decimals as text, so that not a digit is lost.
    amount = fields.String(required=True)
    unit = fields.String(required=True)
    by = fields.Date(required=True)


class NewsAnswer(Schema):
    on = fields.Date(required=True)
    text = fields.String(required=True)
    # How far it had come in all, in the target's unit.
    amount = fields.String(required=True, allow_none=True)
    source = fields.Url(required=True, allow_none=True)


class ActionAnswer(Schema):
    id = fields.Integer(required=True)
    title = fields.String(required=True)
    partner = fields.String(required=True)
    promise = fields.String(required=True)
    on = fields.Date(required=True)
    state = fields.Enum(ActionState, by_value=True, required=True)
    target = fields.Nested(TargetAnswer, required=True, allow_none=True)
    proposals = fields.List(fields.Integer(), required=True)
    # How far it has come, by the last news that say so.
    amount = fields.String(required=True, allow_none=True)
    # Whether the day of the target is past, and it is neither reached nor given up.
    overdue = fields.Boolean(required=True)
    # The day of the last news, or of the commitment.
    lastNews = fields.Date(required=True)
    # The same day, once nothing has been heard for six months of what is not over.
    silentSince = fields.Date(required=True, allow_none=True)
    news = fields.List(fields.Nested(NewsAnswer), required=True)


class EndorsementAnswer(Schema):
    by = fields.String(required=True)
    on = fields.Date(required=True)
    # The number of what it backs; none: the whole consultation.
    proposal = fields.Integer(required=True, allow_none=True)
    link = fields.Url(required=True, allow_none=True)


class OutcomeAnswer(Schema):
    asOf = fields.Integer(required=True)
    revision = fields.Integer(required=True)
    participants = fields.Integer(required=True)
    proposals = fields.List(fields.Nested(SupportedAnswer), required=True)
    # In a citizens' question: what was answered, also beyond the best supported.
    answers = fields.List(fields.Nested(ReplyAnswer), required=True)
    # What came after: in a citizens' question, the selected ones are those that were put.
    selected = fields.List(fields.Nested(SelectedAnswer), required=True)
    workshops = fields.List(fields.Nested(WorkshopAnswer), required=True)
    actions = fields.List(fields.Nested(ActionAnswer), required=True)
    # No votes, and part of no result. Those of proposals are told after the close.
    endorsements = fields.List(fields.Nested(EndorsementAnswer), required=True)


CONSULTATION_ANSWER = ConsultationAnswer()
OUTCOME_ANSWER = OutcomeAnswer()
PUBLIC_RESULTS_ANSWER = PublicResultsAnswer()
