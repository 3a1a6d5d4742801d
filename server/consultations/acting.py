"""Acting: what staff do with the actions of a consultation, each the same from every door."""

from bisect import bisect_left
from collections.abc import Callable, Container
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256

from server.consultations.actions import MOST_ACTIONS, MOST_NEWS, Action, ActionState, News
from server.consultations.consultation import Consultation
from server.consultations.errors import (
    ActionsNotYet,
    ActionUnknown,
    ChangedMeanwhile,
    NewsUnknown,
    ProposalUnknown,
    TooManyActions,
    TooMuchNews,
)

MARK = 12  # characters
CLIPPED = 220  # characters of each side of a line in the trail


def today(asked: Consultation, now: datetime) -> date:
    """Return the day it is by the consultation's own clock."""
    return now.astimezone(asked.opens.tzinfo).date()


def action_of(asked: Consultation, number: int) -> Action:
    """Return one action, or raise `ActionUnknown`."""
    for one in asked.actions:
        if one.id == number:
            return one
    raise ActionUnknown(f"No action {number} in {asked.slug}.")


def mark_of(news: News) -> str:
    """Return what names one entry: whoever corrects it gives it another."""
    return _digest(news.on.isoformat(), news.text, news.amount, news.source)


def version_of(action: Action) -> str:
    """Return what two versions of an action share only if they say the same, news apart."""
    parts = (action.title, action.partner, action.promise, action.on, action.target)
    return _digest(*parts, action.proposals)


def with_action(
    asked: Consultation, new: Action, known: Container[int], now: datetime
) -> Consultation:
    """Return it with one more action, under the next number; the same once more is that one.

    Raises `ActionsNotYet` before the close, `ProposalUnknown` and `TooManyActions`.
    """
    _demand(asked, new, known, now)
    if any(version_of(one) == version_of(new) for one in asked.actions):
        return asked
    if len(asked.actions) >= MOST_ACTIONS:
        raise TooManyActions(f"{asked.slug} has {MOST_ACTIONS} actions, the most there are.")
    number = max((one.id for one in asked.actions), default=0) + 1
    return replace(asked, actions=(*asked.actions, replace(new, id=number)))


def changed_action(
    asked: Consultation,
    number: int,
    new: Action,
    known: Container[int],
    now: datetime,
    version: str | None = None,
) -> Consultation:
    """Return it with another wording of an action, whose state and news stay.

    `version` is of what was read: raises `ChangedMeanwhile` if it says something else by now.
    """
    old = action_of(asked, number)
    if version is not None and version != version_of(old):
        raise ChangedMeanwhile(f"Somebody else changed action {number} just now. Look again.")
    # A proposal that was taken down since need not be taken out of what it led to.
    _demand(asked, new, {*old.proposals, *(one for one in new.proposals if one in known)}, now)
    return _put(asked, replace(new, id=number, state=old.state, news=old.news))


def stated(asked: Consultation, number: int, state: ActionState) -> Consultation:
    return _put(asked, replace(action_of(asked, number), state=state))


def with_news(asked: Consultation, number: int, new: News) -> Consultation:
    """Return it with one more entry; the same once more changes nothing."""
    action = action_of(asked, number)
    if new in action.news:
        return asked
    if len(action.news) >= MOST_NEWS:
        raise TooMuchNews(f"Action {number} has {MOST_NEWS} entries, the most there are.")
    return _put(asked, replace(action, news=_in_order(action.news, new)))


def with_news_corrected(asked: Consultation, number: int, mark: str, new: News) -> Consultation:
    """Return it with `new` in the place of the entry of that mark; raise `NewsUnknown`."""
    action = action_of(asked, number)
    if new in action.news and mark not in map(mark_of, action.news):
        return asked  # done before
    return _put(asked, replace(action, news=_in_order(_without(action, mark), new)))


def without_news(asked: Consultation, number: int, mark: str) -> Consultation:
    """Return it without the entry of that mark; raise `NewsUnknown` if there is none."""
    action = action_of(asked, number)
    return _put(asked, replace(action, news=_without(action, mark)))


def told_actions(old: Consultation, new: Consultation) -> list[str]:
    """Return a line for each thing that differs in actions: what it was, and what it is."""
    before = {one.id: one for one in old.actions}
    return [line for one in new.actions for line in _told(before.get(one.id), one)]


def _told(old: Action | None, new: Action) -> list[str]:
    name = f"action {new.id}"
    if old is None:
        return [f"{name}: – → {_clip(f'{new.title}; {new.partner}; {new.on}; {new.promise}')}"]
    parts: dict[str, Callable[[Action], object]] = {
        "title": lambda one: one.title,
        "partner": lambda one: one.partner,
        "promise": lambda one: one.promise,
        "on": lambda one: one.on,
        "target": lambda one: (
            one.target and f"{one.target.amount} {one.target.unit}, {one.target.by}"
        ),
        "state": lambda one: one.state,
        "proposals": lambda one: " ".join(map(str, one.proposals)),
        "news": lambda one: "; ".join(_words(n) for n in one.news if n not in _shared(old, new)),
    }
    told = [(part, _clip(said(old)), _clip(said(new))) for part, said in parts.items()]
    return [f"{name} {part}: {was} → {now}" for part, was, now in told if was != now]


def _shared(old: Action, new: Action) -> set[News]:
    return {*old.news} & {*new.news}


def _words(news: News) -> str:
    return " ".join(str(part) for part in (news.on, news.amount, news.text, news.source) if part)


def _clip(said: object) -> str:
    text = str(said or "–")
    return text if len(text) <= CLIPPED else f"{text[: CLIPPED - 1]}…"


def _demand(asked: Consultation, new: Action, known: Container[int], now: datetime) -> None:
    if not asked.phase(now).is_over:
        raise ActionsNotYet(f"{asked.slug} is {asked.phase(now)}: actions come after the close.")
    for one in new.proposals:
        if one not in known:
            raise ProposalUnknown(f"No proposal {one} in {asked.slug}.", field="proposals")


def _put(asked: Consultation, new: Action) -> Consultation:
    actions = tuple(new if one.id == new.id else one for one in asked.actions)
    return replace(asked, actions=actions)


def _in_order(news: tuple[News, ...], new: News) -> tuple[News, ...]:
    """Of one day the last that came stands first: what it says of how far it has come counts."""
    at = bisect_left(news, new.on, key=lambda one: one.on)
    return (*news[:at], new, *news[at:])


def _without(action: Action, mark: str) -> tuple[News, ...]:
    left = tuple(one for one in action.news if mark_of(one) != mark)
    if len(left) == len(action.news):
        raise NewsUnknown(f"No entry {mark} in action {action.id} (any more).")
    return left


def _digest(*parts: object) -> str:
    return sha256("\n".join(map(repr, parts)).encode()).hexdigest()[:MARK]
