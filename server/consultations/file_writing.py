"""File writing: a consultation as the text of which reading it makes the same again."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from server.consultations import file_decks, file_handling, file_partners, followup_writing
from server.consultations.ages import Band
from server.consultations.consultation import (
    DIRECT_SOURCE,
    Consultation,
    Proposal,
    ProposalState,
    Source,
)
from server.consultations.file_content import ConsultationFile
from server.consultations.file_times import instant, written_in
from server.consultations.kinds import Kind
from server.consultations.proposing import Submission

Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def dump(found: ConsultationFile, verbatim: bool = False) -> str:
    """Return the file of which `parse` makes the same; `verbatim` has texts taken as they stand.

    What is said of a proposal that is not in it is left out.
    """
    proposals = list(_proposals(found))
    asked = followup_writing.within(found.consultation, {one["id"] for one in proposals})
    written = {
        **_head(asked),
        "verbatim": verbatim or None,
        "labels": list(found.labels) or None,
        "partners": [_given(file_partners.written(p, found.pictures)) for p in asked.partners]
        or None,
        **followup_writing.written(asked),
        "sources": [_source(s) for s in asked.sources if s != DIRECT_SOURCE] or None,
        "proposals": proposals,
    }
    # A line per text, however long: a change then shows as one changed line.
    text: str = yaml.dump(
        _given(written), Dumper=Dumper, allow_unicode=True, sort_keys=False, width=10_000
    )
    return text


def _proposals(found: ConsultationFile) -> Iterator[dict[str, Any]]:
    language, zone = found.consultation.language, _zone(found.consultation)
    for one in found.proposals:
        yield {**_proposal(one, language), **_handling(found, one.id)}
    for submission in found.submitted:
        handled = _handling(found, submission.proposal.id)
        reader = {} if "down" in handled else {"reader": True}
        yield {
            **_proposal(submission.proposal, language),
            **reader,
            **_submission(submission, zone),
            **handled,
        }


def _handling(found: ConsultationFile, number: int) -> dict[str, Any]:
    handled = found.handled.get(number)
    return _given(file_handling.written(handled, _zone(found.consultation))) if handled else {}


def definition(consultation: Consultation) -> dict[str, Any]:
    """Return what a file says of a consultation but for its proposals; a logo is its name."""
    partners = [_given({**asdict(p), "role": str(p.role)}) for p in consultation.partners]
    return _given(
        {
            **_head(consultation),
            "partners": partners or None,
            "sources": [_source(s) for s in consultation.sources if s != DIRECT_SOURCE] or None,
        }
    )


def _head(consultation: Consultation) -> dict[str, Any]:
    zone = _zone(consultation)
    until = consultation.proposals_until
    return {
        "slug": consultation.slug,
        "question": consultation.question,
        "language": consultation.language,
        "kind": None if consultation.kind is Kind.CONSULTATION else str(consultation.kind),
        "theme": consultation.theme,
        "cause": consultation.cause,
        "featured": consultation.featured or None,
        "operation": consultation.operation,
        "timezone": zone.key,
        "opens": written_in(zone, consultation.opens),
        "proposals-until": written_in(zone, until) if until else None,
        "closes": written_in(zone, consultation.closes),
        "reached": {str(r.phase): written_in(zone, r.at) for r in consultation.reached} or None,
        "prefix": consultation.prefix,
        "results": str(consultation.results),
        "boxes": consultation.boxes or None,
        "retention": consultation.retention,
        "rehearsal": consultation.rehearsal or None,
        "proposing": consultation.proposing or None,
        "afterwards": consultation.afterwards,
        "deck": file_decks.written(consultation.deck),
    }


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
            "age": str(proposal.age) if isinstance(proposal.age, Band) else proposal.age,
            "language": None if proposal.language == language else proposal.language,
            "state": None if accepted else str(proposal.state),
            "central": proposal.central,
        }
    )


def _submission(submission: Submission, zone: ZoneInfo) -> dict[str, Any]:
    at, reason = submission.at, submission.reason
    return _given(
        {
            "at": None if at is None else written_in(zone, instant(at)),
            "reason": reason and str(reason),
        }
    )


def _zone(consultation: Consultation) -> ZoneInfo:
    return ZoneInfo(getattr(consultation.opens.tzinfo, "key", "UTC"))


def _given(written: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in written.items() if value is not None}
