"""Hints: what a moderator may want to look at twice in a text, and where. They decide nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers

from server.consultations.insults import INSULTS
from server.consultations.languages import may_be_other
from server.consultations.similar import folded

# Where a number without its country's code is dialled, by the language it is written in.
REGIONS = {"fr": "FR", "en": "GB", "de": "DE", "es": "ES", "it": "IT", "pt": "PT", "nl": "NL"}
EMAIL = re.compile(
    r"[\w.+-]+\s?(?:@|\[at\]|\(at\)|\barobase\b)\s?[\w-]+(?:\s?(?:\.|\bpoint\b)\s?\w+)+"
)
WAYS = (
    "rue|avenue|av|boulevard|bd|bld|place|chemin|impasse|allee|allée|quai|route|cours|square|sentier"
    "|street|road|lane|drive|terrace|calle|avenida|via|viale|piazza|rua|travessa|straat|laan|plein"
)
ADDRESS = re.compile(
    rf"\b\d{{1,4}}(?:\s?(?:bis|ter))?,?\s+(?:{WAYS})\b\.?(?:\s+[\w’'-]+){{1,4}}"
    r"|\b[A-ZÄÖÜ][\w-]+(?:straße|strasse|weg|platz|allee|straat|laan)\s+\d{1,4}\b"
    r"|\b\d{5}\s+[A-ZÉÈ][\w’'-]+",
    re.IGNORECASE,
)
TITLES = (
    "M\\.|MM\\.|Mme|Mlle|Monsieur|Madame|Mademoiselle|Maître|Docteur|Dr|Pr|Mr|Mrs|Ms|Miss|Sir|Lord"
    "|Herr|Frau|Señora?|Sra?\\.?|Don|Doña|Signora?|Sig\\.|Dott\\.|Senhora?|Dhr\\.?|Mevrouw|Mevr\\."
)
TITLED = re.compile(
    rf"\b(?:{TITLES})\s+(?:(?:de|du|des|von|van|di|da)\s+)?[A-ZÀ-Þ][\w’'-]+(?:\s+[A-ZÀ-Þ][\w’'-]+)*"
)
TOKEN = re.compile(r"[^\W_]+(?:[@$!*|][^\W_]*)*|[@$][^\W_]+")
LEET = str.maketrans("0134578@$!|", "oieastbasii")
AS_L = str.maketrans("1!|", "lll")
FOREIGN = 5  # letters, from which a word of another language's list counts too
MANY = re.compile(r"(.)\1{2,}")


class Kind(StrEnum):
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    NAME = "name"
    INSULT = "insult"
    LANGUAGE = "language"  # of the whole text: it marks no part of it


@dataclass(frozen=True)
class Hint:
    """Something seen from `start` up to, but not at, `end`: positions in the text as given."""

    kind: Kind
    start: int
    end: int
    seen: str


def hints(text: str, language: str, prefix: str | None = None) -> tuple[Hint, ...]:
    """Return what stands out in a text, in the order it stands there."""
    spoken = language.split("-")[0]
    found = [*_personal(text, spoken), *_insults(text, spoken)]
    if may_be_other(text, language, prefix):
        found.append(Hint(Kind.LANGUAGE, 0, 0, ""))
    return tuple(sorted(found, key=lambda hint: (hint.start, hint.end)))


def _personal(text: str, language: str) -> Iterator[Hint]:
    region = REGIONS.get(language, "FR")
    for match in phonenumbers.PhoneNumberMatcher(text, region):
        yield Hint(Kind.PHONE, match.start, match.end, match.raw_string)
    for kind, pattern in ((Kind.EMAIL, EMAIL), (Kind.ADDRESS, ADDRESS), (Kind.NAME, TITLED)):
        for seen in pattern.finditer(text):
            yield Hint(kind, seen.start(), seen.end(), seen.group())


def _insults(text: str, language: str) -> Iterator[Hint]:
    """Find whole words of the lists, in whatever disguise of digits, signs and drawn-out letters.

    A French text can hold an English insult, but short words are other words elsewhere.
    """
    for match in TOKEN.finditer(text):
        seen = match.group().rstrip("!|")
        if any(_is_insult(form, language) for form in _plain(seen)):
            yield Hint(Kind.INSULT, match.start(), match.start() + len(seen), seen)


def _plain(token: str) -> set[str]:
    """Return what a word may be meant to read as."""
    word = folded(token)
    if word.isdecimal():
        return set()
    forms = {word, word.translate(LEET), word.translate(AS_L).translate(LEET)}
    forms |= {MANY.sub(r"\1", form) for form in forms} | {MANY.sub(r"\1\1", form) for form in forms}
    return forms | {form[:-1] for form in forms if form[-1:] in {"s", "x"}}


def _is_insult(word: str, language: str) -> bool:
    return any(
        word in words and (spoken == language or len(word) >= FOREIGN)
        for spoken, words in INSULTS.items()
    )
