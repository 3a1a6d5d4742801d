"""Moderation: what staff may decide on a proposal, and what is kept of each act."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha1, sha256
from hmac import digest

from server.consultations.consultation import Consultation
from server.consultations.proposing import RefusalReason, worded

HOLD = 10_000  # milliseconds in which a decision can be undone, before anybody sees it
OPERATOR = "operator"  # who acts by the command line
TELLER = "teller"  # who lets decisions take effect, and merges come to nothing
VERSION_LENGTH = 12  # hexadecimal digits; enough to tell the few texts of one proposal apart
SAMPLED = 0.05  # the share of decisions that a second moderator judges, without seeing the first
MOST_NOTE = 500  # characters
MOST_LABELS = 12
LABEL_LENGTH = 30  # characters


class Act(StrEnum):
    """What staff do to a proposal; each leaves a line in the consultation's trail."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    MERGE = "merge"
    POSTPONE = "postpone"
    UNDO = "undo"
    TAG = "tag"
    TAKE_DOWN = "take-down"
    PUT_BACK = "put-back"
    SECOND = "second"  # the judgement of a second moderator, which changes nothing


@dataclass(frozen=True)
class Verdict:
    """A decision on one proposal.

    `version` is of the proposal as it was read; without one it is decided as it is by now. `text`
    is the accepted text with its spelling mended, `into` the proposal that says the same already,
    `until` the instant to which it is postponed (ms), `note` a word for colleagues about that.
    """

    proposal: int
    act: Act
    version: str | None = None
    reason: RefusalReason | None = None
    text: str | None = None
    into: int | None = None
    until: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Decision:
    """What was decided on a proposal: by whom and when (ms). `due` is set while it can be undone.

    `id` is of the act, the same for all that it decided at once; an undo names it.
    """

    proposal: int
    act: Act
    by: str
    at: int
    version: str = ""
    reason: RefusalReason | None = None
    into: int | None = None
    edited: bool = False
    due: int | None = None
    id: str = ""


@dataclass(frozen=True)
class Entry:
    """One line of the trail. It never holds a text, so that forgetting an author ends theirs."""

    proposal: int
    act: Act
    by: str
    at: int
    version: str = ""
    reason: RefusalReason | None = None
    into: int | None = None
    edited: bool = False
    until: int | None = None
    labels: tuple[str, ...] = ()
    verdict: str = ""  # of a second moderator: `accept`, or a reason


@dataclass(frozen=True)
class Former:
    """A text before its spelling was mended, by whom and when (ms)."""

    text: str
    by: str
    at: int


@dataclass(frozen=True)
class Agreement:
    """How often a second moderator judged as the first did, of what the first called `verdict`."""

    verdict: str  # `accept`, or a reason
    judged: int
    agreed: int


def accept(number: int, version: str | None = None, text: str | None = None) -> Verdict:
    """Publish it, with the spelling of `text` if there is one."""
    return Verdict(number, Act.ACCEPT, version, text=text)


def refuse(number: int, reason: RefusalReason, version: str | None = None) -> Verdict:
    """Refuse it; its author is told why."""
    return Verdict(number, Act.REFUSE, version, reason=reason)


def merge(number: int, into: int, version: str | None = None) -> Verdict:
    """Have `into` stand for it: a duplicate, which is served no more, and keeps its ballots."""
    return Verdict(number, Act.MERGE, version, reason=RefusalReason.DUPLICATE, into=into)


def postpone(number: int, until: int, note: str = "", version: str | None = None) -> Verdict:
    """Put it at the end of the queue until an instant (ms)."""
    return Verdict(number, Act.POSTPONE, version, until=until, note=note[:MOST_NOTE].strip())


def merged(kept: int, others: Sequence[int]) -> tuple[Verdict, ...]:
    """Return the one act that settles a group of near-duplicates: one published for all."""
    return (accept(kept), *(merge(number, kept) for number in others if number != kept))


def version_of(stored: str) -> str:
    """Return what stands for a proposal as it is kept: another one as soon as anything changes."""
    return sha1(stored.encode()).hexdigest()[:VERSION_LENGTH]  # noqa: S324 - as the store's scripts


def spelling(consultation: Consultation, text: str) -> str:
    """Return the text of an edit; raise `WordingRefused` unless it keeps the rules of a proposal."""
    return worded(consultation, text)


def is_sampled(key: bytes, consultation: str, proposal: int) -> bool:
    """Whether a second moderator judges it: by a keyed hash, so that nobody chooses."""
    drawn = digest(key, f"sample:{consultation}:{proposal}".encode(), sha256)
    return int.from_bytes(drawn[:8], "big") < SAMPLED * 2**64


def stand_in(prefix: str | None) -> str:
    """Return what stands for a text that was taken from readers; it keeps the rules of a file."""
    return f"{prefix or ''} … (withdrawn)".strip()
