"""Shapes of what comes in and goes out. Meaning is the domain's, atomic truth is the store's."""

from marshmallow import Schema, fields, validate

from server.consultations.ballots import Vote
from server.web.field_kinds import (
    Cards,
    Nuances,
    Number,
    Ready,
    ReadyText,
    Token,
    TrustName,
    VoteName,
)


class CredentialRequest(Schema):
    source = fields.String(required=True, validate=validate.Length(min=1, max=64))
    consultation = fields.String(required=True, validate=validate.Length(min=1, max=64))


class CredentialAnswer(Schema):
    credential = fields.String(required=True)


class WithdrawRequest(Schema):
    credential = Token()
    ticket = Token()
    number = Number()


class ForgetRequest(Schema):
    credential = Token()
    # Without a body credential it says whose cookie counts.
    source = fields.String(validate=validate.Length(min=1, max=64))
    number = Number()


class ForgetAnswer(Schema):
    withdrawn = fields.Integer(required=True)
    # True after the close: the ballots stay counted, and nothing leads to them any more.
    counted = fields.Boolean(required=True)
    durability = fields.String(required=True)


class BallotRequest(WithdrawRequest):
    vote = VoteName()
    qualifications = Nuances()
    # Only with a staff token of scope `replay`, and only in a rehearsal.
    trust = TrustName()


class ProposalAnswer(Schema):
    id = fields.Integer(required=True)
    text = fields.String(required=True)
    author = fields.String(required=True, allow_none=True)
    age = fields.Integer(required=True, allow_none=True)
    language = fields.String(required=True)


class DeckAnswer(Schema):
    ticket = fields.String(required=True)
    proposals = Cards(fields.Nested(ProposalAnswer), required=True)


class BallotShape(Schema):
    vote = fields.Enum(Vote, by_value=True, required=True)
    qualifications = fields.List(fields.String(), required=True)


class NuanceResult(Schema):
    count = fields.Integer(required=True)
    share = fields.Integer(required=True, allow_none=True)


class VoteResult(NuanceResult):
    qualifications = fields.Dict(
        keys=fields.String(), values=fields.Nested(NuanceResult), required=True
    )


class ResultsAnswer(Schema):
    proposal = fields.Integer(required=True)
    total = fields.Integer(required=True)
    early = fields.Boolean(required=True)
    votes = fields.Dict(keys=fields.String(), values=fields.Nested(VoteResult), required=True)


class Progress(Schema):
    voted = fields.Integer(required=True)
    of = fields.Integer(required=True)


class BallotAnswer(Schema):
    ballot = Ready(BallotShape, required=True, allow_none=True)
    credential = ReadyText(required=True)
    results = Ready(ResultsAnswer, allow_none=True)
    deck = fields.Nested(DeckAnswer, allow_none=True)
    progress = Ready(Progress, required=True)
    durability = ReadyText(required=True)


class PersonalDeckAnswer(DeckAnswer):
    progress = fields.Nested(Progress, required=True)


class SourceAnswer(Schema):
    name = fields.String(required=True)
    title = fields.String(required=True)


class ConsultationAnswer(Schema):
    slug = fields.String(required=True)
    question = fields.String(required=True)
    language = fields.String(required=True)
    opens = fields.AwareDateTime(required=True)
    closes = fields.AwareDateTime(required=True)
    results = fields.String(required=True)
    rehearsal = fields.Boolean(required=True)
    sources = fields.List(fields.Nested(SourceAnswer), required=True)


class PublicResultsAnswer(Schema):
    asOf = fields.Integer(required=True)
    revision = fields.Integer(required=True)
    proposals = fields.List(Ready(ResultsAnswer), required=True)


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


class ProblemAnswer(Schema):
    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True)
    field = fields.String()
    errors = fields.List(fields.Dict())


# Built once: marshmallow copies every field when a schema is made, which costs more than its use.
BALLOT_ANSWER = BallotAnswer()
BALLOT_REQUEST = BallotRequest()
CONSULTATION_ANSWER = ConsultationAnswer()
CREDENTIAL_ANSWER = CredentialAnswer()
CREDENTIAL_REQUEST = CredentialRequest()
KEYS_ANSWER = KeysAnswer()
DECK_ANSWER = DeckAnswer()
FORGET_ANSWER = ForgetAnswer()
FORGET_REQUEST = ForgetRequest()
PERSONAL_DECK_ANSWER = PersonalDeckAnswer()
PUBLIC_RESULTS_ANSWER = PublicResultsAnswer()
WITHDRAW_REQUEST = WithdrawRequest()
