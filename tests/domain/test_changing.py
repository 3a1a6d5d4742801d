"""What may be changed in a consultation, and until when."""

import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from server.consultations import changing
from server.consultations.answers import Answer
from server.consultations.changing import RULES, Until
from server.consultations.consultation import Consultation, Source
from server.consultations.errors import ChangeRefused
from server.consultations.kinds import Kind
from server.consultations.telling import told

PAGE = (Path(__file__).parents[2] / "docs/staff/changing.md").read_text()
DAY = timedelta(days=1)
OPENS = datetime(2027, 1, 10, 9, tzinfo=ZoneInfo("Europe/Paris"))
RMC = Source(2, "rmc", "RMC", "rmc-bfm", ("https://rmc.bfmtv.com",))
ASKED = Consultation(
    "c", "sommeil", "Comment mieux dormir ?", "fr", OPENS, OPENS + 30 * DAY, theme="Santé"
)
ASKED = replace(ASKED, sources=(*ASKED.sources, RMC))
BEFORE, DURING, AFTER = OPENS - DAY, OPENS + DAY, OPENS + 31 * DAY


def refused(now: datetime, **new: object) -> list[tuple[str, str]]:
    try:
        changing.demand_allowed(ASKED, replace(ASKED, **new), now)  # type: ignore[arg-type]
    except ChangeRefused as refusal:
        return [(one["field"], one["code"]) for one in refusal.extra["errors"]]
    return []


def test_every_field_has_its_rule_and_the_page_says_the_same() -> None:
    assert set(RULES) == {field.name for field in fields(Consultation)} | {"timezone"}
    said = dict(re.findall(r"^\| `([\w-]+)` \| (?:until the )?(\w+) \|$", PAGE, re.MULTILINE))
    assert said == {changing.field_of(n): str(u) for n, u in RULES.items() if n != "id"}


@pytest.mark.parametrize(
    ("new", "before", "during", "after"),
    [
        ({"slug": "autre"}, "never", "never", "never"),
        ({"question": "Comment dormir ?"}, None, "opening", "opening"),
        ({"closes": OPENS + 60 * DAY}, None, None, "close"),
        ({"results": "always"}, None, None, "close"),
        ({"theme": "Repos"}, None, None, None),
        ({"retention": 120}, None, "longer", "close"),
        ({"retention": 10}, None, None, "close"),
        ({"sources": (ASKED.sources[0],)}, None, "opening", "opening"),
        ({"sources": (*ASKED.sources, replace(RMC, number=3, name="x"))}, None, None, None),
        ({"sources": (ASKED.sources[0], replace(RMC, publisher="x"))}, None, "opening", "opening"),
        ({"sources": (ASKED.sources[0], replace(RMC, title="R", blocked=True))}, None, None, None),
    ],
)
def test_each_thing_may_be_changed_until_its_time(
    new: dict[str, object], before: str | None, during: str | None, after: str | None
) -> None:
    (name,) = new
    for now, code in ((BEFORE, before), (DURING, during), (AFTER, after)):
        assert refused(now, **new) == ([(name, code)] if code else [])


def test_a_date_that_is_moved_lies_ahead() -> None:
    assert refused(BEFORE, opens=BEFORE - DAY) == [("opens", "past")]
    assert refused(DURING, closes=DURING) == [("closes", "past")]
    assert refused(DURING, proposals_until=BEFORE) == [("proposals-until", "past")]
    assert refused(DURING, proposals_until=None, closes=DURING + DAY) == []


def test_what_has_answers_stays_a_citizens_question() -> None:
    """Nothing shows or exports answers of anything else."""
    question = replace(ASKED, kind=Kind.CITIZENS_QUESTION)
    answered = replace(question, answers=(Answer(1, "X", date(2027, 4, 2), "Oui"),))
    changing.demand_allowed(question, ASKED, BEFORE)
    with pytest.raises(ChangeRefused) as refused:
        changing.demand_allowed(answered, replace(answered, kind=Kind.CONSULTATION), BEFORE)
    assert [(one["field"], one["code"]) for one in refused.value.extra["errors"]] == [
        ("kind", "answered")
    ]


def test_another_zone_is_a_change_though_the_instants_are_the_same() -> None:
    utc = {"opens": OPENS.astimezone(UTC), "closes": ASKED.closes.astimezone(UTC)}
    assert refused(BEFORE, **utc) == []
    assert refused(DURING, **utc) == [("timezone", "opening")]


def test_a_change_has_to_be_done_before_the_first_of_its_ends() -> None:
    moved = replace(ASKED, closes=OPENS + 60 * DAY)
    assert changing.deadline(ASKED, moved) == ASKED.closes
    assert changing.deadline(ASKED, replace(moved, question="Autre ?")) == ASKED.opens
    assert changing.deadline(ASKED, replace(ASKED, theme="Repos")) is None


def test_the_trail_is_told_what_it_was_and_what_it_is() -> None:
    new = replace(
        ASKED,
        closes=ASKED.closes + DAY,
        theme=None,
        sources=(*ASKED.sources, Source(3, "bfm", "BFM", "rmc-bfm", ("https://bfm.fr",))),
    )
    assert told(ASKED, new) == [
        "closes: 2027-02-09 09:00 → 2027-02-10 09:00",
        "sources: – → 3 bfm BFM rmc-bfm https://bfm.fr",
        "theme: Santé → –",
    ]
    assert {Until(one) for one in RULES.values()} == set(Until)
