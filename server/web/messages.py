"""Messages: what the booth says, in the reader's language, with that language's plurals."""

import json
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_timezone_name
from babel.numbers import format_decimal

Catalogue = dict[str, Any]


@dataclass(frozen=True)
class Speech:
    """One language: its messages, its plurals, its numbers and its dates."""

    lang: str
    catalogue: Catalogue

    def t(self, key: str, **values: Any) -> str:
        """Return the message `key`; `count` chooses among its plural forms."""
        message = self.catalogue[key]
        if isinstance(message, dict):
            form = Locale.parse(self.lang).plural_form(values["count"])
            message = message.get(form, message["other"])
        shown = {k: self.n(v) if isinstance(v, int) else v for k, v in values.items()}
        return str(message).format(**shown)

    def n(self, number: int) -> str:
        return format_decimal(number, locale=self.lang)

    def moment(self, moment: datetime) -> str:
        """Return an instant in words, in the time zone it carries, which is named if it has one."""
        day = format_date(moment, "long", locale=self.lang)
        when = self.t("moment", day=day, time=format_time(moment.time(), "short", locale=self.lang))
        if not isinstance(moment.tzinfo, ZoneInfo):
            return when
        return f"{when} ({get_timezone_name(moment.tzinfo, locale=self.lang)})"


class Messages:
    def __init__(self, speeches: dict[str, Speech]) -> None:
        self._speeches = speeches

    @classmethod
    def load(cls) -> "Messages":
        folder = files("widget").joinpath("messages")
        names = [f.name for f in folder.iterdir() if f.name.endswith(".json")]
        return cls(
            {
                name.removesuffix(".json"): Speech(
                    name.removesuffix(".json"), json.loads(folder.joinpath(name).read_text("utf-8"))
                )
                for name in names
            }
        )

    def known(self, lang: str | None) -> str | None:
        """Return `lang` if we speak it."""
        return lang if lang in self._speeches else None

    def speech(self, *wanted: str | None) -> Speech:
        """Return the first language wanted that we speak; French otherwise."""
        return next(
            (self._speeches[lang] for lang in wanted if lang in self._speeches),
            self._speeches["fr"],
        )
