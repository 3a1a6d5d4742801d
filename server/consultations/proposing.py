"""Proposing: what a reader may hand in, and what staff may answer.

Nobody has looked at these texts yet, so they are held to more than those of a file.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from server.consultations.ages import CHILD, CHOICES, Band
from server.consultations.consultation import (
    PROPOSAL_LENGTH,
    Consultation,
    Proposal,
    ProposalState,
)
from server.consultations.errors import WordingRefused
from server.consultations.languages import is_other
from server.consultations.typography import french
from server.consultations.wording import LINK, Objection, proposal_objections, tidy

NAME_LENGTH = 40  # characters
LOOKED_AT = 1000  # characters; a longer text is too long, and not read any further
MARKS = 4  # accents and vowel signs on one letter; a script that is really written needs three
JOINTS = re.compile("[ ’'‐-]")  # what may stand between two parts of a first name

# Of these any kind at once, and an exotic one alone, is one ordinary space. The two that never
# break a line stay: French sets them before « ? » and behind « « ».
SPACES = " \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
RUN = re.compile(f"[{SPACES}]{{2,}}|[\u1680\u2000-\u200a\u205f\u3000]")
# Soft hyphens come along from other pages, selectors from keyboards; a text is the same without.
UNASKED = re.compile("[\u00ad\ufe0e\ufe0f]")
# What takes no room or cannot be seen, beyond the categories below: fillers, selectors, blanks.
UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\ufff0-\ufff8\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e0fff]"
)
UNSEEN_KINDS = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}


class RefusalReason(StrEnum):
    """Why staff refuse a proposal; its author is told this word."""

    OFF_TOPIC = "off-topic"
    UNCLEAR = "unclear"
    SEVERAL_IDEAS = "several-ideas"
    DUPLICATE = "duplicate"
    PERSONAL = "personal"  # names a person, or tells about one
    OFFENSIVE = "offensive"
    ADVERTISING = "advertising"
    PARTISAN = "partisan"  # for or against a party or somebody who stands for election
    LEGAL = "legal"  # the law forbids to publish it
    LANGUAGE = "language"  # not in a language of the consultation
    OUT_OF_SCOPE = "out-of-scope"  # nobody of those who are asked could do it
    TEST = "test"
    OTHER = "other"


@dataclass(frozen=True)
class Submission:
    """A proposal with what staff decided on it. `at` is when it came in, if that is known (ms).

    `into` is the published proposal that stands for a duplicate. `down`: it was published, and
    taken from readers again.
    """

    proposal: Proposal
    reason: RefusalReason | None = None
    at: int | None = None
    into: Proposal | None = None
    down: bool = False


@dataclass(frozen=True)
class Draft:
    """A reader's proposal that keeps all the rules."""

    text: str
    language: str
    author: str | None = None
    age: Band | None = None

    def numbered(self, number: int) -> Proposal:
        """Return it as the proposal `number`, which waits for staff."""
        return Proposal(
            number, self.text, self.language, self.author, self.age, ProposalState.PENDING
        )


def draft(
    consultation: Consultation, text: str, name: str | None = None, age: str | None = None
) -> Draft:
    """Return what is kept of a proposal; raise `WordingRefused` with everything wrong in it.

    `age` is one of `ages.CHOICES`. Of a child neither name nor age is kept: from 15 on a person
    agrees alone to what is kept of them (France).
    """
    text, name = _tidy(text[:LOOKED_AT]), _tidy((name or "")[:LOOKED_AT])
    wrong = _of_text(text, consultation.prefix) or _of_language(text, consultation)
    found = [("text", one) for one in wrong]
    found += [("name", one) for one in _of_name(name)]
    if age and age not in CHOICES:
        found.append(("age", Objection("unknown", f"must be one of: {', '.join(CHOICES)}.")))
    _demand(found)
    if age == CHILD:
        return Draft(text, consultation.language)
    return Draft(text, consultation.language, name or None, Band(age) if age else None)


def worded(consultation: Consultation, text: str) -> str:
    """Return a text as staff mend it: of its language they have decided themselves."""
    text = _tidy(text[:LOOKED_AT])
    _demand([("text", one) for one in _of_text(text, consultation.prefix)])
    return text


def sentence(prefix: str | None, typed: str) -> str:
    """Return the whole of a text typed behind a prefix, which many write once more."""
    typed = typed.strip()
    if not prefix:
        return typed
    again = re.match(re.escape(french(prefix)) + r"(?!\w)", french(typed), re.IGNORECASE)
    return prefix + typed[len(prefix) :] if again else f"{prefix} {typed}"


def _demand(found: list[tuple[str, Objection]]) -> None:
    if found:
        raise WordingRefused(
            [{"field": field, "code": one.code, "message": one.message} for field, one in found]
        )


def _tidy(text: str) -> str:
    """Return it composed, with single spaces, and without what a keyboard adds unseen."""
    return tidy(RUN.sub(" ", tidy(UNASKED.sub("", text))))


def _of_text(text: str, prefix: str | None) -> list[Objection]:
    found = proposal_objections(text, prefix)
    codes = {objection.code for objection in found}
    if "odd-characters" not in codes and _unseen(text):
        found.append(_odd("must not hold characters that cannot be seen."))
    # Letters of double width and the like read as others: look behind them.
    if "link" not in codes and LINK.search(
        unicodedata.normalize("NFKC", text[: PROPOSAL_LENGTH[1]])
    ):
        found.append(Objection("link", "must not hold a link or an address."))
    return found


def _of_language(text: str, consultation: Consultation) -> list[Objection]:
    """Object only where there is no doubt; the rest is for moderators to see."""
    if not is_other(text, consultation.language, consultation.prefix):
        return []
    return [Objection("language", "must be in the language of the consultation.")]


def _of_name(name: str) -> list[Objection]:
    found = []
    if len(name) > NAME_LENGTH:
        found.append(Objection("too-long", f"must have at most {NAME_LENGTH} characters."))
    parts = JOINTS.split(name) if name else []
    if _unseen(name) or not all(map(_is_word, parts)):
        found.append(_odd("must be a first name: letters, hyphens, apostrophes, single spaces."))
    return found


def _is_word(part: str) -> bool:
    kinds = [unicodedata.category(c)[0] for c in part]
    return kinds[:1] == ["L"] and set(kinds) <= {"L", "M"}


def _unseen(text: str) -> bool:
    """Whether it holds what nobody sees, or so many marks that they cover the lines around."""
    kinds = [unicodedata.category(c) for c in text]
    marks = "".join(kind[0] for kind in kinds)
    return bool(
        UNSEEN.search(text) or UNSEEN_KINDS.intersection(kinds) or "M" * (MARKS + 1) in marks
    )


def _odd(message: str) -> Objection:
    return Objection("odd-characters", message)
