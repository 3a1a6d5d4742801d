"""File checks: what one key of a consultation file says about another."""

from typing import Any

from server.consultations.consultation import DIRECT_SOURCE, MOST_SOURCES, ProposalState
from server.consultations.fault_codes import FaultCode
from server.consultations.records import Reading, Record
from server.consultations.wording import likeness, proposal_objections


def check_sources(reading: Reading, found: Record) -> None:
    unique(reading, found.get("sources") or [], "name", lambda source: source.get("name"))
    for source in (found.get("sources") or [])[MOST_SOURCES - DIRECT_SOURCE.number :]:
        message = f"is one too many: at most {MOST_SOURCES - DIRECT_SOURCE.number} sources."
        reading.fault(source.line_of("name"), source.field("name"), message)
    for source in found.get("sources") or []:
        origins = source.get("origins")
        if origins and len(set(origins)) < len(origins):
            message = "holds the same origin twice."
            reading.fault(source.line_of("origins"), source.field("origins"), message)


def check_proposals(reading: Reading, found: Record) -> None:
    proposals: list[Record] = found.get("proposals") or []
    unique(reading, proposals, "id", lambda proposal: proposal.get("id"))
    unique(reading, proposals, "central", lambda proposal: proposal.get("central"))
    for proposal in proposals:
        _check_reader_s(reading, proposal)
    if not as_it_stands(found):
        for proposal in proposals:
            _check_text(reading, proposal, found.get("prefix"))
        unique(reading, proposals, "text", lambda p: likeness(p.get("text") or "") or None)


def as_it_stands(found: Record) -> bool:
    """Whether texts are taken as they are: they were published, or checked, before."""
    return bool(found.get("rehearsal") or found.get("verbatim"))


def is_reader_s(proposal: Record) -> bool:
    """Whether it lies with those of readers that are not published, or not any more."""
    return bool(proposal.get("reader") or proposal.get("down"))


def _check_reader_s(reading: Reading, proposal: Record) -> None:
    """Of what is published, nobody knows any more when it came in."""
    state = proposal.get("state") or ProposalState.ACCEPTED
    for key, fits, message in (
        ("reader", state is not ProposalState.ACCEPTED, "goes with what is pending or refused."),
        ("at", proposal.get("reader"), "goes with `reader: true`."),
    ):
        if proposal.get(key) and not fits:
            reading.fault(proposal.line_of(key), proposal.field(key), message)


def _check_text(reading: Reading, proposal: Record, prefix: str | None) -> None:
    if "text" in proposal.values:
        line, name = proposal.line_of("text"), proposal.field("text")
        for objection in proposal_objections(proposal.values["text"], prefix):
            reading.fault(line, name, objection.message, f"wording.{objection.code}")


def unique(reading: Reading, records: list[Record], key: str, identity: Any) -> None:
    """List each record that has the same `identity` as an earlier one."""
    first: dict[Any, int] = {}
    for one in records:
        same, line = identity(one), one.line_of(key)
        if same in first:
            message = f"is the same as on line {first[same]}."
            reading.fault(line, one.field(key), message, FaultCode.SAME, first=first[same])
        elif same is not None:
            first[same] = line
