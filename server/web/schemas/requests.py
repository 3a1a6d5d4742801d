"""Shapes of what readers send."""

from marshmallow import Schema, fields, validate

from server.web.field_kinds import NUMBER_LIMIT, Nuances, Number, Token, TrustName, VoteName
from server.web.glance import AtAGlance


class CredentialRequest(Schema):
    source = fields.String(required=True, validate=validate.Length(min=1, max=64))
    consultation = fields.String(required=True, validate=validate.Length(min=1, max=64))


class WithdrawRequest(AtAGlance):
    credential = Token()
    ticket = Token()
    number = Number()


class ForgetRequest(Schema):
    credential = Token()
    # Without a body credential it says whose cookie counts.
    source = fields.String(validate=validate.Length(min=1, max=64))
    number = Number()


class BallotRequest(WithdrawRequest):
    vote = VoteName()
    qualifications = Nuances()
    # Only with a staff token of scope `replay`, and only in a rehearsal.
    trust = TrustName()


class ProposalRequest(Schema):
    credential = Token()
    ticket = Token()
    # As the booth draws it for each wish; a repeat with the same one is the same proposal.
    number = fields.Integer(
        required=True, strict=True, validate=validate.Range(min=0, max=NUMBER_LIMIT)
    )
    # Generous: the rules of wording say what is wrong, and how long it may be.
    text = fields.String(required=True, validate=validate.Length(max=1000))
    name = fields.String(allow_none=True, validate=validate.Length(max=200))
    # The words of a band, `0-14` of a child: the rules of wording say which there are.
    age = fields.String(allow_none=True, validate=validate.Length(max=10))


class SimilarRequest(Schema):
    credential = Token()
    ticket = Token()
    text = fields.String(required=True, validate=validate.Length(max=1000))


BALLOT_REQUEST = BallotRequest()
CREDENTIAL_REQUEST = CredentialRequest()
FORGET_REQUEST = ForgetRequest()
PROPOSAL_REQUEST = ProposalRequest()
SIMILAR_REQUEST = SimilarRequest()
WITHDRAW_REQUEST = WithdrawRequest()
