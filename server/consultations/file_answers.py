"""File answers: what an answer may be, and which question of the file it goes with."""

from server.consultations import entries
from server.consultations.answers import MOST_ANSWERS, MOST_FORMER, Answer, Former
from server.consultations.entries import Given
from server.consultations.entry_parts import ANSWER
from server.consultations.file_checks import unique
from server.consultations.kinds import Kind
from server.consultations.records import Reading, Record


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
        if len(answer.get("former") or ()) > MOST_FORMER:
            message = f"must be at most {MOST_FORMER} texts."
            reading.fault(answer.line_of("former"), answer.field("former"), message)


def answer_of(found: Record) -> Answer:
    """Return the answer of a file."""
    former = tuple(Former(**one.values) for one in found.get("former") or ())
    return Answer(**{**found.values, "former": former})


def read_answer(proposal: int, given: Given, language: str) -> Answer:
    """Return an answer as it is written one by one; raise `WordingRefused` with every fault."""
    return Answer(proposal, **entries.read(ANSWER, given, language))


def _fault(reading: Reading, answer: Record, message: str) -> None:
    reading.fault(answer.line_of("proposal"), answer.field("proposal"), message)
