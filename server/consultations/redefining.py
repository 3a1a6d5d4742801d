"""Redefining: a consultation with other values for some keys, read as a file would be."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

from server.consultations import nodes
from server.consultations.changing import field_of
from server.consultations.consultation import DIRECT_SOURCE, MOST_SOURCES, Consultation, Source
from server.consultations.file_followup import FOLLOWUP
from server.consultations.file_keys import CONSULTATION_KEYS
from server.consultations.file_partners import Beside, nothing_beside
from server.consultations.file_writing import definition
from server.consultations.files import checked, consultation_of

# Proposals are decided on, and these are stated, each by a deed of its own.
APART = {"proposals", "answers", "reached", "featured", "verbatim", *FOLLOWUP}
KEYS = {key: read for key, read in CONSULTATION_KEYS.items() if key not in APART}
# What the other keys are read by. All else of it has been read before, perhaps under other rules.
CONTEXT = {key for key in KEYS if KEYS[key].required} | {"proposals-until", "rehearsal"}
CLOCK = ("opens", "closes", "proposals_until")  # what moves with the zone


def redefined(
    was: Consultation,
    wishes: Mapping[str, Any],
    path: str = "change",
    beside: Beside = nothing_beside,
) -> tuple[Consultation, dict[str, bytes]]:
    """Return `was` with what is wished, and the pictures that came with it.

    `wishes` has keys and values as a file has them; an empty one takes the key away. What nobody
    wished stays as it is, whatever a file would make of it. Raises `FileRefused`.
    """
    there = {key: value for key, value in definition(was).items() if key in CONTEXT}
    found, pictures = checked(nodes.mapping({**there, **wishes}), path, KEYS, beside)
    new = consultation_of(found)
    new = replace(new, sources=_numbered(was.sources, new.sources))
    names = {name for name in vars(new) if field_of(name) in wishes}
    if "timezone" in wishes:
        names.update(CLOCK)
    return replace(was, **{name: getattr(new, name) for name in names}), pictures


def _numbered(old: tuple[Source, ...], new: tuple[Source, ...]) -> tuple[Source, ...]:
    """Give those that were there their numbers again, and new ones numbers that none has.

    A gap is filled last: gaps are of before the opening, when no ballot held the number.
    """
    known = {source.name: source.number for source in old}
    last, taken = max(known.values()), {known.get(source.name) for source in new}
    every = chain(range(last + 1, MOST_SOURCES + 1), range(DIRECT_SOURCE.number + 1, last + 1))
    free = (number for number in every if number not in taken)
    return tuple(replace(source, number=known.get(source.name) or next(free)) for source in new)
