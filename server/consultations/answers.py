"""Answers: what those who were asked have answered to a question of the public."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

ANSWER_LENGTH = 1000  # characters
MOST_ANSWERS = 100


@dataclass(frozen=True)
class Answer:
    """The answer to one proposal. `by` is who answered, in words; `link` an https address."""

    proposal: int
    by: str
    on: date
    text: str
    link: str | None = None


def with_answer(answers: Sequence[Answer], new: Answer) -> tuple[Answer, ...]:
    """Return the answers with `new` in the place of an earlier one to the same proposal."""
    others = [one for one in answers if one.proposal != new.proposal]
    return tuple(sorted([*others, new], key=lambda one: one.proposal))


def by_proposal(answers: Iterable[Answer]) -> dict[int, Answer]:
    return {one.proposal: one for one in answers}
