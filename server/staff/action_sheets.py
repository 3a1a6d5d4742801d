"""Action sheets: how each action of a consultation stands, worst first. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from server.consultations.acting import mark_of, today, version_of
from server.consultations.actions import Action, ActionState
from server.consultations.consultation import Consultation
from server.consultations.reporting import Reporting


@dataclass(frozen=True)
class ActionSheet:
    """One action, what its partner has drafted, and the day it is."""

    action: Action
    reporting: Reporting
    day: date

    @property
    def version(self) -> str:
        return version_of(self.action)

    @property
    def marked(self) -> list[tuple[str, object]]:
        """Return each entry with what names it, the newest first."""
        return [(mark_of(one), one) for one in reversed(self.action.news)]

    @property
    def overdue(self) -> bool:
        """Whether the day of its target is over, and the target not reached."""
        target, reached = self.action.target, self.action.amount
        if target is None or self.action.state.is_over or self.day <= target.by:
            return False
        return reached is None or reached < target.amount

    @property
    def short(self) -> bool:
        """Whether it is stated as kept while its last amount is below its target."""
        target, reached = self.action.target, self.action.amount
        if self.action.state is not ActionState.KEPT or target is None or reached is None:
            return False
        return reached < target.amount

    @property
    def silent(self) -> bool:
        return self.action.is_silent(self.day)

    @property
    def rank(self) -> tuple[object, ...]:
        """Sorts the worst first: overdue, silent, with drafts, going on, over."""
        waits = bool(self.reporting.waiting)
        over, last = self.action.state.is_over, self.action.last_news
        return (not self.overdue, not self.silent, not waits, over, last, self.action.id)


def sheets(
    asked: Consultation, reports: Mapping[int, Reporting], now: datetime
) -> list[ActionSheet]:
    """Return a sheet of each action, worst first."""
    day = today(asked, now)
    found = [ActionSheet(one, reports.get(one.id, Reporting()), day) for one in asked.actions]
    return sorted(found, key=lambda one: one.rank)
