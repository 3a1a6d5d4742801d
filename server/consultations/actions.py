"""Actions: what partners have committed to, how far it has come, and since when nothing is heard."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

PROMISE_LENGTH = 1000  # characters
NEWS_LENGTH = 1000  # characters
MOST_ACTIONS = 100
MOST_NEWS = 200  # of one action
SILENCE = 6  # months without news after which readers are told so


class ActionState(StrEnum):
    """How an action stands, as staff say."""

    COMMITTED = "committed"
    UNDER_WAY = "under-way"
    KEPT = "kept"
    DROPPED = "dropped"

    @property
    def is_over(self) -> bool:
        return self in (ActionState.KEPT, ActionState.DROPPED)


@dataclass(frozen=True)
class Target:
    """What is to be reached: so much of a unit («people mentored»), by a day."""

    amount: Decimal
    unit: str
    by: date


@dataclass(frozen=True)
class News:
    """One entry of an action's progress. `amount` is how far it has come in all, in the target's
    unit; `source` an https address where it can be read."""

    on: date
    text: str
    amount: Decimal | None = None
    source: str | None = None


@dataclass(frozen=True)
class Action:
    """What a partner has committed to. `id` is unique in its consultation; `news` by day, of one
    day the last that came at the end."""

    id: int
    title: str
    partner: str
    promise: str
    on: date  # of the commitment
    target: Target | None = None
    state: ActionState = ActionState.COMMITTED
    proposals: tuple[int, ...] = ()
    news: tuple[News, ...] = ()

    @property
    def last_news(self) -> date:
        """The day of the last entry, or of the commitment."""
        return max((one.on for one in self.news), default=self.on)

    @property
    def amount(self) -> Decimal | None:
        """How far it has come, by the last entry that says so."""
        said = [one for one in reversed(self.news) if one.amount is not None]
        return max(said, key=lambda one: one.on).amount if said else None

    def is_silent(self, today: date) -> bool:
        """Whether nothing has been heard of it for six months, though it is not over."""
        return not self.state.is_over and today >= months_later(self.last_news, SILENCE)


def months_later(day: date, months: int) -> date:
    """Return the same day of a later month, or its last one: August 31 is followed by February 28."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first.replace(day=min(day.day, (after - first).days))
