"""Whatever is sent, the answer is a documented problem or a page, and never our own fault."""

import json

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from server.consultations.consultation import Consultation
from server.store.store import Store
from server.web.problems import STATUS
from tests.conftest import ORIGIN
from tests.web.conftest import Reader

ODD = ["", "²", "٣", "-1", "9" * 400, "\x00", "\r\nX: y", "é", "😀", "%", "{0}", "<b>", "null"]
USUAL = ["agree", "withdraw", "likeIt", "noWay", "rmc", "bfm", "direct", "fr", "dark", "1", "999"]
words = st.sampled_from(ODD + USUAL) | st.text(max_size=12)
slugs = st.sampled_from(["reinventer-le-travail", "jamais-vu", "²", "a" * 300])
numbers = st.sampled_from(["1", "24", "0", "-1", "²", "9" * 400, "x"])
scalars = st.none() | st.booleans() | st.integers() | st.floats() | words
values = st.recursive(scalars, lambda v: st.lists(v, max_size=3) | st.dictionaries(words, v))
fields = st.sampled_from(
    [
        "vote",
        "qualifications",
        "credential",
        "ticket",
        "number",
        "trust",
        "source",
        "consultation",
        "proposal",
        "lang",
        "text",
        "name",
        "age",
    ]
)
bodies = st.dictionaries(fields | words, values, max_size=6)
forms = st.dictionaries(fields | words, words, max_size=6)
queries = st.dictionaries(
    st.sampled_from(
        ["source", "lang", "theme", "page", "after", "before", "pass", "url", "maxwidth"]
    ),
    words,
)
origins = st.sampled_from([ORIGIN, "null", "http://evil.example", ""])
methods = st.sampled_from(["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD"])


@st.composite
def paths(draw: st.DrawFn) -> str:
    slug, number = draw(slugs), draw(numbers)
    api = f"/api/v1/consultations/{slug}"
    ends = (
        [f"/{kind}/{slug}" for kind in "ec"]
        + [f"/c/{slug}/calendar.ics", f"/c/{slug}/feed.atom"]
        + [f"/e/{slug}/vote", f"/e/{slug}/next"]
    )
    ends += [
        api,
        f"{api}/deck",
        f"{api}/results",
        f"{api}/me",
        f"{api}/proposals",
        f"{api}/outcome",
        f"{api}/proposals/{number}/ballot",
    ]
    staff = ["", "/sign-in", "/language", "/members", f"/members/{number}", f"/tokens/{number}"]
    ends += [f"/staff{end}" for end in (*staff, "/acts", f"/consultations/{slug}")]
    ends += [f"/api/v1/staff{end}" for end in ("/overview", f"/consultations/{slug}", "/acts")]
    return draw(st.sampled_from([*ends, "/api/v1/credential", "/oembed", f"/assets/{slug}"]))


@pytest.mark.one_server  # what odd input does has nothing to do with who keeps the votes
@given(methods, paths(), queries, origins, bodies, forms, st.booleans(), st.booleans())
@examples(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_request_is_answered_by_a_fault_of_ours(
    app: Flask,
    opened: Consultation,
    method: str,
    path: str,
    query: dict[str, str],
    origin: str,
    body: dict[str, object],
    form: dict[str, str],
    as_json: bool,
    known: bool,
) -> None:
    reader = Reader(app.test_client())
    if known:
        body["credential"] = form["credential"] = reader.credential()
        form["ticket"] = body["ticket"] = reader.ticket()["ticket"]
    sent = {"json": body} if as_json else {"data": form}
    answer = reader.client.open(
        path, method=method, query_string=query, headers={"Origin": origin}, **sent
    )
    assert answer.status_code < 500
    if answer.mimetype == "application/problem+json" and method != "HEAD":
        assert json.loads(answer.data)["code"] in STATUS


@pytest.fixture(autouse=True)
def nothing_is_miscounted(store: Store, opened: Consultation) -> object:
    yield
    assert store.recount.compare(opened) == []
