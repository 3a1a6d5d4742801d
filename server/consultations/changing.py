"""Changing: what may still be changed in a consultation, and until when.

The command line, the console and the API all ask here. `docs/staff/changing.md` says the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from server.consultations.consultation import Consultation, Source
from server.consultations.errors import ChangeRefused
from server.consultations.kinds import Kind


class Until(StrEnum):
    """Until when something may be changed."""

    NEVER = "never"
    OPENING = "opening"
    CLOSE = "close"
    ALWAYS = "always"


# From the opening on a vote may come at any instant, and nobody votes on another question than the
# one that was read. Ballots are sealed at the close: what they were cast under stays.
_RULES = {
    "never": "id slug boxes rehearsal operation",
    "opening": "question language kind prefix timezone opens",
    "close": "closes proposals_until results proposing retention",
    "always": "theme cause featured afterwards deck partners answers reached sources selected"
    " workshops actions endorsements",
}
RULES: Mapping[str, Until] = MappingProxyType(
    {name: Until(until) for until, names in _RULES.items() for name in names.split()}
)


def changed(old: Consultation, new: Consultation) -> list[str]:
    """Return the names of what differs; the zone of the clock is one, as in a file."""
    found = [f.name for f in fields(old) if getattr(old, f.name) != getattr(new, f.name)]
    return found + (["timezone"] if zone_of(old) != zone_of(new) else [])


def until(old: Consultation, new: Consultation, name: str) -> Until:
    """Return until when this change may be made."""
    if name == "sources" and not _keeps_sources(old, new):
        return Until.OPENING
    return RULES[name]


def deadline(old: Consultation, new: Consultation) -> datetime | None:
    """Return the instant before which all of this has to be done; none if it can wait."""
    every = (ends(old, new, name) for name in changed(old, new))
    return min((one for one in every if one), default=None)


def ends(old: Consultation, new: Consultation, name: str) -> datetime | None:
    """Return the instant from which this cannot be changed so any more."""
    return {Until.OPENING: old.opens, Until.CLOSE: old.closes}.get(until(old, new, name))


def demand_allowed(old: Consultation, new: Consultation, now: datetime) -> None:
    """Raise `ChangeRefused` with everything that cannot be changed so (any more)."""
    faults = [
        fault(name, code) for name in changed(old, new) for code in _objections(old, new, name, now)
    ]
    if faults:
        raise ChangeRefused(faults)


def fault(name: str, code: str) -> dict[str, str]:
    return {"field": field_of(name), "code": code, "message": MESSAGES[code]}


MESSAGES = {
    "never": "cannot be changed.",
    "opening": "cannot be changed once the vote has opened.",
    "close": "cannot be changed once the vote is closed.",
    "past": "must be later than now.",
    "answered": f"must stay {Kind.CITIZENS_QUESTION}: answers are shown under its questions.",
    "longer": "can only be shortened once the vote has opened: readers were promised it.",
}


def is_past(old: Consultation, rule: Until, now: datetime) -> bool:
    """Whether what may be changed until then no longer may."""
    ends = {Until.OPENING: old.opens, Until.CLOSE: old.closes}
    return rule is Until.NEVER or (rule in ends and now >= ends[rule])


def zone_of(asked: Consultation) -> str:
    return getattr(asked.opens.tzinfo, "key", "UTC")


def field_of(name: str) -> str:
    """Return the name by which a file calls it."""
    return name.replace("_", "-")


def _objections(old: Consultation, new: Consultation, name: str, now: datetime) -> Iterator[str]:
    rule = until(old, new, name)
    if is_past(old, rule, now):
        yield str(rule)
    elif name in ("opens", "closes", "proposals_until"):
        moment = getattr(new, name)
        if moment is not None and moment <= now:
            yield "past"
    elif name == "kind" and new.answers and new.kind is not Kind.CITIZENS_QUESTION:
        yield "answered"
    elif name == "retention" and now >= old.opens and new.retention > old.retention:
        yield "longer"


def _keeps_sources(old: Consultation, new: Consultation) -> bool:
    """Whether every ballot's source is still there, of the same publisher."""
    return set(map(_identity, old.sources)) <= set(map(_identity, new.sources))


def _identity(source: Source) -> tuple[int, str, str]:
    return source.number, source.name, source.publisher
