"""Acting: what staff do with the actions of a consultation, each the same from every door."""

from bisect import bisect_right
from collections.abc import Callable, Container
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from itertools import takewhile

from server.consultations.actions import MOST_ACTIONS, MOST_NEWS, Action, ActionState, News
from server.consultations.consultation import Consultation
from server.consultations.errors import (
    ActionKept,
    ActionsNotYet,
    ActionUnknown,
    ChangedMeanwhile,
    NewsUnknown,
    ProposalUnknown,
    TooManyActions,
    TooMuchNews,
)
from server.consultations.numbering import next_number
from server.consultations.telling import NOTHING, PIECE, lines

MARK = 12  # characters
AROUND = 20  # of what two texts share that are told on each side of what differs


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
    number = next_number({one.id for one in asked.actions})
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


def without_action(asked: Consultation, number: int) -> Consultation:
    """Return it without an action of which there is no news; raise `ActionKept`."""
    if action_of(asked, number).news:
        raise ActionKept(f"There is news of action {number}: state that it is dropped.")
    return replace(asked, actions=tuple(one for one in asked.actions if one.id != number))


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
    return _put(asked, replace(action, news=_corrected(action, mark, new)))


def without_news(asked: Consultation, number: int, mark: str) -> Consultation:
    """Return it without the entry of that mark; raise `NewsUnknown` if there is none."""
    action = action_of(asked, number)
    return _put(asked, replace(action, news=_without(action, mark)))


def told_actions(old: Consultation, new: Consultation) -> list[str]:
    """Return what differs in actions, before and after, in lines that the trail keeps uncut.

    What is taken away, corrected or withdrawn can be read in them whole.
    """
    before = {one.id: one for one in old.actions}
    told = [line for one in new.actions for line in _told(before.pop(one.id, None), one)]
    gone = [_whole(one) for one in before.values()]
    return [*told, *(line for name, said in gone for line in lines(name, f"{said} → {NOTHING}"))]


def _told(old: Action | None, new: Action) -> list[str]:
    if old is None:
        name, said = _whole(new)
        return lines(name, f"{NOTHING} → {said}")
    parts: dict[str, Callable[[Action], object]] = {
        "title": lambda one: one.title,
        "partner": lambda one: one.partner,
        "promise": lambda one: one.promise,
        "on": lambda one: one.on,
        "target": _target,
        "state": lambda one: one.state,
        "proposals": lambda one: " ".join(map(str, one.proposals)),
    }
    both = [
        (part, str(said(old) or NOTHING), str(said(new) or NOTHING)) for part, said in parts.items()
    ]
    told = [(part, *_differing(was, now)) for part, was, now in both if was != now]
    gone, come = (_entries(one, other) for one, other in ((old, new), (new, old)))
    told += [("news", gone, come)] if gone != come else []
    return [
        line
        for part, was, now in told
        for line in lines(f"action {new.id} {part}", f"{was} → {now}")
    ]


def _whole(one: Action) -> tuple[str, str]:
    """Return what names an action, and all that it says but its news."""
    proposals = " ".join(map(str, one.proposals))
    said = (one.title, one.partner, one.on, one.promise, _target(one), proposals)
    return f"action {one.id}", "; ".join(str(part) for part in said if part)


def _target(one: Action) -> str | None:
    return f"{one.target.amount} {one.target.unit}, {one.target.by}" if one.target else None


def _entries(one: Action, other: Action) -> str:
    """Return the news that `other` does not have, whole."""
    return "; ".join(_words(news) for news in one.news if news not in other.news) or NOTHING


def _words(news: News) -> str:
    said = (news.on, news.amount, news.text, news.source)
    return " ".join(str(part) for part in said if part is not None)


def _differing(was: str, now: str) -> tuple[str, str]:
    """Return all that differs between two texts, with a little of what stands around it."""
    if max(len(was), len(now)) <= PIECE // 2:
        return was, now
    start = max(0, _shared(was, now) - AROUND)
    end = max(0, _shared(was[start:][::-1], now[start:][::-1]) - AROUND)
    return _cut(was, start, end), _cut(now, start, end)


def _shared(one: str, other: str) -> int:
    """Return how many characters both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _cut(text: str, start: int, end: int) -> str:
    cut = text[start : len(text) - end]
    return ("…" if start else "") + cut + ("…" if end else "")


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
    """Of one day the last that came stands last: what it says of how far it has come counts."""
    at = bisect_right(news, new.on, key=lambda one: one.on)
    return (*news[:at], new, *news[at:])


def _corrected(action: Action, mark: str, new: News) -> tuple[News, ...]:
    """Return the news with `new` where the entry of that mark stood, if its day is the same."""
    old = next((one for one in action.news if mark_of(one) == mark), None)
    if old is None or old.on != new.on:
        return _in_order(_without(action, mark), new)
    return tuple(new if one == old else one for one in action.news if one == old or one != new)


def _without(action: Action, mark: str) -> tuple[News, ...]:
    left = tuple(one for one in action.news if mark_of(one) != mark)
    if len(left) == len(action.news):
        raise NewsUnknown(f"No entry {mark} in action {action.id} (any more).")
    return left


def _digest(*parts: object) -> str:
    return sha256("\n".join(map(repr, parts)).encode()).hexdigest()[:MARK]
