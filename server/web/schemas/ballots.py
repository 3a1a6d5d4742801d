"""Shapes of decks, ballots and their results."""

from marshmallow import Schema, fields

from server.consultations.ballots import Vote
from server.web.field_kinds import Cards, Ready, ReadyText
from server.web.schemas.proposals import ProposalAnswer, SubmissionAnswer


class CredentialAnswer(Schema):
    credential = fields.String(required=True)


class ForgetAnswer(Schema):
    withdrawn = fields.Integer(required=True)
    # True after the close: the ballots stay counted, and nothing leads to them any more.
    counted = fields.Boolean(required=True)
    durability = fields.String(required=True)


class DeckAnswer(Schema):
    ticket = fields.String(required=True)
    proposals = Cards(fields.Nested(ProposalAnswer), required=True)


class BallotShape(Schema):
    vote = fields.Enum(Vote, by_value=True, required=True)
    qualifications = fields.List(fields.String(), required=True)


class HeldBallot(BallotShape):
    proposal = fields.Nested(ProposalAnswer, required=True)


class RecordAnswer(Schema):
    voted = fields.Integer(required=True)
    of = fields.Integer(required=True)
    ballots = fields.List(fields.Nested(HeldBallot), required=True)
    proposals = fields.List(fields.Nested(SubmissionAnswer), required=True)
    # Ballots on proposals that are no longer shown.
    withheld = fields.Integer(required=True)
    # For changing any of the ballots; none for a stranger, in a sandboxed frame, after the close.
    ticket = fields.String(required=True, allow_none=True)


class NuanceResult(Schema):
    count = fields.Integer(required=True)
    share = fields.Integer(required=True, allow_none=True)


class VoteResult(NuanceResult):
    qualifications = fields.Dict(
        keys=fields.String(), values=fields.Nested(NuanceResult), required=True
    )


class ByLinkResult(Schema):
    total = fields.Integer(required=True)
    votes = fields.Dict(keys=fields.String(), values=fields.Nested(VoteResult), required=True)


class ResultsAnswer(Schema):
    proposal = fields.Integer(required=True)
    total = fields.Integer(required=True)
    early = fields.Boolean(required=True)
    votes = fields.Dict(keys=fields.String(), values=fields.Nested(VoteResult), required=True)
    # Votes by a link, where they are more than those asked for, which alone stand above.
    byLink = fields.Nested(ByLinkResult, required=True, allow_none=True)


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


BALLOT_ANSWER = BallotAnswer()
CREDENTIAL_ANSWER = CredentialAnswer()
DECK_ANSWER = DeckAnswer()
FORGET_ANSWER = ForgetAnswer()
PERSONAL_DECK_ANSWER = PersonalDeckAnswer()
RECORD_ANSWER = RecordAnswer()
