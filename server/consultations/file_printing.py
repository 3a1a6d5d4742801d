"""File printing: every text of a file with the typography of its language."""

from collections.abc import Mapping

from server.consultations.entries import Part
from server.consultations.entry_parts import (
    ACTION,
    ANSWER,
    ENDORSEMENT,
    FORMER,
    NEWS,
    SELECTED,
    TARGET,
    WORKSHOP,
)
from server.consultations.records import Record
from server.consultations.typography import printed
from server.consultations.wording import tidy

PRINTED = ("question", "prefix", "afterwards", "theme", "cause")
ENTRIES = {
    "answers": ANSWER,
    "selected": SELECTED,
    "workshops": WORKSHOP,
    "actions": ACTION,
    "endorsements": ENDORSEMENT,
}
WITHIN = {"former": FORMER, "news": NEWS}  # of an answer, of an action


def print_texts(found: Record) -> None:
    """Give every text the typography of its language, before texts are compared."""
    language = found.get("language")
    _print(found, PRINTED, language)
    for partner in found.get("partners") or []:
        _print(partner, ("name",), language)
    for key, parts in ENTRIES.items():
        for one in found.get(key) or []:
            _print_entry(one, parts, language)
    for proposal in found.get("proposals") or []:
        _print(proposal, ("text", "author"), proposal.get("language") or language)


def _print_entry(one: Record, parts: Mapping[str, Part], language: str | None) -> None:
    _print(one, _prose(parts), language)
    for key, below in WITHIN.items():
        for each in one.get(key) or []:
            _print_entry(each, below, language)
    if one.get("target"):
        _print_entry(one.get("target"), TARGET, language)


def _prose(parts: Mapping[str, Part]) -> tuple[str, ...]:
    return tuple(name for name, part in parts.items() if part.prose)


def _print(one: Record, keys: tuple[str, ...], language: str | None) -> None:
    for key in keys:
        text = one.get(key)
        if isinstance(text, list):
            one.values[key] = [printed(tidy(each), language) for each in text]
        elif text:
            one.values[key] = printed(tidy(text), language)
