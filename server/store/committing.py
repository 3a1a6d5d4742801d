"""Committing: the actions of a consultation and their news, and a line in the trail for each deed.

No deed is without its line: both are kept at once, as in `running`.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from server.consultations import acting
from server.consultations.acting import action_of, told_actions, version_of
from server.consultations.actions import Action, ActionState, News
from server.consultations.consultation import Consultation
from server.consultations.errors import StoreUnavailable
from server.staff.acts import Sign
from server.store.consultations import Consultations
from server.store.deeds import Deeds

ACTION, NEWS = "consultation-action", "consultation-news"  # what the trail calls these deeds


class Committing:
    def __init__(self, consultations: Consultations, deeds: Deeds) -> None:
        self._consultations = consultations
        self._deeds = deeds

    def add(self, slug: str, new: Action, now: datetime, sign: Sign) -> Action:
        """Keep an action and return it with its number; see `acting.with_action` for refusals."""
        known = self._known(slug, new)
        made = self._deed(ACTION, slug, lambda one: acting.with_action(one, new, known, now), sign)
        return next(one for one in made.actions if version_of(one) == version_of(new))

    def change(
        self,
        slug: str,
        number: int,
        new: Action,
        now: datetime,
        sign: Sign,
        version: str | None = None,
    ) -> Action:
        """Keep another wording; see `acting.changed_action`."""
        known = self._known(slug, new)
        made = self._deed(
            ACTION,
            slug,
            lambda one: acting.changed_action(one, number, new, known, now, version),
            sign,
        )
        return action_of(made, number)

    def state(self, slug: str, number: int, state: ActionState, sign: Sign) -> Action:
        made = self._deed(ACTION, slug, lambda one: acting.stated(one, number, state), sign)
        return action_of(made, number)

    def add_news(self, slug: str, number: int, new: News, sign: Sign) -> Action:
        made = self._deed(NEWS, slug, lambda one: acting.with_news(one, number, new), sign)
        return action_of(made, number)

    def correct_news(self, slug: str, number: int, mark: str, new: News, sign: Sign) -> Action:
        """Put `new` in the place of the entry of that mark; raise `NewsUnknown`."""
        made = self._deed(
            NEWS, slug, lambda one: acting.with_news_corrected(one, number, mark, new), sign
        )
        return action_of(made, number)

    def withdraw_news(self, slug: str, number: int, mark: str, sign: Sign) -> Action:
        made = self._deed(NEWS, slug, lambda one: acting.without_news(one, number, mark), sign)
        return action_of(made, number)

    def _known(self, slug: str, new: Action) -> frozenset[int]:
        """Return the numbers of the proposals it names that readers see."""
        found = self._consultations.by_slug(slug)
        return self._consultations.accepted_among(found, new.proposals)

    def _deed(
        self, what: str, slug: str, becomes: Callable[[Consultation], Consultation], sign: Sign
    ) -> Consultation:
        def lines(old: Consultation, new: Consultation) -> list[str]:
            return [self._deeds.written(sign(what, slug, line)) for line in told_actions(old, new)]

        _, new = self._consultations.change(slug, becomes, deeds=lines)
        with suppress(
            StoreUnavailable
        ):  # the deed is done: the teller moves its line, if we cannot
            self._deeds.move([new])
        return new
