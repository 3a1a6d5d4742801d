"""Answers: what those who were asked have answered to a question of the public."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

ANSWER_LENGTH = 1000  # characters
MOST_ANSWERS = 100


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


def with_answer(answers: Sequence[Answer], new: Answer) -> tuple[Answer, ...]:
    """Return the answers with `new` in the place of an earlier one to the same proposal."""
    others = [one for one in answers if one.proposal != new.proposal]
    return tuple(sorted([*others, new], key=lambda one: one.proposal))


def by_proposal(answers: Iterable[Answer]) -> dict[int, Answer]:
    return {one.proposal: one for one in answers}
