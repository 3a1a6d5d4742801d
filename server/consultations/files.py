"""Consultation files: the readable YAML that a consultation is imported from and exported to.

`docs/staff/importing.md` describes every key. A file is taken whole or not at all: all its faults
are listed with their lines.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from server.consultations import values
from server.consultations.consultation import (
    DIRECT_SOURCE,
    MOST_SOURCES,
    Consultation,
    Proposal,
    ProposalState,
    ResultsRule,
    Source,
)
from server.consultations.errors import FileRefused
from server.consultations.records import (
    Key,
    Reading,
    Record,
    Wrong,
    listed,
    load,
    record,
    scalar,
)
from server.consultations.wording import likeness, proposal_objections, tidy

UNASSIGNED = ""  # the store gives a consultation its id
HIGHEST_ID = 9_999_999
LONGEST_RETENTION = 730  # days; a ballot may be a political opinion, and is not kept for ever

SOURCE_KEYS = {
    "name": Key(scalar(values.source_name), required=True),
    "title": Key(scalar(values.line(60)), required=True),
    "publisher": Key(scalar(values.publisher), required=True),
    "origins": Key(listed(scalar(values.origin)), required=True),
    "accent": Key(scalar(values.accent)),
    "blocked": Key(scalar(values.flag)),
}
PROPOSAL_KEYS = {
    "id": Key(scalar(values.whole(1, HIGHEST_ID))),
    "text": Key(scalar(values.verbatim), required=True),
    "author": Key(scalar(values.line(40))),
    "age": Key(scalar(values.whole(1, 120))),
    "language": Key(scalar(values.language)),
    "state": Key(scalar(values.choice(ProposalState))),
    "central": Key(scalar(values.central)),
}
CONSULTATION_KEYS = {
    "slug": Key(scalar(values.slug), required=True),
    "question": Key(scalar(values.line(200)), required=True),
    "language": Key(scalar(values.language), required=True),
    "timezone": Key(scalar(values.timezone), required=True),
    "opens": Key(scalar(values.instant), required=True),
    "closes": Key(scalar(values.instant), required=True),
    "prefix": Key(scalar(values.line(40))),
    "results": Key(scalar(values.choice(ResultsRule))),
    "boxes": Key(scalar(values.whole(1, 1024))),
    "retention": Key(scalar(values.whole(0, LONGEST_RETENTION))),
    "rehearsal": Key(scalar(values.flag)),
    "sources": Key(listed(record(SOURCE_KEYS))),
    "proposals": Key(listed(record(PROPOSAL_KEYS)), required=True),
}


@dataclass(frozen=True)
class ConsultationFile:
    """What a file says. The consultation's id is empty: the store assigns it."""

    consultation: Consultation
    proposals: tuple[Proposal, ...]


def parse(content: bytes, path: str) -> ConsultationFile:
    """Return what the file says; raise `FileRefused` with every fault in it."""
    reading = Reading()
    found: Record | None = record(CONSULTATION_KEYS)(reading, load(content, path), "")
    if found:
        _check_window(reading, found)
        _check_sources(reading, found)
        _check_proposals(reading, found)
    if reading.faults or not found:
        raise FileRefused(path, sorted(reading.faults, key=lambda fault: fault.line))
    return ConsultationFile(_consultation(found), tuple(_proposals(found)))


def _check_window(reading: Reading, found: Record) -> None:
    """Put both times into the consultation's zone."""
    for key in ("opens", "closes"):
        if found.get(key) and found.get("timezone"):
            try:
                moment = values.in_zone(found.get(key), ZoneInfo(found.get("timezone")))
                found.values[key] = moment
            except Wrong as wrong:
                del found.values[key]
                reading.fault(found.line_of(key), key, str(wrong))
    opens, closes = found.get("opens"), found.get("closes")
    if opens and closes and found.get("timezone") and closes.timestamp() <= opens.timestamp():
        reading.fault(found.line_of("closes"), "closes", "must be later than `opens`.")


def _check_sources(reading: Reading, found: Record) -> None:
    _unique(reading, found.get("sources") or [], "name", lambda source: source.get("name"))
    for source in (found.get("sources") or [])[MOST_SOURCES - DIRECT_SOURCE.number :]:
        message = f"is one too many: at most {MOST_SOURCES - DIRECT_SOURCE.number} sources."
        reading.fault(source.line_of("name"), source.field("name"), message)
    for source in found.get("sources") or []:
        origins = source.get("origins")
        if origins and len(set(origins)) < len(origins):
            message = "holds the same origin twice."
            reading.fault(source.line_of("origins"), source.field("origins"), message)


def _check_proposals(reading: Reading, found: Record) -> None:
    proposals: list[Record] = found.get("proposals") or []
    _unique(reading, proposals, "id", lambda proposal: proposal.get("id"))
    _unique(reading, proposals, "central", lambda proposal: proposal.get("central"))
    # What a rehearsal asks was published elsewhere: it is taken as it stands.
    if not found.get("rehearsal"):
        for proposal in proposals:
            _check_text(reading, proposal, found.get("prefix"))
        _unique(reading, proposals, "text", lambda p: likeness(p.get("text") or "") or None)


def _check_text(reading: Reading, proposal: Record, prefix: str | None) -> None:
    if "text" in proposal.values:
        proposal.values["text"] = tidy(proposal.values["text"])
        for objection in proposal_objections(proposal.values["text"], prefix):
            reading.fault(proposal.line_of("text"), proposal.field("text"), objection)


def _unique(reading: Reading, records: list[Record], key: str, identity: Any) -> None:
    first: dict[Any, int] = {}
    for one in records:
        same, line = identity(one), one.line_of(key)
        if same in first:
            reading.fault(line, one.field(key), f"is the same as on line {first[same]}.")
        elif same is not None:
            first[same] = line


def _consultation(found: Record) -> Consultation:
    # The zone lives on in both times; it is no field of its own.
    given = {k: v for k, v in found.values.items() if k not in {"proposals", "timezone"}}
    return Consultation(**{**given, "id": UNASSIGNED, "sources": tuple(_sources(found))})


def _sources(found: Record) -> Iterator[Source]:
    yield DIRECT_SOURCE
    for number, one in enumerate(found.get("sources") or [], DIRECT_SOURCE.number + 1):
        origins = tuple(one.values["origins"])
        yield Source(**{**one.values, "number": number, "origins": origins})


def _proposals(found: Record) -> Iterator[Proposal]:
    taken = {one.get("id") for one in found.values["proposals"]}
    free = (number for number in range(1, HIGHEST_ID + 1) if number not in taken)
    for one in found.values["proposals"]:
        number = one.get("id") or next(free)
        language = one.get("language") or found.values["language"]
        yield Proposal(**{**one.values, "id": number, "language": language})


def dump(consultation: Consultation, proposals: Iterable[Proposal]) -> str:
    """Return the file of which `parse` makes the same consultation and proposals."""
    zone = ZoneInfo(getattr(consultation.opens.tzinfo, "key", "UTC"))
    written = {
        "slug": consultation.slug,
        "question": consultation.question,
        "language": consultation.language,
        "timezone": zone.key,
        "opens": _written(consultation.opens.astimezone(zone)),
        "closes": _written(consultation.closes.astimezone(zone)),
        "prefix": consultation.prefix,
        "results": str(consultation.results),
        "boxes": consultation.boxes or None,
        "retention": consultation.retention,
        "rehearsal": consultation.rehearsal or None,
        "sources": [_source(s) for s in consultation.sources if s != DIRECT_SOURCE] or None,
        "proposals": [_proposal(p, consultation.language) for p in proposals],
    }
    # A line per text, however long: a change then shows as one changed line.
    return yaml.safe_dump(_given(written), allow_unicode=True, sort_keys=False, width=10_000)


def _source(source: Source) -> dict[str, Any]:
    return _given(
        {
            "name": source.name,
            "title": source.title,
            "publisher": source.publisher,
            "origins": list(source.origins),
            "accent": source.accent,
            "blocked": source.blocked or None,
        }
    )


def _proposal(proposal: Proposal, language: str) -> dict[str, Any]:
    accepted = proposal.state is ProposalState.ACCEPTED
    return _given(
        {
            "id": proposal.id,
            "text": proposal.text,
            "author": proposal.author,
            "age": proposal.age,
            "language": None if proposal.language == language else proposal.language,
            "state": None if accepted else str(proposal.state),
            "central": proposal.central,
        }
    )


def _given(written: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in written.items() if value is not None}


def _written(moment: datetime) -> str:
    """Return the local time; with its offset if the clock shows that hour twice."""
    twice = moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()
    return str(moment if twice else moment.replace(tzinfo=None, fold=0))
