"""Selection: the proposals that are taken further, and why."""

from dataclasses import dataclass
from datetime import date

REASON_LENGTH = 300  # characters
MOST_SELECTED = 100


@dataclass(frozen=True)
class Selected:
    """One proposal that staff selected. `reason` is told to readers.

    Of a citizens' question, `on` is the day on which it was put to those who are asked.
    """

    proposal: int
    on: date
    reason: str | None = None
