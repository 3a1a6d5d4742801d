"""File answers: what an answer may be, and which question of the file it goes with."""

from collections.abc import Mapping
from typing import Any

from server.consultations import values
from server.consultations.answers import ANSWER_LENGTH, MOST_ANSWERS, Answer
from server.consultations.errors import WordingRefused
from server.consultations.file_checks import unique
from server.consultations.kinds import Kind
from server.consultations.records import Reading, Record, Wrong
from server.consultations.typography import printed

PARTS = {
    "by": values.line(120),
    "on": values.day,
    "text": values.line(ANSWER_LENGTH),
    "link": values.link,
}


def check_answers(reading: Reading, found: Record) -> None:
    answers: list[Record] = found.get("answers") or []
    if answers and found.get("kind") is not Kind.CITIZENS_QUESTION:
        message = f"go with `kind: {Kind.CITIZENS_QUESTION}` only."
        reading.fault(found.line_of("answers"), "answers", message)
    for answer in answers[MOST_ANSWERS:]:
        _fault(reading, answer, f"is one too many: at most {MOST_ANSWERS} answers.")
    unique(reading, answers, "proposal", lambda answer: answer.get("proposal"))
    known = {proposal.get("id") for proposal in found.get("proposals") or []}
    for answer in answers:
        if answer.get("proposal") and answer.get("proposal") not in known:
            _fault(reading, answer, "must be the `id` that is written out at a proposal here.")


def read_answer(proposal: int, given: Mapping[str, str | None], language: str) -> Answer:
    """Return an answer as it is written one by one; raise `WordingRefused` with every fault."""
    read: dict[str, Any] = {}
    faults = []
    for name, parse in PARTS.items():
        try:
            text = given[name]
            read[name] = None if text is None else parse(text)
        except Wrong as wrong:
            faults.append({"field": name, "code": "value-refused", "message": str(wrong)})
    if faults:
        raise WordingRefused(faults)
    by, text = (printed(read[name], language) for name in ("by", "text"))
    return Answer(proposal, by, read["on"], text, read["link"])


def _fault(reading: Reading, answer: Record, message: str) -> None:
    reading.fault(answer.line_of("proposal"), answer.field("proposal"), message)
