"""Consultation files: the readable YAML that a consultation is imported from and exported to.

`docs/staff/importing.md` describes every key. A file is taken whole or not at all: all its faults
are listed with their lines.
"""

from collections.abc import Iterator, Mapping

import yaml

from server.consultations import file_followup as followup
from server.consultations.consultation import DIRECT_SOURCE, Consultation, Proposal, Source
from server.consultations.errors import FileRefused
from server.consultations.file_answers import answer_of, check_answers
from server.consultations.file_checks import (
    as_it_stands,
    check_proposals,
    check_sources,
    is_reader_s,
)
from server.consultations.file_content import ConsultationFile
from server.consultations.file_decks import check_deck, deck_rules
from server.consultations.file_handling import OF_STAFF, check_handling, handling
from server.consultations.file_keys import CONSULTATION_KEYS
from server.consultations.file_partners import Beside, nothing_beside, partners, read_logos
from server.consultations.file_printing import print_texts
from server.consultations.file_times import check_times, milliseconds, reached
from server.consultations.file_writing import dump
from server.consultations.handling import NOTHING, Handling
from server.consultations.numbering import HIGHEST_ID
from server.consultations.proposing import Submission
from server.consultations.records import Key, Reading, Record, load, record

__all__ = ["ConsultationFile", "dump", "parse"]

UNASSIGNED = ""  # the store gives a consultation its id
# These are no fields of a consultation, or not as they are read.
APART = {
    *("deck", "proposals", "timezone", "sources", "reached", "partners", "answers"),
    *("labels", "verbatim"),
    *followup.FOLLOWUP,
}
BESIDE = {"reader", "at", "reason", *OF_STAFF}  # what is no field of a proposal


def parse(content: bytes, path: str, beside: Beside = nothing_beside) -> ConsultationFile:
    """Return what the file says; raise `FileRefused` with every fault in it.

    `beside` reads what lies beside the file, by name.
    """
    return read(load(content, path), path, beside)


def read(root: yaml.Node, path: str, beside: Beside = nothing_beside) -> ConsultationFile:
    """Return what the nodes of a file say; see `parse`."""
    found, pictures = checked(root, path, CONSULTATION_KEYS, beside)
    numbered = list(_proposals(found))
    return ConsultationFile(
        consultation_of(found),
        tuple(made for one, made in numbered if not is_reader_s(one)),
        pictures,
        tuple(_submission(one, made) for one, made in numbered if is_reader_s(one)),
        {made.id: said for one, made in numbered if (said := _handling(one)) != NOTHING},
        tuple(found.get("labels") or ()),
    )


def checked(
    root: yaml.Node, path: str, keys: Mapping[str, Key], beside: Beside
) -> tuple[Record, dict[str, bytes]]:
    """Return what the nodes say under these keys, and the logos; raise `FileRefused`."""
    reading = Reading()
    found: Record | None = record(keys)(reading, root, "")
    pictures: dict[str, bytes] = {}
    if found:
        check_times(reading, found)
        check_sources(reading, found)
        if not as_it_stands(found):
            print_texts(found)
        check_proposals(reading, found)
        check_handling(reading, found)
        check_answers(reading, found)
        followup.check_followup(reading, found)
        check_deck(reading, found)
        pictures = read_logos(reading, found, beside)
    if reading.faults or not found:
        raise FileRefused(path, sorted(reading.faults, key=lambda fault: fault.line))
    return found, pictures


def consultation_of(found: Record) -> Consultation:
    # The zone lives on in the times; it is no field of its own.
    given = {k.replace("-", "_"): v for k, v in found.values.items() if k not in APART}
    return Consultation(
        id=UNASSIGNED,
        sources=tuple(_sources(found)),
        reached=reached(found),
        partners=tuple(partners(found)),
        deck=deck_rules(found),
        answers=tuple(answer_of(one) for one in found.get("answers") or []),
        selected=followup.selected(found),
        workshops=followup.workshops(found),
        actions=followup.actions(found),
        endorsements=followup.endorsements(found),
        **given,
    )


def _sources(found: Record) -> Iterator[Source]:
    yield DIRECT_SOURCE
    for number, one in enumerate(found.get("sources") or [], DIRECT_SOURCE.number + 1):
        origins = tuple(one.values["origins"])
        yield Source(**{**one.values, "number": number, "origins": origins})


def _proposals(found: Record) -> Iterator[tuple[Record, Proposal]]:
    taken = {one.get("id") for one in found.values["proposals"]}
    free = (number for number in range(1, HIGHEST_ID + 1) if number not in taken)
    for one in found.values["proposals"]:
        number = one.get("id") or next(free)
        language = one.get("language") or found.values["language"]
        given = {k: v for k, v in one.values.items() if k not in BESIDE}
        yield one, Proposal(**{**given, "id": number, "language": language})


def _handling(one: Record) -> Handling:
    return handling(one, is_reader_s(one))


def _submission(one: Record, made: Proposal) -> Submission:
    at = one.get("at")
    since = milliseconds(at) if at else None
    return Submission(made, one.get("reason"), since, down=bool(one.get("down")))
