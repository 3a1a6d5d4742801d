"""Kinds of fields: those that nearly every vote carries, and parts that are ready as they are."""

from typing import Any

from marshmallow import ValidationError, fields, missing, validate

from server.consultations.ages import Band, band_of
from server.consultations.ballots import QUALIFICATIONS, Trust, Vote
from server.consultations.consultation import Proposal
from server.web.tokens import TOKEN_LENGTH

NUMBER_LIMIT = 2**53 - 1  # the greatest whole number that browsers count exactly
MANY = 3  # nuances of one vote
VOTES = {vote.value: vote for vote in Vote}
TRUSTS = {trust.name.lower(): trust for trust in Trust}
CARD = ("id", "text", "author", "age", "language")
NUANCES = [name for names in QUALIFICATIONS.values() for name in names]


class Glanced(fields.Field[Any]):
    """A field that knows its good values at a glance."""

    def glance(self, value: Any) -> Any:
        """Return what `value` loads as, or `missing` where only the whole way can tell."""
        raise NotImplementedError


class Token(Glanced, fields.String):
    def __init__(self) -> None:
        super().__init__(validate=validate.Length(min=1, max=TOKEN_LENGTH))

    def glance(self, value: Any) -> Any:
        return value if type(value) is str and 0 < len(value) <= TOKEN_LENGTH else missing


class Number(Glanced, fields.Integer):
    def __init__(self) -> None:
        super().__init__(strict=True, validate=validate.Range(min=0, max=NUMBER_LIMIT))

    def glance(self, value: Any) -> Any:
        return value if type(value) is int and 0 <= value <= NUMBER_LIMIT else missing


class VoteName(Glanced, fields.Enum[Vote]):
    def __init__(self) -> None:
        super().__init__(Vote, by_value=True, required=True)

    def glance(self, value: Any) -> Any:
        return VOTES.get(value, missing) if type(value) is str else missing


class Nuances(Glanced, fields.List[str]):
    """Names of nuances; whether they go with the vote is the domain's to say."""

    def __init__(self) -> None:
        name = fields.String(validate=validate.OneOf(NUANCES))
        super().__init__(name, validate=validate.Length(max=MANY), load_default=list)

    def glance(self, value: Any) -> Any:
        short = type(value) is list and len(value) <= MANY
        return value if short and all(name in NUANCES for name in value) else missing


class TrustName(Glanced, fields.String):
    """A level of trust by its name in small letters; loads a `Trust`."""

    def __init__(self) -> None:
        super().__init__(metadata={"enum": [*TRUSTS]})

    def glance(self, value: Any) -> Any:
        return TRUSTS.get(value, missing) if type(value) is str else missing

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        name = super()._deserialize(value, attr, data, **kwargs)  # which refuses what is no text
        if name not in TRUSTS:
            raise ValidationError(f"Must be one of: {', '.join(TRUSTS)}.")
        return TRUSTS[name]


class AgeBand(fields.String):
    """What is shown of an age, exact or not."""

    def __init__(self) -> None:
        super().__init__(required=True, allow_none=True, metadata={"enum": [*Band, None]})

    def _serialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return band_of(value)


class AsItIs(fields.Field[Any]):
    """A part that is built in the wire's shape: described here, and passed on as it is.

    To dump the fourteen small parts of a result one by one takes longer than to count the vote.
    """

    def serialize(self, attr: str, obj: Any, *_: Any, **__: Any) -> Any:
        return obj.get(attr, missing)

    def _serialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return value


class Ready(AsItIs, fields.Nested):  # type: ignore[misc]  # who adds what, both say the same
    pass


class ReadyText(AsItIs, fields.String):
    pass


class Cards(fields.List[Proposal]):
    """Proposals as they stand on cards."""

    def _serialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return [_card(proposal) for proposal in value]


def _card(proposal: Proposal) -> dict[str, Any]:
    """Return what readers are shown of a proposal: of an exact age no more than its band."""
    return {name: getattr(proposal, name) for name in CARD} | {"age": proposal.band}
