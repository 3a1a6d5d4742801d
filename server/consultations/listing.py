"""Listing: consultations as anybody may see them, in the order in which they matter now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from server.consultations.consultation import Consultation
from server.consultations.wording import likeness

Key = tuple[int, str]


@dataclass(frozen=True)
class Group:
    """Consultations that belong together: by a great cause, by a theme, or by nothing."""

    cause: str | None
    theme: str | None
    consultations: tuple[Consultation, ...]


@dataclass(frozen=True)
class Listing:
    """Everything but rehearsals. What is featured stands apart, first, until it is over."""

    featured: tuple[Consultation, ...]
    open: tuple[Group, ...]
    upcoming: tuple[Group, ...]
    past: tuple[Group, ...]


def listed(known: Iterable[Consultation], now: datetime) -> Listing:
    """Sort what there is: what ends or begins soonest first, and what ended last."""
    public = [one for one in known if not one.rehearsal]
    over = [one for one in public if one.phase(now).is_over]
    featured = [one for one in public if one.featured and one not in over]
    others = [one for one in public if one not in over and one not in featured]
    return Listing(
        tuple(sorted(featured, key=lambda one: (now < one.opens, one.closes))),
        _grouped(sorted((o for o in others if now >= o.opens), key=lambda one: one.closes)),
        _grouped(sorted((o for o in others if now < o.opens), key=lambda one: one.opens)),
        _grouped(sorted(over, key=lambda one: one.closes, reverse=True)),
    )


def _grouped(consultations: Iterable[Consultation]) -> tuple[Group, ...]:
    """Return great causes, then themes, then the rest; each in the alphabet's order."""
    groups: dict[Key, list[Consultation]] = {}
    for one in consultations:
        groups.setdefault(_key(one), []).append(one)
    return tuple(_group(groups[key]) for key in sorted(groups))


def _key(consultation: Consultation) -> Key:
    """Names that only capitals, accents or spaces tell apart are the same one."""
    if consultation.cause:
        return 0, likeness(consultation.cause)
    return (1, likeness(consultation.theme)) if consultation.theme else (2, "")


def _group(consultations: list[Consultation]) -> Group:
    first = consultations[0]
    return Group(first.cause, None if first.cause else first.theme, tuple(consultations))
