"""Values: what one value of a consultation file may be. Each parser raises `Wrong`."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NoReturn, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from server.consultations.ages import Age, Band
from server.consultations.colours import demand_visible
from server.consultations.consultation import DIRECT, HOUSE, SLUG
from server.consultations.fault_codes import FaultCode
from server.consultations.records import Wrong
from server.consultations.wording import Objection, objections, tidy

LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?")
ACCENT = re.compile(r"#[0-9a-f]{6}")
INSTANT = re.compile(r"20\d\d-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d{6})?)?(?:Z|[+-]\d\d:\d\d)?")
HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")
CENTRAL = re.compile(r"[\x21-\x7e]{1,100}")
OURS = re.compile(r"[a-z0-9][a-z0-9.-]*(?:~rehearsal)?:[0-9]+")  # <deployment>:<id>
AMOUNT = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,6})?")
DAY = re.compile(r"20\d\d-\d\d-\d\d")
ADDRESS = re.compile(r"https://[!#-;=?-_a-z~]+")  # ASCII without spaces, quotes, brackets
LINK_LENGTH = 400  # characters
SLUG_LENGTH = 64  # characters
DEFAULT_PORTS = {"http": 80, "https": 443}

Choice = TypeVar("Choice", bound=StrEnum)


def slug(text: str) -> str:
    if len(text) > SLUG_LENGTH or not SLUG.fullmatch(text):
        raise Wrong(
            "must be small letters, digits and single hyphens, at most 64 in all.",
            FaultCode.NO_SLUG,
        )
    return text


def source_name(text: str) -> str:
    if text == DIRECT:
        raise Wrong(f"“{DIRECT}” is reserved for votes on our own pages.")
    return slug(text)


def publisher(text: str) -> str:
    if text == HOUSE:
        raise Wrong(f"“{HOUSE}” is reserved for our own pages.")
    return slug(text)


def line(longest: int) -> Callable[[str], str]:
    """Return a parser of one line of plain text of at most `longest` characters."""

    def parse(text: str) -> str:
        tidied = tidy(text)
        given = len(tidied)
        found = [Objection(f"wording.{code}", said) for code, said in objections(tidied)]
        if given > longest:
            message = f"must have at most {longest} characters; it has {given}."
            found.append(Objection(FaultCode.TOO_LONG, message))
        if found:
            said = " ".join(objection.message for objection in found)
            raise Wrong(said, found[0].code, most=longest, given=given)
        return tidied

    return parse


def is_central(text: str) -> bool:
    """Whether every receiver takes the id, and it can never be that of another proposal of ours."""
    return bool(CENTRAL.fullmatch(text)) and not OURS.fullmatch(text)


def central(text: str) -> str:
    if not CENTRAL.fullmatch(text):
        raise Wrong("must be at most 100 ASCII characters without spaces or accents.")
    if not is_central(text):
        raise Wrong(f"is like the ids that we give ourselves: “{text}”. Leave it out.")
    return text


def verbatim(text: str) -> str:
    return text


def language(text: str) -> str:
    if not LANGUAGE.fullmatch(text):
        raise Wrong(
            f"must be a language code such as fr or pt-BR, not “{text}”.", FaultCode.NO_LANGUAGE
        )
    return text


def timezone(text: str) -> str:
    if text not in available_timezones():
        raise Wrong(f"must be a time zone such as Europe/Paris, not “{text}”.", FaultCode.NO_ZONE)
    return text


def instant(text: str) -> datetime:
    """Return the time as written: with a zone only if the text has an offset."""
    if not INSTANT.fullmatch(text):
        raise Wrong("must be a day and a time, such as 2027-01-31 09:00.", FaultCode.NO_INSTANT)
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise Wrong(f"is no time there ever was: {error}.", FaultCode.NO_INSTANT) from None


def in_zone(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment by that zone's clock; raise `Wrong` for an hour that the clock skips."""
    if moment.tzinfo:
        return moment.astimezone(zone)
    local = moment.replace(tzinfo=zone)
    if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment:
        message = f"does not exist in {zone.key}: the clocks go forward."
        raise Wrong(message, FaultCode.SKIPPED_HOUR, zone=zone.key)
    return local


def in_order(opens: datetime, closes: datetime) -> None:
    """Raise `Wrong` unless one is later than the other, whatever the clocks show."""
    if closes.timestamp() <= opens.timestamp():
        raise Wrong(f"It would close on {closes.isoformat()}, and open on {opens.isoformat()}.")


def origin(text: str) -> str:
    """Return an origin exactly as browsers write it."""
    parts = urlsplit(text)
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    exact = f"{parts.scheme}://{host}" + (f":{port}" if port is not None else "")
    local = host == "localhost" or host.endswith(".localhost")
    if parts.scheme == "http" and not local:
        raise Wrong("must begin with https:// (http only on localhost).", FaultCode.NO_ORIGIN)
    if exact != text or parts.scheme not in DEFAULT_PORTS or not HOST.fullmatch(host):
        message = f"must be an exact origin such as https://www.example.fr, not “{text}”."
        raise Wrong(message, FaultCode.NO_ORIGIN)
    if port == DEFAULT_PORTS[parts.scheme]:
        raise Wrong(f"must leave out the usual port: {parts.scheme}://{host}.", FaultCode.NO_ORIGIN)
    return text


def link(text: str) -> str:
    """Return an address that readers are sent to: https, and nothing that hides where it leads."""
    if len(text) > LINK_LENGTH or not ADDRESS.fullmatch(text):
        message = f"must be an address that begins with https://, not “{text[:60]}”."
        raise Wrong(message, FaultCode.NO_LINK)
    parts = urlsplit(text)
    if parts.username is not None or not HOST.fullmatch(parts.hostname or ""):
        raise Wrong("must name a host such as www.example.fr, without a user.", FaultCode.NO_LINK)
    return text


def day(text: str) -> date:
    try:
        return date.fromisoformat(text) if DAY.fullmatch(text) else _no_day(text)
    except ValueError:
        return _no_day(text)


def _no_day(text: str) -> NoReturn:
    raise Wrong(f"must be a day such as 2027-01-31, not “{text}”.", FaultCode.NO_DAY)


def accent(text: str) -> str:
    if not ACCENT.fullmatch(text.lower()):
        raise Wrong(
            f"must be a colour such as #c8102e in quotes, not “{text}”.", FaultCode.NO_COLOUR
        )
    return demand_visible(text.lower())


def whole(low: int, high: int) -> Callable[[str], int]:
    """Return a parser of a whole number between `low` and `high`."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not low <= int(text) <= high:
            message = f"must be a whole number from {low} to {high}, not “{text}”."
            raise Wrong(message, FaultCode.NO_NUMBER, low=low, high=high)
        return int(text)

    return parse


def amount(text: str) -> Decimal:
    """Return an amount to the digit, as it was written."""
    if not AMOUNT.fullmatch(text):
        message = f"must be an amount such as 1000 or 12.50, not “{text[:60]}”."
        raise Wrong(message, FaultCode.NO_AMOUNT)
    return Decimal(text)


def some(text: str) -> Decimal:
    """Return an amount that is more than nothing."""
    found = amount(text)
    if not found:
        raise Wrong("must be more than 0.", FaultCode.NO_AMOUNT)
    return found


def age(text: str) -> Age:
    """Parse exact years, or the band that is kept of a reader."""
    return Band(text) if text in set(Band) else whole(1, 120)(text)


def flag(text: str) -> bool:
    if text not in {"true", "false"}:
        raise Wrong(f"must be true or false, not “{text}”.", FaultCode.NO_FLAG)
    return text == "true"


def choice(kind: type[Choice]) -> Callable[[str], Choice]:
    """Return a parser of one of the words of `kind`."""

    def parse(text: str) -> Choice:
        if text not in list(kind):
            words = ", ".join(kind)
            raise Wrong(f"must be one of {words}, not “{text}”.", FaultCode.NO_CHOICE, words=words)
        return kind(text)

    return parse
