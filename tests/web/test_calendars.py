"""The calendar file: the close, for a reader's own calendar, whichever program reads it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from icalendar import Calendar

from server.consultations.consultation import Consultation
from server.store.store import Store
from server.web.service import NAME
from tests.conftest import ORIGIN
from tests.web.conftest import Reader, code

PATH = "/c/reinventer-le-travail/calendar.ics"


def events(reader: Reader, query: str = "") -> list[dict[str, str]]:
    """Return the file's events as another program reads them."""
    answer = reader.client.get(PATH + query)
    assert answer.mimetype == "text/calendar", answer.get_data(as_text=True)
    calendar = Calendar.from_ical(answer.get_data())
    return [
        {name: str(event.get(name)) for name in ("uid", "summary", "url", "description")}
        | {"at": event.decoded("dtstart").isoformat()}
        for event in calendar.events
    ]


def change(app: Flask, store: Store, opened: Consultation, **fields: object) -> Consultation:
    changed = replace(opened, **fields)  # type: ignore[arg-type]
    store.consultations.replace(changed)
    app.extensions[NAME].directory.forget()
    return changed


def test_the_close_is_in_it_to_the_second(reader: Reader, opened: Consultation) -> None:
    (close,) = events(reader)
    page = f"{ORIGIN}/c/reinventer-le-travail"
    assert close == {
        "uid": "closes-reinventer-le-travail@localhost",
        "summary": "Fin du vote\u202f: Comment réinventer le travail ?",
        "url": page,
        "description": page,
        "at": opened.closes.astimezone(UTC).replace(microsecond=0).isoformat(),
    }


def test_it_leads_back_to_the_source_and_speaks_the_language_asked_for(reader: Reader) -> None:
    (close,) = events(reader, "?source=rmc&lang=en")
    assert close["url"] == f"{ORIGIN}/c/reinventer-le-travail?source=rmc"
    assert close["summary"] == "Voting closes: Comment réinventer le travail ?"
    assert reader.client.get(f"{PATH}?lang=en").headers["Content-Language"] == "en"


def test_an_opening_still_to_come_is_in_it_too(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    soon = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    change(app, store, opened, opens=soon)
    first, second = events(reader)
    assert (first["uid"], first["at"]) == (
        "opens-reinventer-le-travail@localhost",
        soon.isoformat(),
    )
    assert second["uid"] == "closes-reinventer-le-travail@localhost"


def test_another_close_moves_the_entry_that_a_reader_has(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    before = events(reader)
    change(app, store, opened, closes=opened.closes + timedelta(days=7))
    after = events(reader)
    assert [e["uid"] for e in before] == [e["uid"] for e in after]
    assert before[0]["at"] < after[0]["at"]


def test_a_question_cannot_write_lines_of_its_own(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    """Commas, semicolons and backslashes are escaped, and long lines folded."""
    odd = "Que faire ; vite, et \\n bien ? " + "é" * 120
    change(app, store, opened, question=odd)
    (close,) = events(reader)
    assert close["summary"] == f"Fin du vote\u202f: {odd}"
    assert all(len(line) <= 75 for line in reader.client.get(PATH).data.split(b"\r\n"))


def test_it_can_be_kept_in_a_cache_for_everybody(reader: Reader) -> None:
    answer = reader.client.get(PATH)
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert "filename=reinventer-le-travail.ics" in answer.headers["Content-Disposition"]
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/c/jamais-vu/calendar.ics", (404, "consultation-unknown")),
        (f"{PATH}?source=tf9", (422, "source-unknown")),
    ],
)
def test_what_is_not_there_is_a_problem(
    reader: Reader, path: str, expected: tuple[int, str]
) -> None:
    assert code(reader.client.get(path)) == expected
