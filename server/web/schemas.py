"""Shapes of what comes in and goes out. Meaning is the domain's, atomic truth is the store's."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from server.consultations.ballots import QUALIFICATIONS, Trust, Vote

TOKEN_LENGTH = 4096  # characters; our own tokens are under 400
NUMBER_LIMIT = 2**53 - 1  # the greatest whole number that browsers count exactly
TRUSTS = {trust.name.lower(): trust for trust in Trust}
NUANCES = [name for names in QUALIFICATIONS.values() for name in names]

Token = fields.String(validate=validate.Length(min=1, max=TOKEN_LENGTH))
Number = fields.Integer(strict=True, validate=validate.Range(min=0, max=NUMBER_LIMIT))


class TrustName(fields.String):
    """A level of trust by its name in small letters; loads a `Trust`."""

    def __init__(self) -> None:
        super().__init__(metadata={"enum": [*TRUSTS]})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        name = super()._deserialize(value, attr, data, **kwargs)
        if name not in TRUSTS:
            raise ValidationError(f"Must be one of: {', '.join(TRUSTS)}.")
        return TRUSTS[name]


class CredentialRequest(Schema):
    source = fields.String(required=True, validate=validate.Length(min=1, max=64))
    consultation = fields.String(required=True, validate=validate.Length(min=1, max=64))


class CredentialAnswer(Schema):
    credential = fields.String(required=True)


class WithdrawRequest(Schema):
    credential = Token
    ticket = Token
    number = Number


class BallotRequest(WithdrawRequest):
    vote = fields.Enum(Vote, by_value=True, required=True)
    qualifications = fields.List(
        fields.String(validate=validate.OneOf(NUANCES)),
        validate=validate.Length(max=3),
        load_default=list,
    )
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
    proposals = fields.List(fields.Nested(ProposalAnswer), required=True)


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
    ballot = fields.Nested(BallotShape, required=True, allow_none=True)
    credential = fields.String(required=True)
    results = fields.Nested(ResultsAnswer, allow_none=True)
    deck = fields.Nested(DeckAnswer, allow_none=True)
    progress = fields.Nested(Progress, required=True)
    durability = fields.String(required=True)


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
    proposals = fields.List(fields.Nested(ResultsAnswer), required=True)


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
DECK_ANSWER = DeckAnswer()
PERSONAL_DECK_ANSWER = PersonalDeckAnswer()
PUBLIC_RESULTS_ANSWER = PublicResultsAnswer()
WITHDRAW_REQUEST = WithdrawRequest()
