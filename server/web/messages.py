"""Messages: what the booth says, in the reader's language, with that language's plurals."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import (
    format_date,
    format_skeleton,
    format_time,
    format_timedelta,
    get_timezone_name,
)
from babel.lists import format_list
from babel.numbers import format_compact_decimal, format_decimal

from server.consultations.ages import CHILD, OF_AGE, Band
from server.settings import SettingsError

REVIEW = "_review"  # the head of a messages file: who stands for it, and since when
COMPACT_FROM = 10_000
REGIONS = {"en": "en-GB"}  # by language, where Babel takes another: 23 December, 18:30

Catalogue = dict[str, Any]


@dataclass(frozen=True)
class Speech:
    """One language: its messages, its direction, its plurals, its numbers and its dates."""

    lang: str
    catalogue: Catalogue
    signed: str | None = None  # the native speaker who read it; nobody: it is a draft

    @classmethod
    def parse(cls, lang: str, text: str) -> "Speech":
        """Read a messages file."""
        catalogue = json.loads(text)
        return cls(lang, catalogue, catalogue.pop(REVIEW)["signed"])

    @cached_property
    def locale(self) -> Locale:
        return Locale.parse(REGIONS.get(self.lang, self.lang), sep="-")

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`, as HTML's `dir` wants it."""
        return self.locale.text_direction

    def t(self, key: str, **values: Any) -> str:
        """Return the message `key`; `count` chooses among its plural forms."""
        message = self.catalogue[key]
        if isinstance(message, dict):
            form = self.locale.plural_form(values["count"])
            message = message.get(form, message["other"])
        shown = {k: self.n(v) if isinstance(v, int) else v for k, v in values.items()}
        return str(message).format(**shown)

    def n(self, number: int) -> str:
        return format_decimal(number, locale=self.locale)

    def amount(self, amount: Decimal) -> str:
        """Return an amount with every digit that it was given with: 12.50 keeps its nought."""
        exponent = amount.as_tuple().exponent
        digits = max(0, -exponent) if isinstance(exponent, int) else 0
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return format_decimal(amount, pattern, locale=self.locale)

    def listed(self, names: Sequence[str]) -> str:
        """Return names one after the other: A, B and C."""
        if self.direction == "rtl":  # names in other scripts stay in their order
            names = [f"\u2068{name}\u2069" for name in names]
        return format_list(names, locale=self.locale)

    def compact(self, number: int) -> str:
        """Return a number with few digits, for a scale: 250 k."""
        if number < COMPACT_FROM:
            return self.n(number)
        return format_compact_decimal(number, fraction_digits=1, locale=self.locale)

    def byline(self, author: str | None, band: Band | None) -> str | None:
        """Return who proposed something, with their age in years if they gave one too."""
        if not author or not band:
            return author
        if band is Band.FROM_75:
            return self.t("bylineElder", author=author, age=band.least)
        return self.t("byline", author=author, age=band)

    def years(self, band: str) -> str:
        """Return what a band of age is called: 25-34 years."""
        if band == CHILD:
            return self.t("ageChild", age=OF_AGE)
        if band == Band.FROM_75:
            return self.t("ageElder", age=Band.FROM_75.least)
        return self.t("ageBand", age=band)

    @property
    def name(self) -> str:
        """What the language calls itself: français."""
        return self.locale.language_name or self.lang

    def language(self, code: str) -> str:
        """Return the name of a language in this one: anglais, for `en` in French."""
        return Locale.parse(code, sep="-").get_display_name(self.locale) or code

    def moment(self, moment: datetime) -> str:
        """Return an instant in words, in the time zone it carries, which is named if it has one."""
        day = self.date(moment)
        time = format_time(moment.time(), "short", locale=self.locale)
        when = self.t("moment", day=day, time=time)
        if not isinstance(moment.tzinfo, ZoneInfo):
            return when
        return f"{when} ({get_timezone_name(moment.tzinfo, locale=self.locale)})"

    def day(self, moment: datetime) -> str:
        """Return the day and month of an instant, in the time zone it carries."""
        return self.first(format_skeleton("MMMMd", moment, locale=self.locale))

    def short(self, moment: datetime) -> str:
        """Return the day of an instant as it is written below a chart: 12 Mar."""
        return self.first(format_skeleton("MMMd", moment, locale=self.locale))

    def clock(self, moment: datetime) -> str:
        """Return the time of an instant: 18:30."""
        return format_time(moment.time(), "short", locale=self.locale)

    def date(self, day: date) -> str:
        """Return a day with its year: 2 April 2027."""
        return self.first(format_date(day, "long", locale=self.locale))

    def first(self, day: str) -> str:
        """Mend the first of a month, which the locale data of French forget: 1er mars."""
        return re.sub(r"^1(?= )", "1er", day) if self.locale.language == "fr" else day

    def wait(self, distance: timedelta) -> str:
        """Return in words how long it is until then: in 9 days, which is not yet two weeks."""
        return format_timedelta(distance, threshold=2, add_direction=True, locale=self.locale)


class Messages:
    """The languages that readers are spoken to in."""

    def __init__(self, speeches: dict[str, Speech]) -> None:
        self._speeches = speeches

    @classmethod
    def load(cls, drafts: Iterable[str] | None = None) -> "Messages":
        """Return the languages that somebody signed, and those `drafts` that are asked for.

        A draft that there is no file of is a `SettingsError`.
        """
        found = written()
        wanted = set(drafts or ())
        if missing := sorted(wanted - set(found)):
            names = ", ".join(missing)
            raise SettingsError(f"ISOLOIR_DRAFT_LANGUAGES: there are no messages in {names}.")
        return cls({lang: s for lang, s in found.items() if s.signed or lang in wanted})

    @property
    def spoken(self) -> list[str]:
        """Return the languages that we speak, the one of last resort first."""
        return sorted(self._speeches, key=lambda lang: (lang != "fr", lang))

    def names(self) -> list[tuple[str, str]]:
        """Return each language that we speak, and what it calls itself."""
        return [(lang, self._speeches[lang].name) for lang in self.spoken]

    def known(self, lang: str | None) -> str | None:
        """Return `lang` if we speak it."""
        return lang if lang in self._speeches else None

    def speech(self, *wanted: str | None) -> Speech:
        """Return the first language wanted that we speak; French otherwise."""
        return next(
            (self._speeches[lang] for lang in wanted if lang in self._speeches),
            self._speeches["fr"],
        )


def written() -> dict[str, Speech]:
    """Return every language there is a file of, drafts too."""
    folder = files("widget").joinpath("messages")
    paths = [path for path in folder.iterdir() if path.name.endswith(".json")]
    langs = {path.name.removesuffix(".json"): path for path in paths}
    return {lang: Speech.parse(lang, langs[lang].read_text("utf-8")) for lang in sorted(langs)}
