"""Wording: what the text of a question or a proposal may be, whoever wrote it."""

import re
import unicodedata
from typing import NamedTuple

from server.consultations.consultation import PROPOSAL_LENGTH
from server.consultations.typography import french

MARKUP = re.compile(r"<[a-z/!?]|&(?:[a-z]+|#x?[0-9a-f]+);", re.IGNORECASE)
LINK = re.compile(
    r"\b(?:[a-z]+://|www\.|mailto:)|\b[\w.+-]+@[\w-]+\.\w|\]\("
    r"|\b[a-z0-9-]{2,}\.(?:com|fr|org|net|eu|io|info|be|ch)\b",
    re.IGNORECASE,
)
# Control characters, line breaks among them, and the marks that turn the reading direction
# around: they can make a text read as something else than what it says. And what is no character
# at all: XML, so feeds and charts, and UTF-8 have no place for some of these.
TRICK = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


class Objection(NamedTuple):
    """Something wrong in a text: a word for programs, and what to do, for people."""

    code: str
    message: str


def tidy(text: str) -> str:
    """Return `text` composed (NFC), without space around it: what is stored and measured."""
    return unicodedata.normalize("NFC", text).strip()


def objections(text: str) -> list[Objection]:
    """Return what speaks against showing a tidy `text` as it is; empty if nothing does."""
    found = []
    if TRICK.search(text):
        found.append(Objection("odd-characters", "must be one line, without control characters."))
    if MARKUP.search(text):
        found.append(Objection("markup", "must be plain text, without HTML."))
    if LINK.search(text):
        found.append(Objection("link", "must not hold a link or an address."))
    return found


def proposal_objections(text: str, prefix: str | None) -> list[Objection]:
    """Return what speaks against a tidy `text` as a proposal."""
    low, high = PROPOSAL_LENGTH
    found = objections(text)
    if not low <= len(text) <= high:
        code = "too-short" if len(text) < low else "too-long"
        message = f"must have {low} to {high} characters; it has {len(text)}."
        found.append(Objection(code, message))
    # A prefix typed with ' and a text with ’ begin alike.
    if prefix and not re.match(re.escape(french(prefix)) + r"\W", french(text)):
        found.append(Objection("no-prefix", f"must begin with “{prefix}”."))
    return found


def verbatim(text: str) -> str:
    """Return a key that two texts share if only case, spaces and a final dot tell them apart."""
    return "".join(unicodedata.normalize("NFC", text.casefold()).split()).rstrip(".")


def likeness(text: str) -> str:
    """Return a key that two texts share if only case, accents or spaces tell them apart."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in letters if not unicodedata.combining(c))
    return "".join(bare.split())
