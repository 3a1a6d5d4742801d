"""A schema that knows good bodies at a glance says what the library's whole way says."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError

from server.consultations.ballots import Trust, Vote
from server.web.field_kinds import MANY, NUANCES, NUMBER_LIMIT, TOKEN_LENGTH, TRUSTS
from server.web.glance import AtAGlance
from server.web.schemas.requests import BALLOT_REQUEST, WITHDRAW_REQUEST

GOOD: dict[str, Any] = {
    "vote": "agree",
    "qualifications": ["likeIt"],
    "credential": "c",
    "ticket": "t",
    "number": 1,
    "trust": "sequence",
}
WORDS = st.sampled_from([*NUANCES, *Vote, *TRUSTS, "", "Agree", "likeit"])
EDGES = st.sampled_from(["x" * TOKEN_LENGTH, "x" * (TOKEN_LENGTH + 1), NUMBER_LIMIT, -1])
SCALARS = WORDS | EDGES | st.none() | st.booleans() | st.integers() | st.floats() | st.text()
SENT = SCALARS | st.lists(WORDS, max_size=MANY + 1) | st.lists(SCALARS | st.just({}), max_size=2)
NAMES = st.sampled_from([*GOOD, "stranger"])


def outcome(way: Any, body: Any) -> Any:
    """Return what a body loads as, or the library's complaints about it."""
    try:
        return way(body)
    except ValidationError as error:
        return error.messages


def whole_way(schema: AtAGlance) -> Any:
    return lambda body: Schema.load(schema, body)


@pytest.mark.parametrize(
    "schema", [BALLOT_REQUEST, WITHDRAW_REQUEST], ids=lambda schema: type(schema).__name__
)
@given(
    changed=st.dictionaries(NAMES, SENT, max_size=2),
    left_out=st.sets(NAMES, max_size=3),
    body=st.none() | SENT,
)
def test_a_glance_never_says_anything_else(
    schema: AtAGlance, changed: dict[str, Any], left_out: set[str], body: Any
) -> None:
    """It is only quicker: no body passes by it that would not, and none is read otherwise."""
    sent = {name: value for name, value in {**GOOD, **changed}.items() if name not in left_out}
    for this in (sent, {name: sent[name] for name in sent if name in schema.load_fields}, body):
        assert outcome(schema.load, this) == outcome(whole_way(schema), this)


def test_what_the_booth_sends_is_known_at_a_glance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Schema, "load", None)
    booths = {name: value for name, value in GOOD.items() if name != "trust"}
    loaded = BALLOT_REQUEST.load(booths)
    assert loaded == {**booths, "vote": Vote.AGREE}
    assert BALLOT_REQUEST.load(GOOD)["trust"] is Trust.SEQUENCE
