"""The shape of a tallies document. What the numbers mean is the ledger's business."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from marshmallow import (
    EXCLUDE,
    Schema,
    ValidationError,
    fields,
    post_load,
    validate,
    validates_schema,
)

from server.central.acknowledged import Acknowledged
from server.central.receiver.standing import TalliesDocument
from server.central.receiver.votes import Votes

# Printable ASCII without spaces: the same bytes in every database, log and address.
VISIBLE = r"[\x21-\x7e]+\Z"
SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*\Z"
DEPLOYMENT = r"[a-z0-9][a-z0-9.-]*(?:~rehearsal)?\Z"
DIGEST = r"[0-9a-f]{64}\Z"
SCHEMA = "_schema"  # marshmallow's name for an error of the whole
LARGEST = 2**53 - 1  # what every JSON reader holds exactly
# Any other time is a mistake, and at the ends of the calendar one cannot be written in UTC.
AGE = validate.Range(datetime(2000, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC))
BOXES = 65_536  # a voter's place has 16 bits


def _text(pattern: str, longest: int, **options: Any) -> fields.String:
    rules = [validate.Length(min=1, max=longest), validate.Regexp(pattern)]
    return fields.String(**{"required": True, **options}, validate=rules)


def _number(least: int) -> fields.Integer:
    return fields.Integer(required=True, strict=True, validate=validate.Range(least, LARGEST))


class RowSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    proposal = _text(VISIBLE, 200)
    source = _text(VISIBLE, 100)
    votes = Votes(required=True)


class CountersSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    count = _number(0)
    countVerified = _number(0)
    countSequence = _number(0)


class TotalsSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    agree = fields.Nested(CountersSchema, required=True)
    disagree = fields.Nested(CountersSchema, required=True)
    neutral = fields.Nested(CountersSchema, required=True)


class TalliesSchema(Schema):
    """Loads to a `TalliesDocument`; `digest` is the SHA-256 (hex) of the body it came in.

    Keys we do not know are let be: a later version may add some.
    """

    def __init__(self, digest: str = "") -> None:
        super().__init__()
        self.digest = digest

    class Meta:
        unknown = EXCLUDE

    deployment = _text(DEPLOYMENT, 100)
    consultation = _text(SLUG, 100)
    epoch = _number(1)
    revisions = fields.List(_number(0), required=True, validate=validate.Length(1, BOXES))
    revision = _number(0)
    sequence = _number(1)
    previous = _text(DIGEST, 64, allow_none=True)
    fence = _number(1)
    as_of = fields.AwareDateTime(required=True, format="iso", data_key="asOf", validate=AGE)
    complete = fields.Boolean(required=True, truthy={True}, falsy={False})
    rows = fields.List(fields.Nested(RowSchema), required=True)
    totals = fields.Nested(TotalsSchema, allow_none=True, load_default=None)
    checksum = _text(DIGEST, 64, required=False, allow_none=True, load_default=None)

    @validates_schema
    def _agree_with_itself(self, data: Mapping[str, Any], **_: Any) -> None:
        if data["revision"] != sum(data["revisions"]):
            raise ValidationError("Not the sum of revisions.", "revision")
        for name in ("totals", "checksum"):
            if data["complete"] and data[name] is None:
                raise ValidationError("A complete document needs it.", name)
        places = [(row["proposal"], row["source"]) for row in data["rows"]]
        if len(set(places)) != len(places):
            raise ValidationError("Two rows for the same proposal and source.", "rows")

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> TalliesDocument:
        heading = Acknowledged(
            epoch=data["epoch"],
            revisions=tuple(data["revisions"]),
            sequence=data["sequence"],
            fence=data["fence"],
            digest=self.digest,
            as_of=data["as_of"].astimezone(UTC).isoformat(timespec="milliseconds"),
        )
        return TalliesDocument(
            deployment=data["deployment"],
            consultation=data["consultation"],
            heading=heading,
            previous=data["previous"],
            complete=data["complete"],
            rows={(row["proposal"], row["source"]): row["votes"] for row in data["rows"]},
        )


def faults(messages: Any, path: str = "") -> Iterator[dict[str, str]]:
    """Yield {field, message} for every error of a load, the field as `rows.3.votes.agree.count`."""
    if isinstance(messages, Mapping):
        for step, inner in messages.items():
            yield from faults(inner, path if step == SCHEMA else f"{path}.{step}".lstrip("."))
    else:
        for message in messages:
            yield {"field": path or "body", "message": str(message)}
