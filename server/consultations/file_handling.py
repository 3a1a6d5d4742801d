"""File handling: what staff have made of a proposal, as it stands in a consultation file."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from server.consultations.consultation import ProposalState
from server.consultations.file_times import instant, milliseconds, put_in_zone, written_in
from server.consultations.handling import Delay, Handling
from server.consultations.moderation import MOST_LABELS, Former
from server.consultations.proposing import RefusalReason
from server.consultations.records import Reading, Record

OF_STAFF = {"into", "down", "accepted", "labels", "former", "postponed"}


def check_handling(reading: Reading, found: Record) -> None:
    _check_labels(reading, found)
    for proposal in found.get("proposals") or []:
        _check_together(reading, proposal)
        for one, keys in _timed(proposal):
            for key in keys:
                put_in_zone(reading, one, key, found.get("timezone"))


def handling(proposal: Record, is_reader_s: bool) -> Handling:
    """Return what a file says that staff made of a proposal."""
    accepted, delay = proposal.get("accepted"), proposal.get("postponed")
    return Handling(
        reason=None if is_reader_s else proposal.get("reason"),
        into=proposal.get("into"),
        down=bool(proposal.get("down")),
        accepted=milliseconds(accepted) if accepted else None,
        labels=tuple(proposal.get("labels") or ()),
        former=tuple(
            Former(one.get("text"), one.get("by"), milliseconds(one.get("at")))
            for one in proposal.get("former") or ()
        ),
        postponed=_delay(delay) if delay else None,
    )


def written(handled: Handling, zone: ZoneInfo) -> dict[str, Any]:
    """Return what a file says of it; keys with nothing to say are None."""

    def moment(at: int | None) -> str | None:
        return None if at is None else written_in(zone, instant(at))

    delay = handled.postponed
    return {
        "reason": handled.reason and str(handled.reason),
        "down": handled.down or None,
        "into": handled.into,
        "accepted": moment(handled.accepted),
        "labels": list(handled.labels) or None,
        "former": [{"text": one.text, "by": one.by, "at": moment(one.at)} for one in handled.former]
        or None,
        "postponed": delay
        and {
            "until": moment(delay.until),
            "since": moment(delay.since),
            "by": delay.by,
            "at": moment(delay.at),
            **({"note": delay.note} if delay.note else {}),
        },
    }


def _delay(found: Record) -> Delay:
    until, since, at = (_milliseconds(found.get(key)) for key in ("until", "since", "at"))
    return Delay(until, since, found.get("by"), at, found.get("note") or "")


def _milliseconds(moment: datetime | None) -> int:
    return milliseconds(moment) if moment else 0


def _timed(proposal: Record) -> Iterator[tuple[Record, Iterable[str]]]:
    yield proposal, ("accepted",)
    for former in proposal.get("former") or ():
        yield former, ("at",)
    if delay := proposal.get("postponed"):
        yield delay, ("until", "since", "at")


def _check_labels(reading: Reading, found: Record) -> None:
    labels = found.get("labels") or []
    if len(labels) > MOST_LABELS or len(set(labels)) < len(labels):
        message = f"must be at most {MOST_LABELS} labels, each of them once."
        reading.fault(found.line_of("labels"), "labels", message)


def _check_together(reading: Reading, proposal: Record) -> None:
    """Each of these goes with one state of a proposal."""
    state = proposal.get("state") or ProposalState.ACCEPTED
    refused = state is ProposalState.REFUSED
    duplicate = refused and proposal.get("reason") is RefusalReason.DUPLICATE
    for key, fits, message in (
        ("down", refused, "goes with `state: refused`."),
        ("reason", refused, "goes with `state: refused`."),
        ("into", duplicate, "goes with `reason: duplicate`."),
        ("accepted", state is ProposalState.ACCEPTED, "goes with what is accepted."),
        ("postponed", state is ProposalState.PENDING, "goes with `state: pending`."),
    ):
        if proposal.get(key) and not fits:
            reading.fault(proposal.line_of(key), proposal.field(key), message)
    if proposal.get("into") and proposal.get("into") == proposal.get("id"):
        message = "must be another proposal's `id`."
        reading.fault(proposal.line_of("into"), proposal.field("into"), message)
