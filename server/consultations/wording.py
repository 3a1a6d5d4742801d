"""Wording: what the text of a question or a proposal may be, whoever wrote it."""

import re
import unicodedata

from server.consultations.consultation import PROPOSAL_LENGTH

MARKUP = re.compile(r"<[a-z/!?]|&(?:[a-z]+|#x?[0-9a-f]+);", re.IGNORECASE)
LINK = re.compile(
    r"\b(?:[a-z]+://|www\.|mailto:)|\b[\w.+-]+@[\w-]+\.\w|\]\("
    r"|\b[a-z0-9-]{2,}\.(?:com|fr|org|net|eu|io|info|be|ch)\b",
    re.IGNORECASE,
)
# Control characters, line breaks among them, and the marks that turn the reading direction
# around: they can make a text read as something else than what it says.
TRICK = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def tidy(text: str) -> str:
    """Return `text` composed (NFC), without space around it: what is stored and measured."""
    return unicodedata.normalize("NFC", text).strip()


def objections(text: str) -> list[str]:
    """Return what speaks against showing a tidy `text` as it is; empty if nothing does."""
    found = []
    if TRICK.search(text):
        found.append("must be one line, without control characters.")
    if MARKUP.search(text):
        found.append("must be plain text, without HTML.")
    if LINK.search(text):
        found.append("must not hold a link or an address.")
    return found


def proposal_objections(text: str, prefix: str | None) -> list[str]:
    """Return what speaks against a tidy `text` as a proposal."""
    low, high = PROPOSAL_LENGTH
    found = objections(text)
    if not low <= len(text) <= high:
        found.append(f"must have {low} to {high} characters; it has {len(text)}.")
    if prefix and not re.match(re.escape(prefix) + r"\W", text):
        found.append(f"must begin with “{prefix}”.")
    return found


def likeness(text: str) -> str:
    """Return a key that two texts share if only case, accents or spaces tell them apart."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in letters if not unicodedata.combining(c))
    return "".join(bare.split())
