"""The console's words: French and English, apart from what readers are told."""

import json
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from babel.dates import (
    format_date,
    format_datetime,
    format_timedelta,
    get_timezone_location,
)
from babel.numbers import format_decimal
from flask import Request

from server.consultations.errors import Fault
from server.web.messages import Speech

LANGUAGES = ("fr", "en")


class StaffSpeech(Speech):
    """A language with what figures need beyond what readers are shown."""

    def decimal(self, number: float) -> str:
        """Return a pace in words: whole from 10 on, one digit below."""
        exact = abs(number) < 10 and number != int(number)
        return format_decimal(round(number, 1 if exact else 0), "#,##0.#", locale=self.locale)

    def fault(self, fault: Fault) -> str:
        """Return what is wrong in a file; the few kinds without words of ours in English."""
        key = fault.code if "." in fault.code else f"wrong.file.{fault.code}"
        return self.t(key, **fault.values) if key in self.catalogue else fault.message

    def hundredths(self, number: float) -> str:
        """Return a score to two digits."""
        return format_decimal(number, "#,##0.00;−#", locale=self.locale)

    def percent(self, share: float) -> str:
        """Return a share of 1 as a percentage: whole from 10 on, one digit below."""
        shown = format_decimal(share * 100, "0.#" if share < 0.1 else "0", locale=self.locale)
        return f"{shown}\u202f%" if self.lang == "fr" else f"{shown}%"

    def stamp(self, moment: datetime, zone: tzinfo = UTC) -> str:
        """Return an instant as a table shows it."""
        return self.wall(moment.astimezone(zone))

    def wall(self, moment: datetime | str) -> str:
        """Return a time as it stands, or as the field of a form holds it: anything, if sent by hand."""
        if isinstance(moment, str):
            try:
                moment = datetime.fromisoformat(moment)
            except ValueError:
                return str(moment)
        return f"{self.date(moment)} {moment:%H:%M}"

    def instant(self, milliseconds: int, zone: tzinfo = UTC) -> str:
        """The same for an instant by the store's clock."""
        return self.stamp(datetime.fromtimestamp(milliseconds / 1000, UTC), zone)

    def instant_second(self, milliseconds: int, zone: tzinfo = UTC) -> str:
        return self.second(datetime.fromtimestamp(milliseconds / 1000, UTC), zone)

    def second(self, moment: datetime, zone: tzinfo = UTC) -> str:
        return format_datetime(moment.astimezone(zone), "HH:mm:ss", locale=self.locale)

    def hour(self, milliseconds: int, zone: tzinfo = UTC) -> str:
        """Return a time of the day: 16 h 40 in French, as it is printed."""
        moment = datetime.fromtimestamp(milliseconds / 1000, UTC).astimezone(zone)
        if self.lang == "fr":
            return f"{moment.hour}\u202fh\u202f{moment:%M}"
        return format_datetime(moment, "HH:mm", locale=self.locale)

    def last_day(self, end: datetime) -> str:
        """Return the last day before something ends, that day included."""
        return self.date((end - timedelta(seconds=1)).astimezone(UTC).date())

    def date(self, day: date) -> str:
        return self.first(format_date(day, "d MMM y", locale=self.locale))

    def zone(self, zone: tzinfo) -> str:
        """Return where clocks show what the page shows: Paris, or UTC."""
        if isinstance(zone, ZoneInfo):
            return get_timezone_location(zone, locale=self.locale, return_city=True)
        return zone.tzname(None) or "UTC"

    def since(self, milliseconds: float) -> str:
        """Return how long something lasts, in short: 26 h."""
        span = timedelta(milliseconds=max(0.0, milliseconds))
        return format_timedelta(span, threshold=2, format="short", locale=self.locale)


@cache
def speech(language: str) -> StaffSpeech:
    text = files("server.staff").joinpath("messages", f"{language}.json").read_text("utf-8")
    return StaffSpeech(language, json.loads(text))


def wanted(asked: Request) -> str:
    """Return which of our languages a browser wants most; French where it says nothing."""
    tags = (value.partition("-")[0].lower() for value, quality in asked.accept_languages if quality)
    return next((tag for tag in tags if tag in LANGUAGES), LANGUAGES[0])
