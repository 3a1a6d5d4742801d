"""Shapes of what the staff API takes and answers about running a consultation.

What stands in `definition` and `changes` are the keys of a consultation file, which has one reader
and one set of rules: docs/staff/importing.md lists them.
"""

from marshmallow import Schema, fields, validate

from server.consultations.phases import STATED, Phase

STATES = [Phase.OPEN, Phase.VOTE_ONLY, Phase.CLOSED, *STATED]


class StaffNewConsultation(Schema):
    definition = fields.Dict(keys=fields.String(), required=True)
    # Check it and keep nothing.
    dryRun = fields.Boolean(load_default=False)


class StaffChange(Schema):
    changes = fields.Dict(keys=fields.String(), required=True)
    # Of the definition that was read; without it, what is there by now is changed.
    version = fields.String(load_default=None, allow_none=True)
    # Said where the vote would open or close within the hour.
    final = fields.Boolean(load_default=False)


class StaffPhase(Schema):
    phase = fields.String(required=True, validate=validate.OneOf([*map(str, STATES)]))
    # Said with what cannot be taken back: `open`, `closed`, `workshops`, `actions`, `done`.
    final = fields.Boolean(load_default=False)


class StaffRehearsal(Schema):
    slug = fields.String(required=True)
    # By the clock of the consultation: now, and for as long, if they are not said.
    opens = fields.String(load_default=None, allow_none=True)
    closes = fields.String(load_default=None, allow_none=True)


class StaffDefinition(Schema):
    slug = fields.String(required=True)
    phase = fields.String(required=True)
    # None of what was only checked.
    version = fields.String(required=True, allow_none=True)
    definition = fields.Dict(keys=fields.String(), required=True)
    # Which of its keys may still be changed.
    changeable = fields.List(fields.String(), required=True)
