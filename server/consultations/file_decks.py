"""File decks: the rules of decks in a consultation file."""

from dataclasses import asdict
from typing import Any

from server.consultations.deck_rules import DeckRules
from server.consultations.records import Reading, Record


def deck_rules(found: Record) -> DeckRules:
    """Return the rules as a file says; those that it does not name are as usual."""
    given: Record | None = found.get("deck")
    return DeckRules(**{k.replace("-", "_"): v for k, v in given.values.items()} if given else {})


def check_deck(reading: Reading, found: Record) -> None:
    given: Record | None = found.get("deck")
    if given is None:
        return
    rules = deck_rules(found)
    if rules.new > rules.size:
        message = f"must be no more than `size`, {rules.size}."
        reading.fault(given.line_of("new"), given.field("new"), message)
    if rules.tested_below <= rules.new_below:
        message = f"must be more than `new-below`, {rules.new_below}."
        reading.fault(given.line_of("tested-below"), given.field("tested-below"), message)


def written(rules: DeckRules) -> dict[str, Any] | None:
    """Return what a file says of rules that are not the usual ones."""
    usual = asdict(DeckRules())
    said = {k.replace("_", "-"): v for k, v in asdict(rules).items() if v != usual[k]}
    return said or None
