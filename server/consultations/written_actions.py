"""Written actions: an action, or news of one, as somebody writes it in a form or sends it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from server.consultations import values
from server.consultations.actions import NEWS_LENGTH, PROMISE_LENGTH, Action, News, Target
from server.consultations.amounts import amount
from server.consultations.entry_parts import NAME, TITLE, UNIT, number
from server.consultations.errors import WordingRefused
from server.consultations.records import Wrong
from server.consultations.typography import printed
from server.consultations.workshops import MOST_PROPOSALS

WORD_LENGTH = 300  # characters of why a draft was refused

Given = Mapping[str, str | None]
Parts = Mapping[str, Callable[[str], Any]]


def proposals(text: str) -> tuple[int, ...]:
    """Return numbers that stand there with commas or spaces between them, each once."""
    found = {number(one) for one in text.replace(",", " ").split()}
    if len(found) > MOST_PROPOSALS:
        raise Wrong(f"must be at most {MOST_PROPOSALS} numbers of proposals.")
    return tuple(sorted(found))


ACTION: Parts = {
    "title": values.line(TITLE),
    "partner": values.line(NAME),
    "promise": values.line(PROMISE_LENGTH),
    "on": values.day,
    "target.amount": amount,
    "target.unit": values.line(UNIT),
    "target.by": values.day,
    "proposals": proposals,
}
NEWS: Parts = {
    "text": values.line(NEWS_LENGTH),
    "on": values.day,
    "amount": amount,
    "source": values.link,
}
NEEDED = ("title", "partner", "promise", "on", "text")
TARGET = ("target.amount", "target.unit", "target.by")


def read_action(given: Given, language: str) -> Action:
    """Return an action without a number or news; raise `WordingRefused` with every fault."""
    read, faults = _read(given, ACTION, language)
    told = [name for name in TARGET if given.get(name)]
    if told and len(told) < len(TARGET):
        missing = [name for name in TARGET if name not in told]
        faults += [_fault(name, "target-incomplete", "goes with the others.") for name in missing]
    if faults:
        raise WordingRefused(faults)
    target = Target(*(read[name] for name in TARGET)) if told else None
    said = {name: read[name] for name in ("title", "partner", "promise", "on")}
    return Action(0, **said, target=target, proposals=read["proposals"] or ())


def read_news(given: Given, language: str, today: date, measured: bool) -> News:
    """Return news of an action, which is `measured` if it has a target.

    Raises `WordingRefused` with every fault. What is to come is no news.
    """
    read, faults = _read(given, NEWS, language)
    if read["on"] and read["on"] > today:
        faults.append(_fault("on", "in-the-future", "must not be later than today."))
    if read["amount"] is not None and not measured:
        faults.append(_fault("amount", "no-target", "goes with a target, and there is none."))
    if faults:
        raise WordingRefused(faults)
    return News(read["on"], read["text"], read["amount"], read["source"])


def read_word(text: str, language: str) -> str:
    """Return why a draft is refused, as its author is told."""
    try:
        found = values.line(WORD_LENGTH)(text)
        if not found:
            raise Wrong("must say why, in a few words.")
    except Wrong as wrong:
        raise WordingRefused([_fault("word", "value-refused", str(wrong))]) from None
    return printed(found, language)


def _read(given: Given, parts: Parts, language: str) -> tuple[dict[str, Any], list[dict[str, str]]]:
    read: dict[str, Any] = dict.fromkeys(parts)
    faults = []
    for name, parse in parts.items():
        text = " ".join((given.get(name) or "").split())
        try:
            if text:
                value = parse(text)
                read[name] = printed(value, language) if _is_prose(name) else value
            elif name in NEEDED:
                raise Wrong("is missing.")
        except Wrong as wrong:
            faults.append(_fault(name, "value-refused", str(wrong)))
    return read, faults


def _is_prose(name: str) -> bool:
    return name in ("title", "partner", "promise", "target.unit", "text")


def _fault(name: str, code: str, message: str) -> dict[str, str]:
    return {"field": name, "code": code, "message": message}
