"""File follow-up: what came of a consultation, as its file says it, and what goes with what in it."""

from collections.abc import Callable, Iterator
from typing import Any

from server.consultations.actions import MOST_ACTIONS, MOST_NEWS, Action, ActionState, News, Target
from server.consultations.endorsements import MOST_ENDORSEMENTS, Endorsement
from server.consultations.fault_codes import FaultCode
from server.consultations.file_checks import unique
from server.consultations.records import Reading, Record
from server.consultations.selection import MOST_SELECTED, Selected
from server.consultations.workshops import (
    MOST_PARTNERS,
    MOST_PROPOSALS,
    MOST_WORKSHOPS,
    Workshop,
)

# Of each list, how much it may hold, and what names one of it.
MOST = {
    "selected": MOST_SELECTED,
    "workshops": MOST_WORKSHOPS,
    "actions": MOST_ACTIONS,
    "endorsements": MOST_ENDORSEMENTS,
}
FOLLOWUP = frozenset(MOST)
WITHIN = {"partners": MOST_PARTNERS, "proposals": MOST_PROPOSALS, "news": MOST_NEWS}


def check_followup(reading: Reading, found: Record) -> None:
    for key, most in MOST.items():
        for one in _all(found, key)[most:]:
            reading.fault(one.line, one.name, f"is one too many: at most {most}.")
    _check_twice(reading, found)
    _check_days(reading, found)
    known = {proposal.get("id") for proposal in found.get("proposals") or []}
    for one in _every(found):
        _check_lists(reading, one)
        _check_known(reading, one, known)


def selected(found: Record) -> tuple[Selected, ...]:
    return tuple(Selected(**one.values) for one in _all(found, "selected"))


def workshops(found: Record) -> tuple[Workshop, ...]:
    """Return them by their day; those without an `id` are numbered in the order of the file."""
    numbered = _numbered(_all(found, "workshops"))
    made = [Workshop(**{**_listed(one), "id": number}) for number, one in numbered]
    return tuple(sorted(made, key=lambda one: (one.on, one.id)))


def actions(found: Record) -> tuple[Action, ...]:
    """Return them in the order of the file, the news of each by their day."""
    return tuple(_action(number, one) for number, one in _numbered(_all(found, "actions")))


def endorsements(found: Record) -> tuple[Endorsement, ...]:
    return tuple(Endorsement(**one.values) for one in _all(found, "endorsements"))


def _action(number: int, one: Record) -> Action:
    news = sorted((News(**each.values) for each in one.get("news") or ()), key=lambda new: new.on)
    target: Record | None = one.get("target")
    given = {
        **_listed(one),
        "id": number,
        "state": one.get("state") or ActionState.COMMITTED,
        "news": tuple(news),
        "target": Target(**target.values) if target else None,
    }
    return Action(**given)


def _listed(one: Record) -> dict[str, Any]:
    return {
        key: tuple(value) if isinstance(value, list) else value for key, value in one.values.items()
    }


def _numbered(records: list[Record]) -> Iterator[tuple[int, Record]]:
    taken = {one.get("id") for one in records}
    free = (number for number in range(1, 2 * len(records) + 1) if number not in taken)
    for one in records:
        yield one.get("id") or next(free), one


def _all(found: Record, key: str) -> list[Record]:
    return found.get(key) or []


def _every(found: Record) -> Iterator[Record]:
    for key in MOST:
        yield from _all(found, key)


def _check_twice(reading: Reading, found: Record) -> None:
    who: Callable[[Record], Any] = lambda one: one.get("by") and _handle(one)  # noqa: E731
    unique(reading, _all(found, "selected"), "proposal", lambda one: one.get("proposal"))
    unique(reading, _all(found, "workshops"), "id", lambda one: one.get("id"))
    unique(reading, _all(found, "actions"), "id", lambda one: one.get("id"))
    unique(reading, _all(found, "endorsements"), "by", who)


def _handle(one: Record) -> str | None:
    return Endorsement(**one.values).handle if one.get("on") else None


def _check_days(reading: Reading, found: Record) -> None:
    """Nothing is selected before the close, whose day is by the consultation's own clock."""
    closes = found.get("closes")
    for one in _all(found, "selected"):
        if closes and one.get("on") and one.get("on") < closes.date():
            message = "must not be earlier than `closes`."
            reading.fault(one.line_of("on"), one.field("on"), message)


def _check_lists(reading: Reading, one: Record) -> None:
    for key, most in WITHIN.items():
        given = one.get(key) or []
        if len(given) > most:
            reading.fault(one.line_of(key), one.field(key), f"must be at most {most}.")
        elif key != "news" and len(set(given)) < len(given):
            reading.fault(one.line_of(key), one.field(key), "holds the same one twice.")


def _check_known(reading: Reading, one: Record, known: set[Any]) -> None:
    wanted = {"proposal": [one.get("proposal")], "proposals": one.get("proposals") or []}
    for key, numbers in wanted.items():
        for number in numbers:
            if number and number not in known:
                message = f"{number} must be the `id` that is written out at a proposal here."
                name, line = one.field(key), one.line_of(key)
                reading.fault(line, name, message, FaultCode.NO_PROPOSAL, number=number)
