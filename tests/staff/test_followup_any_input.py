"""Whatever a form or a programme says of what came of a consultation, it is taken or refused."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from server.consultations.consultation import Consultation
from server.consultations.exporting import exported
from server.consultations.kinds import Kind
from server.store.store import Store
from server.web.problems import STATUS
from tests.staff.conftest import Colleague, Team
from tests.staff.test_api import ask, token

ODD = ["", "²", "-1", "9" * 400, "\x00", "a\r\nb", "é", "<b>", "null", "1", "24", "x" * 2000, "‮x"]
DAYS = ["2027-03-02", "2020-02-30", datetime.now(UTC).date().isoformat(), "hier"]
texts = st.sampled_from(ODD + DAYS) | st.text(max_size=20)
NAMES = (
    "on", "reason", "chosen", "reason-1", "other", "title", "partners", "proposals", "outcome",
    "link", "by", "proposal", "office", "text", "version",
)  # fmt: skip
forms = st.dictionaries(st.sampled_from(NAMES), texts, max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda some: st.lists(some, max_size=3),
    max_leaves=4,
)
bodies = st.dictionaries(st.sampled_from(NAMES), values, max_size=8)
ENDS = (
    "selection", "selection/1", "selection/1/remove", "workshops", "workshops/1",
    "workshops/1/remove", "endorsements", "endorsements/0123456789ab/remove", "answers", "answers/1",
)  # fmt: skip
ends = st.sampled_from(ENDS)
KEPT = examples(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def closed(store: Store, opened: Consultation) -> Consultation:
    ended = datetime.now(UTC) - timedelta(minutes=5)
    asked = replace(opened, kind=Kind.CITIZENS_QUESTION, closes=ended)
    store.consultations.replace(asked)
    return asked


@pytest.fixture
def secret(store: Store) -> str:
    return token(store)


def is_sound(store: Store, asked: Consultation) -> bool:
    """Whether what is kept could be taken in again from its file."""
    found = store.consultations.by_slug(asked.slug)
    return bool(exported(store.filing.shown(found)))


@given(ends, forms)
@KEPT
def test_any_form_is_taken_or_comes_back(
    admin: Colleague, store: Store, closed: Consultation, end: str, form: dict[str, str]
) -> None:
    at = f"/staff/consultations/{closed.slug}"
    if not admin.form:
        admin.get(at)
    assert admin.post(f"{at}/{end}", **form).status_code < 500
    assert is_sound(store, closed)


@given(st.sampled_from(["GET", "POST", "PUT", "DELETE"]), ends, bodies)
@KEPT
def test_any_body_is_taken_or_refused_with_a_code(
    team: Team,
    store: Store,
    closed: Consultation,
    secret: str,
    method: str,
    end: str,
    body: dict[str, object],
) -> None:
    answer = ask(team, f"/consultations/{closed.slug}/{end}", secret, method, json=body)
    assert answer.status_code < 500
    assert answer.status_code == 200 or answer.get_json()["code"] in STATUS
    assert is_sound(store, closed)
