"""File times: the instants of a consultation file, by the clock that it names."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from server.consultations import values
from server.consultations.fault_codes import FaultCode
from server.consultations.phases import STATED, Reached
from server.consultations.records import Reading, Record, Wrong

WINDOW = ("opens", "proposals-until", "closes")


def check_times(reading: Reading, found: Record) -> None:
    """Put all times into the consultation's zone, and list those that are in no order."""
    stated = _stated(found)
    for key in WINDOW:
        put_in_zone(reading, found, key, found.get("timezone"))
    for phase in STATED:
        put_in_zone(reading, stated, phase, found.get("timezone"))
    for proposal in found.get("proposals") or []:
        put_in_zone(reading, proposal, "at", found.get("timezone"))
    if found.get("timezone"):
        _check_window(reading, found)
        _check_stated(reading, stated, found.get("closes"))


def reached(found: Record) -> tuple[Reached, ...]:
    """Return the phases that a file says are reached, in their order."""
    given = _stated(found).values
    return tuple(Reached(phase, given[phase]) for phase in STATED if phase in given)


def milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def instant(milliseconds: int) -> datetime:
    """Return the instant of so many milliseconds; `milliseconds` returns the same number."""
    return datetime.fromtimestamp(milliseconds // 1000, UTC) + timedelta(
        milliseconds=milliseconds % 1000
    )


def _stated(found: Record) -> Record:
    return found.get("reached") or Record(found.line, "reached")


def written_in(zone: ZoneInfo, instant: datetime) -> str:
    """Return the local time; with its offset if the clock shows that hour twice."""
    moment = instant.astimezone(zone)
    twice = moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()
    return str(moment if twice else moment.replace(tzinfo=None, fold=0))


def put_in_zone(reading: Reading, record: Record, key: str, zone: str | None) -> None:
    """Have a time that was read stand in the consultation's zone."""
    if record.get(key) and zone:
        try:
            record.values[key] = values.in_zone(record.get(key), ZoneInfo(zone))
        except Wrong as wrong:
            del record.values[key]
            reading.wrong(record.line_of(key), record.field(key), wrong)


def _check_window(reading: Reading, found: Record) -> None:
    """What staff open and end by hand within one second begins and ends at the same instant."""
    opens, until, closes = (found.get(key) for key in WINDOW)
    if opens and closes and closes.timestamp() < opens.timestamp():
        message = "must not be earlier than `opens`."
        reading.fault(found.line_of("closes"), "closes", message, FaultCode.NO_ORDER)
    elif until and (
        (opens and until.timestamp() < opens.timestamp())
        or (closes and until.timestamp() > closes.timestamp())
    ):
        message = "must not be earlier than `opens`, nor later than `closes`."
        line, code = found.line_of("proposals-until"), FaultCode.NO_ORDER_UNTIL
        reading.fault(line, "proposals-until", message, code)


def _check_stated(reading: Reading, stated: Record, closes: datetime | None) -> None:
    """A phase begins with the close, or later, and never before the one that it follows."""
    before, name = closes, "closes"
    for phase in STATED:
        moment: datetime | None = stated.get(phase)
        if moment and before and moment.timestamp() < before.timestamp():
            message = f"must not be earlier than `{name}`."
            reading.fault(stated.line_of(phase), stated.field(phase), message)
        elif moment:
            before, name = moment, phase
