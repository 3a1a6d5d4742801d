"""Fields that know their good values at a glance say what the library's whole way says."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from server.consultations.ballots import Vote
from server.web.field_kinds import (
    MANY,
    NUANCES,
    NUMBER_LIMIT,
    TOKEN_LENGTH,
    AtAGlance,
    Nuances,
    Number,
    Token,
    VoteName,
)

WORDS = st.sampled_from([*NUANCES, *Vote, "", "Agree", "likeit"])
EDGES = st.sampled_from(["x" * TOKEN_LENGTH, "x" * (TOKEN_LENGTH + 1), NUMBER_LIMIT, -1])
SCALARS = WORDS | EDGES | st.none() | st.booleans() | st.integers() | st.floats() | st.text()
SENT = SCALARS | st.lists(WORDS, max_size=MANY + 1) | st.lists(SCALARS | st.just({}), max_size=2)


def outcome(way: Any, value: Any) -> Any:
    """Return what a value loads as, or the library's complaints about it."""
    try:
        return way(value)
    except ValidationError as error:
        return error.messages


@pytest.mark.parametrize(
    "field", [Token(), Number(), VoteName(), Nuances()], ids=lambda field: type(field).__name__
)
@given(value=SENT)
def test_a_glance_never_says_anything_else(field: AtAGlance, value: Any) -> None:
    """It is only quicker: no value passes by it that would not, and none is read otherwise."""

    def whole_way(value: Any) -> Any:
        return super(AtAGlance, field).deserialize(value)

    found = outcome(field.deserialize, value)
    assert found == outcome(whole_way, value)
