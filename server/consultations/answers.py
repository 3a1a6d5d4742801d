"""Answers: what those who were asked have answered to a question of the public."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from server.consultations.errors import AnswerRefused, AnswerUnknown

ANSWER_LENGTH = 1000  # characters
MOST_ANSWERS = 100
MOST_FORMER = 20  # texts of one answer that stood there before


@dataclass(frozen=True)
class Answer:
    """The answer to one proposal. `by` is who answered, in words; `link` an https address.

    `office` is what they answer as («ministre de la Santé»). `former` is what stood there before a
    correction, the oldest first; readers see that and when.
    """

    proposal: int
    by: str
    on: date
    text: str
    link: str | None = None
    office: str | None = None
    former: tuple["Former", ...] = ()


@dataclass(frozen=True)
class Former:
    """The text of an answer until it was corrected, and the day on which that was done."""

    text: str
    until: date


def with_answer(answers: Sequence[Answer], new: Answer, today: date) -> tuple[Answer, ...]:
    """Return the answers with `new` in the place of an earlier one to the same proposal.

    If that said anything else, its text is kept as what stood there until today. Raises
    `AnswerRefused` where there are too many.
    """
    earlier = by_proposal(answers).get(new.proposal)
    others = [one for one in answers if one.proposal != new.proposal]
    if len(others) >= MOST_ANSWERS:
        raise AnswerRefused(f"At most {MOST_ANSWERS} answers.", field="proposal", reason="many")
    made = replace(new, former=_former(earlier, new, today) if earlier else ())
    return tuple(sorted([*others, made], key=lambda one: one.proposal))


def without(answers: Sequence[Answer], number: int) -> tuple[Answer, ...]:
    """Return them without the answer to that proposal; raise `AnswerUnknown` if there is none."""
    left = tuple(one for one in answers if one.proposal != number)
    if len(left) == len(answers):
        raise AnswerUnknown(f"No answer to proposal {number} (any more).")
    return left


def by_proposal(answers: Iterable[Answer]) -> dict[int, Answer]:
    return {one.proposal: one for one in answers}


def _former(earlier: Answer, new: Answer, today: date) -> tuple[Former, ...]:
    if earlier.text == new.text:
        return earlier.former
    if len(earlier.former) >= MOST_FORMER:
        message = (
            f"It was corrected {MOST_FORMER} times: what stood there is kept, and no more fits."
        )
        raise AnswerRefused(message, field="text", reason="corrected")
    return (*earlier.former, Former(earlier.text, today))
